"""A ray tracer over three spheres above a chequered plane; the threads take the picture column by column."""
import math

import harness


class Vector(object):
    __slots__ = ('x', 'y', 'z')

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def unit(self):
        return self * (1.0 / math.sqrt(self.dot(self)))

    def mirrored(self, normal):
        return self - normal * (2.0 * self.dot(normal))


class Sphere(object):
    def __init__(self, centre, radius, colour, shine):
        self.centre = centre
        self.square = radius * radius
        self.colour = colour
        self.shine = shine

    def hit(self, origin, direction):
        to_centre = self.centre - origin
        along = to_centre.dot(direction)
        inside = self.square - to_centre.dot(to_centre) + along * along
        if inside < 0.0:
            return None
        half = math.sqrt(inside)
        if along - half > 1e-6:
            return along - half
        if along + half > 1e-6:
            return along + half
        return None

    def normal(self, at):
        return (at - self.centre).unit()

    def colour_at(self, at):
        return self.colour


class Plane(object):
    shine = 0.15

    def __init__(self, height):
        self.height = height

    def hit(self, origin, direction):
        if abs(direction.y) < 1e-9:
            return None
        distance = (self.height - origin.y) / direction.y
        return distance if distance > 1e-6 else None

    def normal(self, at):
        return UP

    def colour_at(self, at):
        if (int(math.floor(at.x)) + int(math.floor(at.z))) % 2:
            return WHITE
        return GREY


UP = Vector(0.0, 1.0, 0.0)
WHITE = Vector(1.0, 1.0, 1.0)
GREY = Vector(0.2, 0.2, 0.2)
SKY = Vector(0.5, 0.7, 1.0)
BLACK = Vector(0.0, 0.0, 0.0)
LIGHT = Vector(-0.6, 1.0, -0.5).unit()
EYE = Vector(0.0, 1.2, -5.0)

SCENE = [
    Sphere(Vector(-1.6, 0.8, 0.5), 0.8, Vector(0.9, 0.2, 0.2), 0.3),
    Sphere(Vector(0.0, 1.0, 1.5), 1.0, Vector(0.2, 0.9, 0.3), 0.5),
    Sphere(Vector(1.5, 0.6, 0.0), 0.6, Vector(0.3, 0.3, 0.9), 0.2),
    Plane(0.0),
]


def nearest(origin, direction):
    best = None
    thing = None
    for candidate in SCENE:
        distance = candidate.hit(origin, direction)
        if distance is not None and (best is None or distance < best):
            best = distance
            thing = candidate
    return thing, best


def trace(origin, direction, depth):
    thing, distance = nearest(origin, direction)
    if thing is None:
        return SKY
    at = origin + direction * distance
    normal = thing.normal(at)
    bright = 0.15
    towards = normal.dot(LIGHT)
    if towards > 0.0 and nearest(at, LIGHT)[0] is None:
        bright += 0.85 * towards
    colour = thing.colour_at(at) * bright
    if depth and thing.shine:
        other = trace(at, direction.mirrored(normal), depth - 1)
        colour = colour * (1.0 - thing.shine) + other * thing.shine
    return colour


def column(number, size):
    total = 0
    x = 2.0 * number / size - 1.0
    for row in range(size):
        y = 1.0 - 2.0 * row / size
        colour = trace(EYE, Vector(x, y, 2.0).unit(), 3)
        total += int(colour.x * 255) + int(colour.y * 255) + int(colour.z * 255)
    return total


def work(threads, size):
    todo = list(range(size))

    def body(index):
        total = 0
        while True:
            try:
                number = todo.pop()
            except IndexError:
                return total
            total += column(number, size)
    return sum(harness.run_threads(threads, body))


if __name__ == '__main__':
    harness.main('raytrace', 160, work)
