# Connections, sockets, queues' ends and files on their way through pipes to other processes.
import multiprocessing as mp
import os
import socket
from multiprocessing import reduction


def use(pipe):
    connection = pipe.recv()
    connection.send('by a pipe that came through a pipe')
    connection.close()
    sock = pipe.recv()
    sock.sendall(b'by a socket')
    sock.close()
    fd = reduction.recv_handle(pipe)
    os.write(fd, b'by a descriptor')
    os.close(fd)
    listener = pipe.recv()
    peer, _ = listener.accept()
    peer.sendall(peer.recv(10).upper())
    peer.close()
    listener.close()


if __name__ == '__main__':
    for method in ('fork', 'spawn'):
        context = mp.get_context(method)
        ours, theirs = context.Pipe()
        child = context.Process(target=use, args=(theirs,))
        child.start()
        receive, send = context.Pipe(False)
        ours.send(send)
        print(receive.recv())
        a, b = socket.socketpair()
        ours.send(a)
        print(b.recv(100))
        read, write = os.pipe()
        reduction.send_handle(ours, write, child.pid)
        os.close(write)
        print(os.read(read, 100))
        listener = socket.create_server(('127.0.0.1', 0))
        address = listener.getsockname()
        ours.send(listener)
        with socket.create_connection(address) as client:
            client.sendall(b'quiet')
            print(client.recv(10))
        child.join()
        print(child.exitcode)
        listener.close()
        for sock in (a, b):
            sock.close()
        os.close(read)
    try:
        reduction.ForkingPickler.dumps(ours)
    except RuntimeError as error:
        print(error)
    except Exception as error:
        print(type(error).__name__)
