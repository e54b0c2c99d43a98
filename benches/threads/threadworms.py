"""Worms of length 5 creep over one grid of 1000 by 1000 cells, a thread each, and never over one another.

The steps are shared by the worms; one atomic block per step. At the end every worm lies on the grid whole.
"""
import harness

SIDE = 1000
LENGTH = 5
MOVES = ((1, 0), (0, 1), (-1, 0), (0, -1))


class Worm(object):
    def __init__(self, number, grid):
        self.number = number
        self.grid = grid
        self.random = harness.Random(number)
        self.body = [(x, number * 7 % SIDE) for x in range(LENGTH)]
        for x, y in self.body:
            grid[y][x] = number
        self.direction = 0

    def step(self):
        """One cell onwards; a worm that is shut in stays where it is."""
        body = self.body
        grid = self.grid
        x, y = body[-1]
        if self.random.below(8) == 0:
            self.direction = self.random.below(4)
        for attempt in xrange(4):
            dx, dy = MOVES[(self.direction + attempt) % 4]
            nx = (x + dx) % SIDE
            ny = (y + dy) % SIDE
            if grid[ny][nx] == 0:
                self.direction = (self.direction + attempt) % 4
                ox, oy = body.pop(0)
                grid[oy][ox] = 0
                grid[ny][nx] = self.number
                body.append((nx, ny))
                return


def work(threads, size):
    grid = [[0] * SIDE for row in range(SIDE)]
    worms = [Worm(number + 1, grid) for number in range(threads)]

    def body(index):
        atomic = harness.atomic
        worm = worms[index]
        low, high = harness.share(size, threads, index)
        for step in xrange(low, high):
            with atomic:
                worm.step()

    harness.run_threads(threads, body)
    taken = sum(1 for row in grid for cell in row if cell)
    assert taken == LENGTH * threads, taken
    for worm in worms:
        assert all(grid[y][x] == worm.number for x, y in worm.body)
    return size


if __name__ == '__main__':
    harness.main('threadworms', 300000, work)
