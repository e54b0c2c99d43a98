"""Records and instances through cPickle."""
import cPickle

import shared


class Point(object):
    def __init__(self, x, y):
        self.x = x
        self.y = y


def work(size):
    data = shared.records(size)
    points = [Point(number, -number) for number in xrange(size)]
    total = 0
    for turn in xrange(4):
        for protocol in (0, 1, 2):
            total += len(cPickle.loads(cPickle.dumps(len(cPickle.dumps(data, protocol)) > 0)) and data)
        total += len(cPickle.dumps(points, 2)) > 0
    return total


if __name__ == '__main__':
    import harness
    harness.main('pickle_dump', 2000, work, harness.user_time)
