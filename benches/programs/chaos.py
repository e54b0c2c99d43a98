"""The chaos game on a B-spline: small objects with operators, and random choices."""
import math

import harness


class Point(object):
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return Point(self.x - other.x, self.y - other.y)

    def __mul__(self, factor):
        return Point(self.x * factor, self.y * factor)

    def length(self):
        return math.sqrt(self.x * self.x + self.y * self.y)

    def between(self, other, part):
        return self * (1.0 - part) + other * part


class Spline(object):
    def __init__(self, points, degree):
        self.points = points
        self.degree = degree
        inner = len(points) - degree
        self.knots = [0] * degree + list(range(inner + 1)) + [inner] * degree

    def domain(self):
        return self.knots[self.degree], self.knots[len(self.points)]

    def __call__(self, u):
        """De Boor's algorithm."""
        low, high = self.domain()
        span = self.degree
        while span < len(self.points) - 1 and self.knots[span + 1] <= u:
            span += 1
        points = [self.points[span - self.degree + at] for at in range(self.degree + 1)]
        for level in range(1, self.degree + 1):
            for at in range(self.degree, level - 1, -1):
                left = self.knots[at + span - self.degree]
                right = self.knots[at + 1 + span - level]
                part = (u - left) / float(right - left) if right != left else 0.0
                points[at] = points[at - 1].between(points[at], part)
        return points[self.degree]


SPLINES = [
    Spline([Point(1.60, 0.30), Point(1.90, 0.34), Point(1.96, 1.48), Point(1.85, 2.40), Point(1.66, 2.75)], 3),
    Spline([Point(0.35, 2.50), Point(0.98, 2.80), Point(1.40, 2.70), Point(2.10, 2.62), Point(2.83, 2.48)], 3),
    Spline([Point(0.50, 0.60), Point(1.10, 0.92), Point(1.61, 1.35), Point(2.35, 0.65), Point(2.71, 0.51)], 2),
]


def work(size):
    random = harness.Random(42)
    side = 200
    grid = [[0] * side for row in range(side)]
    point = Point(1.5, 1.5)
    for step in xrange(size):
        spline = SPLINES[random.below(len(SPLINES))]
        low, high = spline.domain()
        u = low + (high - low) * (point.length() % 1.0)
        ahead = spline(min(u + 0.05, high))
        here = spline(u)
        along = ahead - here
        length = along.length() or 1.0
        across = Point(-along.y / length, along.x / length)
        point = here + across * ((random.below(1000) / 1000.0 - 0.5) * 0.4)
        x = int(point.x / 3.2 * side)
        y = int(point.y / 3.2 * side)
        if 0 <= x < side and 0 <= y < side:
            grid[y][x] += 1
    return sum(1 for row in grid for cell in row if cell)


if __name__ == '__main__':
    harness.main('chaos', 12000, work)
