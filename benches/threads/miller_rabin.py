"""Primality of all numbers below SIZE by Miller and Rabin's test.

Batches of 1000 numbers go to the threads through one queue and the answers come back through another; each
number is tested in one atomic block.
"""
import Queue

import harness

BATCH = 1000


def is_prime(n):
    if n < 2:
        return False
    for small in (2, 3, 5, 7):
        if n % small == 0:
            return n == small
    odd = n - 1
    twos = 0
    while odd % 2 == 0:
        odd //= 2
        twos += 1
    # These witnesses decide every n below 3,215,031,751.
    for witness in (2, 3, 5, 7):
        x = pow(witness, odd, n)
        if x == 1 or x == n - 1:
            continue
        for step in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def work(threads, size):
    batches = Queue.Queue()
    answers = Queue.Queue()
    for first in range(0, size, BATCH):
        batches.put((first, min(first + BATCH, size)))
    for index in range(threads):
        batches.put(None)

    def body(index):
        atomic = harness.atomic
        while True:
            batch = batches.get()
            if batch is None:
                return
            count = 0
            for n in xrange(batch[0], batch[1]):
                with atomic:
                    if is_prime(n):
                        count += 1
            answers.put(count)

    harness.run_threads(threads, body)
    total = 0
    while not answers.empty():
        total += answers.get()
    return total


if __name__ == '__main__':
    harness.main('miller_rabin', 400000, work)
