"""What the stress programs share: arguments, random numbers by seed, running bodies in threads.

Each program is called as PROGRAM [THREADS [SEED [STEPS]]], checks its own invariants, prints one line, and exits with 1
and a message when an invariant fails."""
import random
import sys
import threading
import time
import traceback

try:
    from pypystm import atomic, hint_commit_soon
except ImportError:
    # Elsewhere a re-entrant lock does: the programs then check themselves.
    atomic = threading.RLock()

    def hint_commit_soon():
        pass


def argument(index, default):
    return int(sys.argv[index]) if len(sys.argv) > index else default


THREADS = argument(1, 4)
SEED = argument(2, int(time.time() * 1000) & 0xffffff)
STEPS = argument(3, 2000)
failures = []


def generator(index):
    """Random numbers of one thread: the same for the same seed."""
    return random.Random(SEED * 1000 + index)


def check(condition, *message):
    if not condition:
        raise AssertionError(' '.join(map(str, message)))


def together(body, count=None):
    """Runs body(index, random) in `count` threads at once and waits for all."""
    count = THREADS if count is None else count
    gate = threading.Event()

    def run(index):
        try:
            gate.wait()
            body(index, generator(index))
        except:
            failures.append(traceback.format_exc())

    threads = [threading.Thread(target=run, args=(index,)) for index in xrange(count)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()


def finish():
    name = sys.argv[0].rsplit('/', 1)[-1]
    if failures:
        print '%s FAILED with %d threads, seed %d, %d steps' % (name, THREADS, SEED, STEPS)
        for text in failures[:3]:
            print text
        sys.stdout.flush()
        sys.exit(1)
    print '%s passed with %d threads, seed %d, %d steps' % (name, THREADS, SEED, STEPS)
