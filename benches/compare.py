"""Runs benchmark programs under several Pythons in turns and prints times, ratios and geometric means.

Used by programs/run.py and threads/run.py; runs on Python 2.7 and 3. A Python is given as a command, with options
if wanted ("target/release/pypy-stm --gil"), and may be named: "gil=target/release/pypy-stm --gil".
"""
from __future__ import print_function

import math
import os
import shlex
import subprocess
import sys
import tempfile
import time


def named(text):
    """(name, words) of a Python given on the command line."""
    name, equals, rest = text.partition('=')
    if equals and '/' not in name and ' ' not in name:
        return name, shlex.split(rest)
    words = shlex.split(text)
    return os.path.basename(words[0]) + ''.join(' ' + word for word in words[1:]), words


def default_size(program):
    """The size the program says it runs with by default."""
    with open(program) as source:
        line = [line for line in source if 'harness.main(' in line][-1]
    return int(line.split(',')[1])


class Measured(object):
    """One run: the best warm round in seconds, the checksum, the peak memory in KiB; or the reason it failed."""

    def __init__(self, best=None, checksum=None, peak=0, failure=None):
        self.best = best
        self.checksum = checksum
        self.peak = peak
        self.failure = failure


def run(words, program, arguments, limit):
    command = words + [program] + [str(argument) for argument in arguments]
    with tempfile.TemporaryFile() as out:
        try:
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        except OSError as error:
            return Measured(failure=str(error))
        deadline = time.time() + limit
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.time() > deadline:
                process.kill()
                os.wait4(process.pid, 0)
                process.returncode = -9
                return Measured(failure='more than %d s' % limit)
            time.sleep(0.01)
        process.returncode = status
        out.seek(0)
        text = out.read().decode('utf-8', 'replace')
    fields = {}
    lines = text.strip().split('\n')
    for word in lines[-1].split():
        name, equals, value = word.partition('=')
        if equals:
            fields[name] = value
    if status or 'rounds' not in fields:
        return Measured(failure='status %d: %s' % (status, lines[-1][-200:]))
    best = min(float(word) for word in fields['rounds'].split(','))
    # What the program says itself: `ru_maxrss` is never below the memory of this tool, which the child was forked from.
    return Measured(best, fields.get('checksum'), int(fields.get('peak', 0)) or usage.ru_maxrss)


def mean(ratios):
    """The geometric mean."""
    ratios = [ratio for ratio in ratios if ratio]
    return math.exp(sum(math.log(ratio) for ratio in ratios) / len(ratios)) if ratios else float('nan')


def best_of(jobs, turns, limit, report=sys.stderr):
    """jobs: (key, words, program, arguments). Runs each `turns` times, in turns; {key: best Measured}."""
    results = {}
    for turn in range(turns):
        for key, words, program, arguments in jobs:
            earlier = results.get(key)
            if earlier is not None and earlier.failure:
                continue
            measured = run(words, program, arguments, limit)
            if measured.failure:
                print('%s: %s' % (' '.join(str(part) for part in key), measured.failure), file=report)
            if earlier is None or measured.failure:
                results[key] = measured
            else:
                earlier.best = min(earlier.best, measured.best)
                earlier.peak = max(earlier.peak, measured.peak)
    return results


def table(headings, rows):
    """Aligned text: the first column to the left, the others to the right."""
    rows = [headings] + rows
    widths = [max(len(row[at]) for row in rows) for at in range(len(headings))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        lines.append('  '.join(cells).rstrip())
    return '\n'.join(lines)
