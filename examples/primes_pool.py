"""Counts primes with a pool of worker threads that are fed through a Queue.

    primes_pool.py [--threads N] [--size LIMIT]

The main thread cuts the numbers below LIMIT into chunks and puts them into one queue; the workers put what they
found into another. This is the pattern of most threaded Python programs; under a global lock it gains nothing.
"""
import optparse
import Queue
import threading
import time

CHUNK = 2000


def is_prime(n):
    if n < 2:
        return False
    if n % 2 == 0:
        return n == 2
    divisor = 3
    while divisor * divisor <= n:
        if n % divisor == 0:
            return False
        divisor += 2
    return True


def worker(tasks, results):
    while True:
        chunk = tasks.get()
        if chunk is None:
            return
        first, last = chunk
        found = [n for n in xrange(first, last) if is_prime(n)]
        results.put((first, len(found), sum(found)))


def count_primes(threads, limit):
    tasks = Queue.Queue()
    results = Queue.Queue()
    pool = [threading.Thread(target=worker, args=(tasks, results)) for number in range(threads)]
    for thread in pool:
        thread.start()
    chunks = 0
    for first in xrange(0, limit, CHUNK):
        tasks.put((first, min(first + CHUNK, limit)))
        chunks += 1
    for thread in pool:
        tasks.put(None)
    count = total = 0
    for number in range(chunks):
        first, found, summed = results.get()
        count += found
        total += summed
    for thread in pool:
        thread.join()
    return count, total


def main():
    parser = optparse.OptionParser(usage='%prog [options]')
    parser.add_option('--threads', type='int', default=2, help='how many workers (default 2)')
    parser.add_option('--size', type='int', default=300000, help='count the primes below this (default 300000)')
    options, arguments = parser.parse_args()
    start = time.time()
    count, total = count_primes(options.threads, options.size)
    elapsed = time.time() - start
    print 'primes below %d: %d' % (options.size, count)
    print 'checksum: %d' % total
    print 'seconds: %.3f with %d threads' % (elapsed, options.threads)


if __name__ == '__main__':
    main()
