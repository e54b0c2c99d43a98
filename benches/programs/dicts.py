"""Dicts and sets in every use: counting, grouping, memo tables with tuples, updates, iteration, attribute-like names."""
import harness


def count_words(random, size):
    names = ['name%d' % number for number in range(500)]
    counts = {}
    for step in xrange(size):
        name = names[random.below(500)]
        counts[name] = counts.get(name, 0) + 1
    groups = {}
    for name, count in counts.iteritems():
        groups.setdefault(count % 10, []).append(name)
    return sum(len(group) * key for key, group in groups.items())


def paths(rows, columns):
    memo = {}

    def walk(row, column):
        if row == 0 or column == 0:
            return 1
        key = (row, column)
        if key not in memo:
            memo[key] = (walk(row - 1, column) + walk(row, column - 1)) % 1000003
        return memo[key]
    return walk(rows, columns)


def integers(random, size):
    table = {}
    for step in xrange(size):
        key = random.below(4096)
        if key in table:
            del table[key]
        else:
            table[key] = step
    return len(table), sum(table)


def sets(random, size):
    total = 0
    for step in xrange(size // 100):
        first = set(random.below(200) for number in xrange(30))
        second = set(random.below(200) for number in xrange(30))
        total += len(first & second) + len(first | second) * 3 + len(first - second)
    return total


def work(size):
    random = harness.Random(3)
    number, keys = integers(random, size)
    return '%d/%d/%d/%d/%d' % (count_words(random, size), paths(60, 60), number, keys, sets(random, size))


if __name__ == '__main__':
    harness.main('dicts', 400000, work)
