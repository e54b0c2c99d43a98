"""Round trips over a pair of sockets and over TCP, in one process: the cost of a call to the system and what is around
it. Not one of the interpreter's programs: run by name, `run.py --only sockets`."""
import socket

import harness


def pair():
    server = socket.socket()
    server.bind(('127.0.0.1', 0))
    server.listen(1)
    client = socket.create_connection(server.getsockname())
    connection, address = server.accept()
    for end in (client, connection):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server.close()
    return client, connection


def work(size):
    total = 0
    for a, b in (socket.socketpair(), pair()):
        for number in xrange(size):
            a.sendall('ping %d\n' % number)
            total += len(b.recv(100))
            b.send('pong\n')
            total += len(a.recv(100))
        reader = b.makefile('rb')
        buf = bytearray(4096)
        for number in xrange(size // 4):
            a.sendall('a line of text\nanother\n')
            total += len(reader.readline()) + len(reader.readline())
            b.sendall('x' * 4000)
            left = 4000
            while left:
                got = a.recv_into(buf, left)
                left -= got
                total += got
        reader.close()
        a.close()
        b.close()
    for number in xrange(size // 10):
        a, b = socket.socketpair()
        a.close()
        total += len(b.recv(1))
        b.close()
    return total


if __name__ == '__main__':
    harness.main('sockets', 20000, work)
