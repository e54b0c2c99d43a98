"""Points with float attributes: made, normalised, folded into a maximum."""
import math

import harness


class Point(object):
    __slots__ = ('x', 'y', 'z')

    def __init__(self, number):
        self.x = x = math.sin(number)
        self.y = math.cos(number) * 3.0
        self.z = x * x / 2.0

    def normalize(self):
        norm = math.sqrt(self.x * self.x + self.y * self.y + self.z * self.z)
        self.x /= norm
        self.y /= norm
        self.z /= norm

    def maximize(self, other):
        self.x = self.x if self.x > other.x else other.x
        self.y = self.y if self.y > other.y else other.y
        self.z = self.z if self.z > other.z else other.z
        return self


def work(size):
    points = [Point(number) for number in xrange(size)]
    for point in points:
        point.normalize()
    best = points[0]
    for point in points[1:]:
        best = best.maximize(point)
    return '%.9f/%.9f/%.9f' % (best.x, best.y, best.z)


if __name__ == '__main__':
    harness.main('floats', 150000, work)
