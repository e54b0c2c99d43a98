"""Exceptions out of atomic blocks undo nothing, leave the depth right, and keep their tracebacks."""
from common import *
import traceback

done = [0] * THREADS
total = [0]


class Special(Exception):
    pass


def inner(kind, random):
    with atomic:
        total[0] += 1
        if kind == 0:
            raise Special(total[0])
        if kind == 1:
            [][1]
        if kind == 2:
            {}['absent']
        if kind == 3:
            return 1 // 0


def body(index, random):
    for step in xrange(STEPS // 2):
        kind = random.randrange(5)
        try:
            with atomic:
                done[index] += 1
                inner(kind, random)
            check(kind == 4, 'no exception', kind)
        except Special as error:
            check(kind == 0 and len(error.args) == 1, 'Special')
        except IndexError:
            check(kind == 1, 'IndexError')
        except KeyError:
            check(kind == 2, 'KeyError')
        except ZeroDivisionError:
            check(kind == 3 and 'inner' in traceback.format_exc(), 'ZeroDivisionError')
        try:
            from pypystm import is_atomic
        except ImportError:
            pass
        else:
            check(is_atomic() == 0, 'depth')


together(body)
check(total[0] == sum(done) == THREADS * (STEPS // 2), 'counts', total[0], sum(done))
finish()
