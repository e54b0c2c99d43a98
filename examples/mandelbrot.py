"""Draws the Mandelbrot set with several threads and writes a picture.

    mandelbrot.py [--threads N] [--size PIXELS] [--output mandelbrot.ppm]

The threads take rows from one list until none is left; each writes its rows into the picture that all share.
Nothing in here knows about transactions: it is an ordinary threaded program. The picture is a PPM, which most
viewers and converters read.
"""
import optparse
import threading
import time

LIMIT = 255


def row_of_pixels(y, width, height):
    pixels = []
    ci = 2.4 * y / height - 1.2
    for x in xrange(width):
        cr = 3.2 * x / width - 2.2
        zr = zi = 0.0
        steps = 0
        while steps < LIMIT:
            rr = zr * zr
            ii = zi * zi
            if rr + ii > 4.0:
                break
            zi = 2.0 * zr * zi + ci
            zr = rr - ii + cr
            steps += 1
        pixels.append(steps)
    return pixels


def colour(steps):
    """Black inside, from deep blue over white to gold outside."""
    if steps == LIMIT:
        return '\0\0\0'
    return chr(min(255, steps * 9)) + chr(min(255, steps * 6)) + chr(min(255, 80 + steps * 3))


def draw(threads, width, height):
    todo = list(range(height))
    picture = [None] * height

    def worker():
        while True:
            try:
                y = todo.pop()
            except IndexError:
                return
            picture[y] = row_of_pixels(y, width, height)

    pool = [threading.Thread(target=worker) for number in range(threads)]
    for thread in pool:
        thread.start()
    for thread in pool:
        thread.join()
    return picture


def main():
    parser = optparse.OptionParser(usage='%prog [options]')
    parser.add_option('--threads', type='int', default=2, help='how many threads draw (default 2)')
    parser.add_option('--size', type='int', default=400, help='width of the picture (default 400)')
    parser.add_option('--output', default='mandelbrot.ppm', help='file for the picture, "" for none')
    options, arguments = parser.parse_args()
    width = options.size
    height = width * 3 // 4

    start = time.time()
    picture = draw(options.threads, width, height)
    elapsed = time.time() - start

    if options.output:
        palette = [colour(steps) for steps in range(LIMIT + 1)]
        with open(options.output, 'wb') as out:
            out.write('P6\n%d %d\n255\n' % (width, height))
            for row in picture:
                out.write(''.join([palette[steps] for steps in row]))
        print 'picture: %s (%d x %d)' % (options.output, width, height)
    print 'checksum: %d' % sum(sum(row) * (y + 1) for y, row in enumerate(picture))
    print 'seconds: %.3f with %d threads' % (elapsed, options.threads)


if __name__ == '__main__':
    main()
