"""All ways to set SIZE queens on a board, by generators over permutations: generators, sets, tuples."""
import harness


def permutations(items):
    if len(items) <= 1:
        yield items
        return
    for at in range(len(items)):
        for rest in permutations(items[:at] + items[at + 1:]):
            yield items[at:at + 1] + rest


def work(size):
    columns = range(size)
    count = 0
    for queens in permutations(tuple(columns)):
        if size == len(set(queens[at] + at for at in columns)) == len(set(queens[at] - at for at in columns)):
            count += 1
    return count


if __name__ == '__main__':
    harness.main('nqueens', 8, work)
