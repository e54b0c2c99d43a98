"""Splitting texts into lines and words, stripping these."""
import shared

TEXT = {}


def work(size):
    if size not in TEXT:
        TEXT[size] = shared.text(size)
    total = 0
    for turn in xrange(6):
        for line in TEXT[size].splitlines():
            words = line.strip().split()
            total += len(words) + len(line.split(' ')) + len(line.partition(' ')[2])
            total += sum(1 for word in words if word.startswith('w') or word.endswith('s'))
    return total


if __name__ == '__main__':
    import harness
    harness.main('str_split', 60000, work, harness.user_time)
