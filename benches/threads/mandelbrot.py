"""The Mandelbrot set in 64 stripes that the threads take one by one; at most 255 iterations a point."""
import harness

STRIPES = 64


def point(cr, ci):
    zr = zi = 0.0
    for step in xrange(255):
        rr = zr * zr
        ii = zi * zi
        if rr + ii > 4.0:
            return step
        zi = 2.0 * zr * zi + ci
        zr = rr - ii + cr
    return 255


def stripe(first, last, size):
    total = 0
    for row in xrange(first, last):
        ci = -1.5 + 3.0 * row / size
        for column in xrange(size):
            total += point(-2.0 + 3.0 * column / size, ci)
    return total


def work(threads, size):
    todo = list(range(STRIPES))

    def body(index):
        total = 0
        while True:
            try:
                number = todo.pop()
            except IndexError:
                return total
            first, last = harness.share(size, STRIPES, number)
            total += stripe(first, last, size)
    return sum(harness.run_threads(threads, body))


if __name__ == '__main__':
    harness.main('mandelbrot', 384, work)
