"""At the end, a thread that waits for the other end of a dropped connection is not waited for in vain."""
import socket
import threading


def reader(s):
    while s.recv(10):
        pass
    s.close()


def connect():
    a, b = socket.socketpair()
    threading.Thread(target=reader, args=(b,)).start()
    a.send('x')
    cycle = [a]
    cycle.append(cycle)


for i in range(5):
    connect()
