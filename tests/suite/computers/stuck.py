# /// lab
# title = "Two computers that wait for each other"
# computers = "node1"
# ///
import socket

# Both wait to be asked, nobody asks.
server = socket.create_server(('', 7000))
server.accept()
