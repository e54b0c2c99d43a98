"""A blocking native that calls Python before it blocks: the Python code may end the transaction."""
import select
import socket
import threading
import time

a, b = socket.socketpair()
stop = []


class Slow(object):
    """Its descriptor takes a while to tell."""

    def fileno(self):
        # The other thread wants this list and has it handed over in the middle of the loop.
        counts[0] += 1
        total = 0
        for i in xrange(20000):
            total += i
        return a.fileno()


def other():
    end = time.time() + 2
    while time.time() < end:
        counts[0] += 1
    b.send('x')
    stop.append(True)


counts = [0]


class Runner(object):
    """Called from native code, so that its loop is a nested one."""

    def __call__(self, _):
        waits = 0
        while not select.select([Slow()], [], [], 0)[0]:
            waits += 1
        # And once more while the other thread ends, after which this one runs alone.
        while t.isAlive() or waits % 100:
            assert select.select([Slow()], [], [], 0)[0]
            waits += 1
        return waits


t = threading.Thread(target=other)
t.start()
waits, = map(Runner(), [None])
t.join()
assert stop == [True] and waits > 0 and a.recv(1) == 'x'
