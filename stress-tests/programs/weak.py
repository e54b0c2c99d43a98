"""Weak references: never to something dead, callbacks once per death, weak dictionaries stay consistent."""
from common import *
import gc
import threading
import weakref


class Thing(object):
    def __init__(self, n):
        self.n = n


strong = [Thing(n) for n in range(32)]
cache = weakref.WeakValueDictionary()
known = weakref.WeakKeyDictionary()
died = []
made = [0] * THREADS
kept = []


def body(index, random):
    mine = []
    for step in xrange(STEPS // 4):
        n = random.randrange(32)
        thing = strong[n]
        first, second = weakref.ref(thing), weakref.ref(thing)
        check(first() is thing and first == second, 'reference')
        check(first().n == n, 'content')
        known[thing] = index
        check(known.get(thing) is not None, 'key')
        found = cache.get(n)
        if found is None:
            found = cache.setdefault(n, Thing(n))
        check(found.n == n, 'cached')
        fresh = Thing(step)
        made[index] += 1
        kept.append(weakref.ref(fresh, lambda ref: died.append(1)))
        mine.append(fresh)
        if len(mine) > 10:
            del mine[:5]
        if step % 100 == 50 and index == 0:
            gc.collect()
    del mine[:]


together(body)
for attempt in range(5):
    gc.collect()
alive = sum(1 for ref in kept if ref() is not None)
check(alive + len(died) == sum(made), 'callbacks', alive, len(died), sum(made))
check(alive <= 2 * THREADS + 10, 'still alive:', alive)
finish()
