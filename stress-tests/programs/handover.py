"""Queues: nothing lost, nothing doubled, the order of each producer kept."""
from common import *
import Queue
import threading

queue = Queue.Queue(7)
results = Queue.Queue()
consumers = max(1, THREADS // 2)
producers = max(1, THREADS - consumers)
count = max(20, STEPS // 10)
left = [producers]
lock = threading.Lock()


def body(index, random):
    if index < producers:
        for number in xrange(count):
            queue.put((index, number))
        with lock:
            left[0] -= 1
            last = left[0] == 0
        if last:
            for number in xrange(consumers):
                queue.put(None)
        return
    mine = []
    while True:
        item = queue.get()
        if item is None:
            break
        mine.append(item)
    results.put(mine)


together(body, producers + consumers)
lists = [results.get() for number in xrange(consumers)]
for mine in lists:
    for producer in range(producers):
        numbers = [number for owner, number in mine if owner == producer]
        check(numbers == sorted(numbers), 'order')
check(sorted(sum(lists, [])) == [(p, n) for p in range(producers) for n in range(count)], 'items')
finish()
