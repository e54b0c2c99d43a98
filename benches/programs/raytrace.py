"""The scene of ../threads/raytrace.py in one thread: small objects, methods, floats."""
import os
import sys

import harness

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, 'threads'))
import raytrace  # noqa: E402  (the program of that name, not this file)


def work(size):
    return sum(raytrace.column(number, size) for number in range(size))


if __name__ == '__main__':
    harness.main('raytrace', 120, work)
