"""Threads that start and end all the time, with local data, also from atomic blocks and from each other."""
from common import *
import thread
import threading

local = threading.local()
ended = []
started = [0]
guard = threading.Lock()


class Counted(threading.local):
    def __init__(self, start):
        self.n = start


counted = Counted(5)


def child(depth, parent):
    check(not hasattr(local, 'parent'), 'local data of another thread')
    local.parent = parent
    counted.n += depth
    check(counted.n == 5 + depth, 'local init')
    if depth:
        spawn(depth - 1)
    check(local.parent == parent, 'local data changed')
    with guard:
        ended.append(depth)


def run(depth, parent):
    try:
        child(depth, parent)
    except:
        import traceback
        failures.append(traceback.format_exc())
        with guard:
            ended.append(-1)


def spawn(depth):
    with atomic:
        thread.start_new_thread(run, (depth, thread.get_ident()))
        started[0] += 1


def body(index, random):
    for step in xrange(max(2, STEPS // 200)):
        spawn(random.randrange(4))
        other = threading.Thread(target=lambda: setattr(local, 'x', 1))
        other.start()
        other.join()


together(body)
deadline = time.time() + 60
while len(ended) < started[0] and time.time() < deadline:
    time.sleep(0.001)
check(len(ended) == started[0], 'threads', len(ended), started[0])
finish()
