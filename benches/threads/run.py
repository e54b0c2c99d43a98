"""Compares Pythons on the thread programs beside this file, each with several numbers of threads.

    run.py [--only a,b] [--threads 1,2] [--turns N] [--rounds N] [--percent P] [--limit S] PYTHON...

A PYTHON is a command, optionally "name=command --options". Prints per program and Python the best warm round for
each number of threads, the speed-up over the first number of threads, and the speed over the first Python with the
same number of threads and with the first number; then geometric means. Exit 1 if a program fails or checksums differ.
"""
from __future__ import print_function

import argparse
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import compare  # noqa: E402

PROGRAMS = ['btree', 'skiplist', 'threadworms', 'mandelbrot', 'raytrace', 'richards', 'mersenne', 'miller_rabin',
            'counting', 'list_append']


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('pythons', nargs='+', metavar='PYTHON')
    parser.add_argument('--only', help='programs, joined by commas')
    parser.add_argument('--threads', default='1,2', help='numbers of threads, joined by commas')
    parser.add_argument('--turns', type=int, default=2, help='how often each program is started')
    parser.add_argument('--rounds', type=int, default=5, help='warm rounds in each start')
    parser.add_argument('--percent', type=int, default=100, help='of the default sizes')
    parser.add_argument('--limit', type=int, default=300, help='seconds one start may take')
    options = parser.parse_args()
    pythons = [compare.named(text) for text in options.pythons]
    programs = options.only.split(',') if options.only else PROGRAMS
    counts = [int(word) for word in options.threads.split(',')]

    jobs = []
    for program in programs:
        path = os.path.join(HERE, program + '.py')
        size = max(1, compare.default_size(path) * options.percent // 100)
        for name, words in pythons:
            for count in counts:
                jobs.append(((program, name, count), words, path, [count, size, options.rounds]))
    results = compare.best_of(jobs, options.turns, options.limit)

    first = pythons[0][0]
    headings = ['program', 'python'] + ['%d thr' % count for count in counts]
    headings += ['%d/%d' % (count, counts[0]) for count in counts[1:]]
    headings += ['%d thr over %s %d' % (count, first, counts[0]) for count in counts]
    rows = []
    failed = False
    ratios = {}
    for program in programs:
        base = results[program, first, counts[0]]
        for name, words in pythons:
            row = [program, name]
            measured = [results[program, name, count] for count in counts]
            row += ['-' if each.failure else '%.3f' % each.best for each in measured]
            failed = failed or any(each.failure for each in measured)
            checksums = set(each.checksum for each in measured + [base] if not each.failure)
            if len(checksums) > 1:
                print('%s: checksums differ: %s' % (program, ' '.join(sorted(checksums))), file=sys.stderr)
                failed = True
            columns = [(measured[0], each) for each in measured[1:]] + [(base, each) for each in measured]
            for number, (before, after) in enumerate(columns):
                if before.failure or after.failure:
                    row.append('-')
                else:
                    ratio = before.best / after.best
                    ratios.setdefault((name, number), []).append(ratio)
                    row.append('%.2fx' % ratio)
            rows.append(row)
    width = 2 * len(counts) - 1
    for title, fold in (('geometric mean', compare.mean), ('worst', min)):
        for name, words in pythons:
            row = [title, name] + [''] * len(counts)
            row += ['%.2fx' % fold(ratios[name, number]) if (name, number) in ratios else '-'
                    for number in range(width)]
            rows.append(row)
    print(compare.table(headings, rows))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
