"""Compares Pythons on the single-thread programs beside this file.

    run.py [--only a,b] [--turns N] [--rounds N] [--percent P] [--limit S] PYTHON PYTHON...

The first Python is what the others are compared with; a PYTHON is a command, optionally "name=command --options".
Prints per program the best warm round of each, how many times as fast as the first (more is better), and the peak
memory over the first's (less is better); then geometric means. Exit 1 if a program fails or checksums differ.
"""
from __future__ import print_function

import argparse
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import compare  # noqa: E402

PROGRAMS = ['calls', 'chaos', 'deltablue', 'dicts', 'exact_cover', 'exceptions', 'fannkuch', 'floats', 'generators',
            'nbody', 'nqueens', 'pystone', 'raytrace', 'richards', 'sorting', 'spectral_norm', 'strings', 'tokenizer']


def main(here=HERE, all_programs=PROGRAMS):
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('pythons', nargs='+', metavar='PYTHON')
    parser.add_argument('--only', help='programs, joined by commas')
    parser.add_argument('--turns', type=int, default=3, help='how often each program is started')
    parser.add_argument('--rounds', type=int, default=3, help='warm rounds in each start')
    parser.add_argument('--percent', type=int, default=100, help='of the default sizes (sums of squares grow faster)')
    parser.add_argument('--limit', type=int, default=120, help='seconds one start may take')
    options = parser.parse_args()
    pythons = [compare.named(text) for text in options.pythons]
    programs = options.only.split(',') if options.only else all_programs

    jobs = []
    for program in programs:
        path = os.path.join(here, program + '.py')
        size = compare.default_size(path)
        if size > 100:
            size = max(1, size * options.percent // 100)
        for name, words in pythons:
            jobs.append(((program, name), words, path, [size, options.rounds]))
    results = compare.best_of(jobs, options.turns, options.limit)

    first = pythons[0][0]
    headings = ['program', first + ' s']
    for name, words in pythons[1:]:
        headings += [name + ' s', 'speed', 'memory']
    rows = []
    failed = False
    speeds = dict((name, []) for name, words in pythons)
    memory = dict((name, []) for name, words in pythons)
    for program in programs:
        base = results[program, first]
        row = [program, '-' if base.failure else '%.3f' % base.best]
        failed = failed or bool(base.failure)
        for name, words in pythons[1:]:
            other = results[program, name]
            if other.failure or base.failure:
                row += ['-' if other.failure else '%.3f' % other.best, '-', '-']
                failed = True
                continue
            if other.checksum != base.checksum:
                print('%s: %s gives %s, %s gives %s' % (program, first, base.checksum, name, other.checksum),
                      file=sys.stderr)
                failed = True
            speed = base.best / other.best
            ratio = float(other.peak) / base.peak
            speeds[name].append(speed)
            memory[name].append(ratio)
            row += ['%.3f' % other.best, '%.2fx' % speed, '%.2fx' % ratio]
        rows.append(row)
    row = ['geometric mean', '']
    worst = ['worst', '']
    for name, words in pythons[1:]:
        row += ['', '%.2fx' % compare.mean(speeds[name]), '%.2fx' % compare.mean(memory[name])]
        worst += ['', '%.2fx' % min(speeds[name] or [0]), '%.2fx' % max(memory[name] or [0])]
    if len(pythons) > 1:
        rows += [row, worst]
    print(compare.table(headings, rows))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
