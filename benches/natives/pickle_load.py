"""Records and instances from cPickle."""
import cPickle

import shared


class Point(object):
    def __init__(self, x, y):
        self.x = x
        self.y = y


PICKLES = {}


def work(size):
    if size not in PICKLES:
        data = shared.records(size)
        points = [Point(number, -number) for number in xrange(size)]
        PICKLES[size] = [cPickle.dumps(data, protocol) for protocol in (0, 1, 2)] + [cPickle.dumps(points, 2)]
    total = 0
    for turn in xrange(4):
        for pickle in PICKLES[size]:
            total += len(cPickle.loads(pickle))
    return total


if __name__ == '__main__':
    import harness
    harness.main('pickle_load', 1500, work, harness.user_time)
