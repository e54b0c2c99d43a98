"""Counters under locks, re-entrant locks, conditions and semaphores, and in atomic blocks: no update is lost."""
from common import *
import threading

locked = [0]
reentrant = [0]
atomically = [0]
turns = []
inside = [0]
lock = threading.Lock()
rlock = threading.RLock()
condition = threading.Condition()
semaphore = threading.Semaphore(2)


class Shared(object):
    value = 0


shared = Shared()


def body(index, random):
    for step in xrange(STEPS):
        with lock:
            locked[0] += 1
        with atomic:
            atomically[0] += 1
            shared.value += 1
        if step % 4 == 0:
            with rlock:
                with rlock:
                    reentrant[0] += 1
        if step % 16 == 0:
            with semaphore:
                with atomic:
                    inside[0] += 1
                    check(inside[0] <= 2, 'semaphore', inside[0])
                with atomic:
                    inside[0] -= 1
    for turn in xrange(min(20, STEPS)):
        with condition:
            while len(turns) % THREADS != index:
                condition.wait()
            turns.append(index)
            condition.notifyAll()


together(body)
total = THREADS * STEPS
check(locked[0] == total, 'lock', locked[0], total)
check(atomically[0] == shared.value == total, 'atomic', atomically[0], shared.value, total)
check(reentrant[0] == THREADS * ((STEPS + 3) // 4), 'rlock', reentrant[0])
check(turns == range(THREADS) * min(20, STEPS), 'condition')
finish()
