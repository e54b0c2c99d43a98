"""Counts the words of many files, a file at a time for each thread.

    wordcount.py [--threads N] [--size FILES] [FILE...]

Without file names it writes FILES files of made-up text into a temporary folder first. Reading, splitting and
counting happen in the threads; each merges its counts into one dict that all share, under a lock.
"""
import optparse
import os
import re
import shutil
import tempfile
import threading
import time

WORD = re.compile(r"[a-z']+")
SYLLABLES = ['ba', 'cor', 'du', 'fen', 'gil', 'ha', 'jun', 'ka', 'lo', 'mi', 'na', 'per', 'qui', 'ro', 'sta', 'tu']
LINES = 1500


def make_files(folder, count):
    """The same text on every machine and in every run."""
    names = []
    state = 12345
    for number in range(count):
        name = os.path.join(folder, 'text%03d.txt' % number)
        with open(name, 'w') as out:
            for line in range(LINES):
                words = []
                for at in range(10):
                    state = (state * 1103515245 + 12345) & 0x7fffffff
                    first = SYLLABLES[state >> 8 & 15]
                    second = SYLLABLES[state >> 12 & 15]
                    words.append(first + second if state >> 16 & 3 else first.capitalize())
                out.write(' '.join(words) + '.\n')
        names.append(name)
    return names


def count_file(name):
    counts = {}
    with open(name) as source:
        for line in source:
            for word in WORD.findall(line.lower()):
                counts[word] = counts.get(word, 0) + 1
    return counts


def count_words(names, threads):
    todo = list(names)
    totals = {}
    lock = threading.Lock()

    def worker():
        while True:
            try:
                name = todo.pop()
            except IndexError:
                return
            counts = count_file(name)
            with lock:
                for word, count in counts.iteritems():
                    totals[word] = totals.get(word, 0) + count

    pool = [threading.Thread(target=worker) for number in range(threads)]
    for thread in pool:
        thread.start()
    for thread in pool:
        thread.join()
    return totals


def main():
    parser = optparse.OptionParser(usage='%prog [options] [FILE...]')
    parser.add_option('--threads', type='int', default=2, help='how many threads read (default 2)')
    parser.add_option('--size', type='int', default=60, help='how many files to make up (default 60)')
    options, names = parser.parse_args()
    folder = None
    try:
        if not names:
            folder = tempfile.mkdtemp()
            names = make_files(folder, options.size)
        start = time.time()
        totals = count_words(names, options.threads)
        elapsed = time.time() - start
    finally:
        if folder is not None:
            shutil.rmtree(folder)
    for word, count in sorted(totals.items(), key=lambda item: (-item[1], item[0]))[:5]:
        print '%8d %s' % (count, word)
    checksum = sum(count * len(word) for word, count in totals.iteritems())
    print 'checksum: %d words, %d different, %d letters' % (sum(totals.values()), len(totals), checksum)
    print 'seconds: %.3f with %d threads' % (elapsed, options.threads)


if __name__ == '__main__':
    main()
