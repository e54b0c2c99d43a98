"""__del__: once for each object that lived, never for one that an aborted attempt made."""
from common import *
import gc

born = [0] * THREADS
buried = []


class Mortal(object):
    def __init__(self, owner):
        self.owner = owner

    def __del__(self):
        buried.append(self.owner)


def body(index, random):
    keep = []
    for step in xrange(STEPS // 4):
        if random.randrange(2):
            with atomic:
                keep.append(Mortal(index))
                born[index] += 1
        else:
            keep.append(Mortal(index))
            born[index] += 1
        if len(keep) > 5:
            del keep[:random.randrange(5)]
        if step % 150 == 100 and index == 0:
            gc.collect()
    del keep[:]


together(body)
for attempt in range(5):
    gc.collect()
for index in range(THREADS):
    count = buried.count(index)
    check(count <= born[index], 'buried more than were born', count, born[index])
check(len(buried) >= sum(born) - 3 * THREADS - 10, 'not buried', len(buried), sum(born))
finish()
