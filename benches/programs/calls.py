"""Calls of every kind: functions, methods, keywords, defaults, star arguments, closures, properties, class methods."""
import harness


class Base(object):
    def __init__(self, value):
        self._value = value

    def plain(self, a, b):
        return a + b + self._value

    @property
    def value(self):
        return self._value

    @classmethod
    def make(cls, value):
        return cls(value)

    @staticmethod
    def twice(number):
        return number + number

    def template(self, number):
        return self.step(number) + 1

    def step(self, number):
        return number


class Derived(Base):
    def __init__(self, value):
        super(Derived, self).__init__(value)
        self.calls = 0

    def step(self, number):
        self.calls += 1
        return Base.step(self, number) * 2

    def __call__(self, number):
        return number ^ 1

    def __getitem__(self, index):
        return index * 3

    def __len__(self):
        return 7


class Old:
    def method(self, number):
        return number - 1


def with_defaults(a, b=2, c=3):
    return a + b * c


def with_stars(*args, **kwargs):
    return len(args) + len(kwargs)


def adder(amount):
    def add(number):
        return number + amount
    return add


def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def work(size):
    thing = Derived(5)
    old = Old()
    add = adder(3)
    bound = thing.plain
    pair = (4, 5)
    names = {'b': 7}
    total = fibonacci(20)
    for number in xrange(size):
        total += with_defaults(number) + with_defaults(number, c=4)
        total += with_stars(number, *pair) + with_stars(number, k=1, **names)
        total += add(number) + bound(number, 1) + thing.value
        total += thing.template(number) + thing(number) + thing[number & 15] + len(thing)
        total += old.method(number) + Base.twice(number)
        if number % 8 == 0:
            total += Derived.make(number).value
        total += max(number, 10) + abs(-number)
    return '%d/%d' % (total, thing.calls)


if __name__ == '__main__':
    harness.main('calls', 90000, work)
