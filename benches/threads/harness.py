"""What every thread benchmark shares: the atomic block, the threads, the rounds, the line that is printed.

    prog.py [THREADS [SIZE [ROUNDS]]]

A program does the same total work whatever the number of threads. It prints one line:

    NAME threads=T size=S rounds=0.412,0.398,0.401 checksum=...

where the rounds are seconds, the first (cold) round left out. The checksum depends on the size only.
"""
import sys
import threading
import time

try:
    from pypystm import atomic
except ImportError:
    # Any other Python: one lock for all atomic blocks.
    atomic = threading.RLock()


def run_threads(count, target):
    """Calls target(index) in `count` threads at once; gives back what they returned, in order."""
    results = [None] * count
    failures = []

    def body(index):
        try:
            results[index] = target(index)
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=body, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return results


def share(total, count, index):
    """The half-open range of `total` pieces of work that belongs to thread `index` of `count`."""
    return total * index // count, total * (index + 1) // count


class Random(object):
    """A small linear generator: the same numbers on every Python, and cheap."""

    def __init__(self, seed):
        self.state = (seed * 7919 + 12345) & 0x7fffffff

    def below(self, limit):
        self.state = state = (self.state * 1103515245 + 12345) & 0x7fffffff
        return (state >> 8) % limit


def main(name, default_size, work):
    """work(threads, size) -> checksum, called once per round."""
    arguments = [int(word) for word in sys.argv[1:]]
    threads = arguments[0] if arguments else 1
    size = arguments[1] if len(arguments) > 1 else default_size
    rounds = arguments[2] if len(arguments) > 2 else 3
    times = []
    checksum = None
    for number in range(rounds + 1):
        start = time.time()
        result = work(threads, size)
        elapsed = time.time() - start
        if checksum is not None and result != checksum:
            raise AssertionError('round %d gave %r, not %r' % (number, result, checksum))
        checksum = result
        if number or not rounds:
            times.append(elapsed)
    print('%s threads=%d size=%d rounds=%s checksum=%s' % (
        name, threads, size, ','.join('%.4f' % t for t in times), checksum))
