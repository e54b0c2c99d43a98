"""Long integers as text and back."""
import shared


def work(size):
    total = 0
    for number in xrange(1, size):
        text = str(3 ** number)
        total += len(text) + int(text) % 1000
    large = 7 ** (size * 3)
    total += len(str(large)) + len('%x' % large) + int(str(large)) % 1000007
    return total


if __name__ == '__main__':
    import harness
    harness.main('long_print', 1500, work, harness.user_time)
