"""Checks that work grows with the size of its input and not with its square.

    linear.py [SIZE]

Each kind of work is done at SIZE and at four times SIZE, in user time; a ratio above 8 fails. Prints the ratios.
"""
from __future__ import print_function

import cStringIO
import sys

import shared
from harness import user_time


def bytearray_append(size):
    array = bytearray()
    for number in xrange(size):
        array.append(number & 255)
    return len(array)


def bytearray_front(size):
    array = bytearray(size * 2)
    while array:
        del array[:2]


def bytearray_slices(size):
    array = bytearray(1000)
    for number in xrange(size):
        array[10:20] = array[30:40]


def join(size):
    return len(''.join([str(number) for number in xrange(size)]))


def add(size):
    text = ''
    for number in xrange(size):
        text += 'word '
    return len(text)


class Holder(object):
    def __init__(self, text):
        self.text = text


def add_attribute(size):
    holder = Holder('')
    for number in xrange(size):
        holder.text += 'word '
    return len(holder.text)


def add_item(size):
    items = ['']
    for number in xrange(size):
        items[0] += 'word '
    return len(items[0])


def add_unicode(size):
    text = u''
    for number in xrange(size):
        text += u'w\xf6rd \u20ac'
    return len(text)


def add_large(size):
    text = ''
    for number in xrange(size // 100):
        text = text + 'a page of text, or nearly so: ' * 100
    return len(text)


def string_file(size):
    out = cStringIO.StringIO()
    for number in xrange(size):
        out.write('word ')
    return len(out.getvalue())


def string_lines(size):
    return sum(1 for line in cStringIO.StringIO('some line\n' * size))


def list_pop_append(size):
    items = []
    for number in xrange(size):
        items.append(number)
    while items:
        items.pop()


def seconds(work, size):
    best = None
    for turn in range(3):
        start = user_time()
        work(size)
        spent = user_time() - start
        best = spent if best is None else min(best, spent)
    return best


def main():
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100000
    failed = False
    for work in (bytearray_append, bytearray_front, bytearray_slices, join, add, add_attribute,
                 add_item, add_unicode, add_large, string_file, string_lines,
                 list_pop_append):
        once, more = seconds(work, size), seconds(work, size * 4)
        ratio = more / max(once, 2e-3)
        failed = failed or ratio > 8
        print('%-18s %.4f s  %.4f s  %.1f%s' % (work.__name__, once, more, ratio, '  NOT LINEAR' if ratio > 8 else ''))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
