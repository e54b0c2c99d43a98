"""Sorting ints, floats, strings and tuples; in order, nearly in order, and by keys."""
import shared


def work(size):
    random = shared.harness.Random(5)
    ints = [random.below(1 << 30) for number in xrange(size)]
    total = 0
    for values in (ints, [number / 7.0 for number in ints], [str(number) for number in ints],
                   [(number % 100, number) for number in ints]):
        ordered = sorted(values)
        total += sorted(values, reverse=True) == ordered[::-1]
        ordered[size // 2], ordered[size // 3] = ordered[size // 3], ordered[size // 2]
        ordered.sort()
        total += ordered == sorted(ordered)
    total += len(sorted(ints, key=lambda number: number & 0xffff))
    return total


if __name__ == '__main__':
    import harness
    harness.main('list_sort', 30000, work, harness.user_time)
