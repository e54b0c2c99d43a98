"""Short messages there and back through a pair of sockets."""
import socket

import shared


def work(size):
    here, there = socket.socketpair()
    total = 0
    try:
        for number in xrange(size):
            here.sendall('ping %d' % number)
            message = there.recv(100)
            there.sendall(message)
            total += len(here.recv(100))
    finally:
        here.close()
        there.close()
    return total


if __name__ == '__main__':
    import harness
    harness.main('socket_rounds', 40000, work, harness.user_time)
