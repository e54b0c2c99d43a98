"""Multiplying, dividing and raising long integers of some and of many digits."""
import shared


def work(size):
    total = 0
    small = 3 ** 100
    for number in xrange(size * 100):
        total ^= (small + number) * (small - number) // 7
    large = 7 ** (size * 10)
    other = 11 ** (size * 8)
    for number in xrange(20):
        total ^= large * other + number
        total ^= large * large % other
    total ^= pow(5, 3 ** 200, 2 ** 521 - 1)
    return total % 1000000007


if __name__ == '__main__':
    import harness
    harness.main('long_multiply', 600, work, harness.user_time)
