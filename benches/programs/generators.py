"""Generators as pipelines, as tree walks and as coroutines that are sent values."""
import harness


class Tree(object):
    def __init__(self, low, high):
        middle = (low + high) // 2
        self.value = middle
        self.left = Tree(low, middle) if low < middle else None
        self.right = Tree(middle + 1, high) if middle + 1 < high else None

    def __iter__(self):
        if self.left is not None:
            for value in self.left:
                yield value
        yield self.value
        if self.right is not None:
            for value in self.right:
                yield value


def numbers(limit):
    number = 0
    while number < limit:
        yield number
        number += 1


def odd(source):
    for number in source:
        if number & 1:
            yield number


def squared(source):
    return (number * number for number in source)


def averager():
    total = 0
    count = 0
    value = yield None
    while True:
        total += value
        count += 1
        value = yield total // count


def work(size):
    total = sum(squared(odd(numbers(size)))) % 1000003
    tree = Tree(0, size // 20)
    for walk in range(3):
        total += sum(tree)
    mean = averager()
    mean.next()
    for number in xrange(size // 2):
        total += mean.send(number)
    return total


if __name__ == '__main__':
    harness.main('generators', 600000, work)
