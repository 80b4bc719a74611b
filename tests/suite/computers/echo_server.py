import socket, time
print('worker starts on', socket.gethostname())
time.sleep(0.08)
s = socket.socket()
s.bind(('', 9000))
s.listen()
c, a = s.accept()
print('from', a)
while data := c.recv(100):
    c.sendall(data.upper())
print('bye')
