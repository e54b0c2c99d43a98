"""Nothing is lost: the process does not grow while threads, objects, exceptions, weak references and aborted attempts come and go."""
from common import *
import gc
import os
import thread
import threading
import weakref

shared = [dict((n, [n]) for n in range(50)) for number in range(4)]


class Node(object):
    def __init__(self, other):
        self.other = other
        self.text = 'x' * 100


class Mortal(object):
    def __del__(self):
        pass


def work(random):
    for step in xrange(max(10, STEPS // 20)):
        table = shared[random.randrange(4)]
        with atomic:
            table[random.randrange(50)] = [step, range(10)]
            table.pop(random.randrange(50), None)
        ring = Node(None)
        ring.other = Node(ring)
        weakref.ref(ring, lambda ref: None)
        Mortal()
        try:
            raise ValueError('text %d' % step)
        except ValueError:
            sys.exc_clear()
        local = threading.local()
        local.value = [step]
        '%s' % ('y' * random.randrange(1000)), u'z' * random.randrange(1000), 3 ** random.randrange(500)


def resident():
    with open('/proc/self/statm') as numbers:
        return int(numbers.read().split()[1]) * 4096 // 1024


def one_round(number):
    together(lambda index, random: work(random))
    gc.collect()
    gc.collect()


# How much is resident swings with the moments at which collections happen, and more so where threads wait for a processor. So
# what counts is the least of the later rounds against the most of the earlier ones, and where that looks bad, whether it
# goes on: what leaks, leaks in every round.
def rounds(count):
    sizes = []
    for number in range(count):
        one_round(number)
        sizes.append(resident())
    return sizes


rounds(3)
before = max(rounds(3))
for attempt in range(4):
    after = min(rounds(4))
    limit = 1.5 * before + 16 * 1024
    if after < limit:
        break
check(after < limit, 'grown from', before, 'to', after, 'KB')
finish()
