"""The kernel simulation of ../programs/richards.py, SIZE times; the threads take the runs from one shared list."""
import os
import sys

import harness

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, 'programs'))
import richards  # noqa: E402  (the program of that name, not this file)


def work(threads, size):
    todo = list(range(size))

    def body(index):
        total = 0
        while True:
            try:
                todo.pop()
            except IndexError:
                return total
            total += richards.simulate()
    return sum(harness.run_threads(threads, body))


if __name__ == '__main__':
    harness.main('richards', 12, work)
