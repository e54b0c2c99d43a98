"""The spectral norm of an infinite matrix cut to SIZE: calls, generator expressions, division."""
import harness


def element(row, column):
    diagonal = row + column
    return 1.0 / ((diagonal * (diagonal + 1) >> 1) + row + 1)


def times(vector):
    size = len(vector)
    return [sum(element(row, column) * vector[column] for column in xrange(size)) for row in xrange(size)]


def transposed_times(vector):
    size = len(vector)
    return [sum(element(row, column) * vector[row] for row in xrange(size)) for column in xrange(size)]


def work(size):
    u = [1.0] * size
    for step in range(4):
        v = transposed_times(times(u))
        u = transposed_times(times(v))
    uv = sum(a * b for a, b in zip(u, v))
    vv = sum(b * b for b in v)
    return '%.9f' % ((uv / vv) ** 0.5)


if __name__ == '__main__':
    harness.main('spectral_norm', 250, work)
