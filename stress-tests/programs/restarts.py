"""Everything a restart must put back: locals, operand stacks, generators, blocks, closures, handled exceptions."""
from common import *
import itertools
import sys

shared = {'n': 0}
cell = [0]


def touch():
    """Something for transactions to meet on."""
    shared['n'] = shared['n'] + 0
    cell[0] ^= 1


def numbers(n):
    try:
        for k in xrange(n):
            touch()
            yield k
    finally:
        touch()


def deep(n):
    touch()
    if n == 0:
        return 0
    try:
        return 1 + deep(n - 1)
    finally:
        touch()


def failing(n):
    touch()
    if n == 0:
        raise KeyError(n)
    try:
        failing(n - 1)
    except KeyError:
        touch()
        check(sys.exc_info()[0] is KeyError, 'handled exception')
        raise


def closures(n):
    total = [0]

    def add(k):
        touch()
        total[0] += k
        return total[0]
    return [add(k) for k in xrange(n)]


class Manager(object):
    depth = 0

    def __enter__(self):
        touch()
        self.depth += 1
        return self

    def __exit__(self, *exc):
        touch()
        self.depth -= 1
        return exc[0] is ValueError


class Number(object):
    def __init__(self, n):
        touch()
        self.n = n

    def __add__(self, other):
        touch()
        return Number(self.n + other.n)

    def __cmp__(self, other):
        touch()
        return cmp(self.n, other.n)

    def __hash__(self):
        touch()
        return self.n

    def __getattr__(self, name):
        touch()
        if name == 'half':
            return self.n / 2.0
        raise AttributeError(name)


def once(random):
    n = random.randrange(2, 12)
    check(list(numbers(n)) == range(n), 'generator')
    check(sum(k for k in numbers(n)) == n * (n - 1) // 2, 'sum of a generator')
    check(deep(n) == n, 'recursion')
    try:
        failing(n)
    except KeyError as error:
        check(error.args == (0,), 'exception')
    else:
        check(False, 'no exception')
    check(closures(n) == list(itertools.imap(lambda k: k * (k + 1) // 2, xrange(n))), 'closures')
    manager = Manager()
    with manager:
        with manager as inner:
            check(inner.depth == 2, 'with')
            raise ValueError
        check(manager.depth == 1, 'with after an exception')
    check(manager.depth == 0, 'after with')
    objects = [Number(k) for k in range(n)]
    random.shuffle(objects)
    check([o.n for o in sorted(objects)] == range(n), 'sorted')
    check(sorted(objects, key=lambda o: -o.n)[0].n == n - 1, 'sorted by key')
    check(max(objects).n == n - 1 and min(objects).n == 0, 'max')
    check(reduce(lambda a, b: a + b, objects).n == n * (n - 1) // 2, 'reduce')
    check(dict((o, o.n) for o in objects)[Number(1)] == 1, 'dict of objects')
    check(objects[0].half * 2 == objects[0].n, 'getattr')
    check(map(lambda k: (touch(), k)[1], xrange(n)) == range(n), 'map')
    check(filter(lambda k: touch() or k % 2, xrange(n)) == range(1, n, 2), 'filter')
    check(''.join(str(k) for k in numbers(n)) == ''.join(map(str, range(n))), 'join')
    scope = {'touch': touch, 'n': n}
    exec 'touch(); r = [touch() or k for k in range(n)]; touch()' in scope
    check(scope['r'] == range(n), 'exec')
    a, b, (c, d) = deep(1), deep(2), (deep(3), deep(4))
    check((a, b, c, d) == (1, 2, 3, 4), 'operand stack')
    seen = []
    for k in numbers(5):
        if k == 3:
            break
        try:
            if k == 1:
                continue
            seen.append(k)
        finally:
            touch()
    check(seen == [0, 2], 'loop')


def body(index, random):
    for step in xrange(max(3, STEPS // 40)):
        if random.randrange(3) == 0:
            with atomic:
                once(random)
        else:
            once(random)


together(body)
finish()
