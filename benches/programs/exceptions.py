"""Raising, catching, cleaning up, and the loop protocol's own exceptions."""
import harness


class Refused(Exception):
    def __init__(self, number):
        Exception.__init__(self, number)
        self.number = number


class Worse(Refused):
    pass


class Countdown(object):
    def __init__(self, number):
        self.number = number

    def __iter__(self):
        return self

    def next(self):
        if self.number == 0:
            raise StopIteration
        self.number -= 1
        return self.number


class Guard(object):
    def __init__(self):
        self.left = 0

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        self.left += 1
        return kind is not None and issubclass(kind, Worse)


def check(number):
    if number % 5 == 0:
        raise Worse(number)
    if number % 3 == 0:
        raise Refused(number)
    return number


def deep(depth, number):
    try:
        if depth:
            return deep(depth - 1, number)
        return check(number)
    finally:
        number += 1


def work(size):
    total = 0
    guard = Guard()
    table = {}
    for number in xrange(size):
        try:
            total += deep(number % 6, number)
        except Worse as error:
            total += error.number * 2
        except Refused as error:
            total -= error.args[0]
        else:
            total += 1
        try:
            with guard:
                check(number)
        except Refused:
            total += 3
        try:
            table[number % 100] += 1
        except KeyError:
            table[number % 100] = 0
        if number % 10 == 0:
            total += sum(Countdown(5))
    return '%d/%d' % (total, guard.left)


if __name__ == '__main__':
    harness.main('exceptions', 120000, work)
