"""Tiling a board with the twelve pentominoes by backtracking over frozensets and bit masks: integers, recursion."""
import harness

SHAPES = {
    'F': [(0, 1), (1, 0), (1, 1), (1, 2), (2, 2)], 'I': [(0, 0), (0, 1), (0, 2), (0, 3), (0, 4)],
    'L': [(0, 0), (0, 1), (0, 2), (0, 3), (1, 3)], 'N': [(0, 0), (0, 1), (1, 1), (1, 2), (1, 3)],
    'P': [(0, 0), (0, 1), (1, 0), (1, 1), (0, 2)], 'T': [(0, 0), (1, 0), (2, 0), (1, 1), (1, 2)],
    'U': [(0, 0), (2, 0), (0, 1), (1, 1), (2, 1)], 'V': [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2)],
    'W': [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2)], 'X': [(1, 0), (0, 1), (1, 1), (2, 1), (1, 2)],
    'Y': [(0, 0), (0, 1), (0, 2), (0, 3), (1, 1)], 'Z': [(0, 0), (1, 0), (1, 1), (1, 2), (2, 2)],
}
WIDTH, HEIGHT = 15, 4


def turned(cells):
    """The shape in all its positions, as sets of cells that begin at the origin."""
    result = set()
    for flip in range(2):
        for turn in range(4):
            cells = [(y, -x) for x, y in cells]
            left = min(x for x, y in cells)
            top = min(y for x, y in cells)
            result.add(frozenset((x - left, y - top) for x, y in cells))
        cells = [(-x, y) for x, y in cells]
    return result


def placements():
    """For each shape and each cell the masks whose first cell (by column, then row) is that one."""
    table = {}
    for name, cells in SHAPES.items():
        by_first = [[] for place in range(WIDTH * HEIGHT)]
        for shape in turned(cells):
            for dx in range(WIDTH):
                for dy in range(HEIGHT):
                    places = sorted((x + dx) * HEIGHT + y + dy for x, y in shape)
                    if all(x + dx < WIDTH and y + dy < HEIGHT for x, y in shape):
                        by_first[places[0]].append(sum(1 << place for place in places))
        table[name] = [sorted(masks) for masks in by_first]
    return table


class Search(object):
    def __init__(self, limit):
        self.table = placements()
        self.full = (1 << WIDTH * HEIGHT) - 1
        self.limit = limit
        self.nodes = 0
        self.solutions = 0

    def go(self, board, left):
        if board == self.full:
            self.solutions += 1
            return
        first = 0
        while board >> first & 1:
            first += 1
        for at, name in enumerate(left):
            for mask in self.table[name][first]:
                if not board & mask:
                    self.nodes += 1
                    if self.nodes >= self.limit:
                        return
                    self.go(board | mask, left[:at] + left[at + 1:])


def work(size):
    search = Search(size)
    search.go(0, ''.join(sorted(SHAPES)))
    return '%d/%d' % (search.nodes, search.solutions)


if __name__ == '__main__':
    harness.main('exact_cover', 60000, work)
