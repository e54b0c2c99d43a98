"""Write skew: of two flags at least one stays up, though each transaction reads one and writes the other."""
from common import *

PAIRS = 8
pairs = [[True, True] for number in range(PAIRS)]
rounds = [0]


def body(index, random):
    for step in xrange(STEPS):
        pair = pairs[random.randrange(PAIRS)]
        side = random.randrange(2)
        if random.randrange(3):
            with atomic:
                if pair[1 - side]:
                    pair[side] = False
        else:
            with atomic:
                pair[side] = True
        with atomic:
            check(pair[0] or pair[1], 'both down')


together(body)
finish()
