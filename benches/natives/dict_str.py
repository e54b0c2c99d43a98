"""Dicts with str keys: counting, finding, merging."""
import shared


def work(size):
    words = shared.text(size).split()
    total = 0
    for turn in xrange(6):
        counts = {}
        for word in words:
            counts[word] = counts.get(word, 0) + 1
        other = dict((word + 'x', number) for word, number in counts.iteritems())
        other.update(counts)
        total += sum(1 for word in words if word in other) + len(other)
        total += len(sorted(other))
    return total


if __name__ == '__main__':
    import harness
    harness.main('dict_str', 60000, work, harness.user_time)
