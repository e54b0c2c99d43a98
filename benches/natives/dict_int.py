"""Dicts with int keys: filling, finding, deleting."""
import shared


def work(size):
    total = 0
    for turn in xrange(4):
        table = dict.fromkeys(xrange(0, size * 7, 7), turn)
        table.update(dict((key, key) for key in xrange(0, size * 3, 3)))
        for key in xrange(0, size * 7, 5):
            total += table.get(key, 1)
        for key in xrange(0, size * 3, 6):
            del table[key]
        total += len(table) + sum(table.itervalues())
    return total


if __name__ == '__main__':
    import harness
    harness.main('dict_int', 60000, work, harness.user_time)
