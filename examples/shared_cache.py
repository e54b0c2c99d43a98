"""Threads that share one dict as a cache: who computes a value first leaves it for the others.

    shared_cache.py [--threads N] [--size LIMIT]

Finds the longest Collatz sequence that starts below LIMIT. The cache is a plain dict, read and written by all
threads without a lock, as Python programs have always done it.
"""
import optparse
import threading
import time

CHUNK = 500


def length(start, cache):
    """How many steps from `start` down to 1; leaves every length it learns in the cache."""
    path = []
    n = start
    while n not in cache:
        path.append(n)
        n = n // 2 if n % 2 == 0 else 3 * n + 1
    steps = cache[n]
    while path:
        steps += 1
        n = path.pop()
        if n < 1000000:
            cache[n] = steps
    return steps


def search(threads, limit):
    cache = {1: 0}
    todo = list(range(1, limit, CHUNK))
    best = [(0, 0)] * threads
    sums = [0] * threads

    def worker(index):
        while True:
            try:
                first = todo.pop()
            except IndexError:
                return
            for start in xrange(first, min(first + CHUNK, limit)):
                steps = length(start, cache)
                sums[index] += steps
                best[index] = max(best[index], (steps, -start))

    pool = [threading.Thread(target=worker, args=(index,)) for index in range(threads)]
    for thread in pool:
        thread.start()
    for thread in pool:
        thread.join()
    steps, start = max(best)
    return -start, steps, sum(sums)


def main():
    parser = optparse.OptionParser(usage='%prog [options]')
    parser.add_option('--threads', type='int', default=2, help='how many threads search (default 2)')
    parser.add_option('--size', type='int', default=200000, help='search below this number (default 200000)')
    options, arguments = parser.parse_args()
    begin = time.time()
    start, steps, total = search(options.threads, options.size)
    elapsed = time.time() - begin
    print 'longest below %d: %d takes %d steps' % (options.size, start, steps)
    print 'checksum: %d' % total
    print 'seconds: %.3f with %d threads' % (elapsed, options.threads)


if __name__ == '__main__':
    main()
