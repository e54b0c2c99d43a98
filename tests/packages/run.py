"""Runs the test suites of packages under CPython 2.7 and under pypy-stm, and compares the outcome of every test.

    run.py --cpython python2.7 --ours target/release/pypy-stm [--cache DIR] [--only NAME,...] [--write FILE]

Run it with a Python 2.7. Packages and what their tests need are fetched by CPython's pip in the versions pinned in
`table.py`, into the cache; nothing is installed. Each suite runs in a fresh copy of its package, first under CPython,
then under pypy-stm. The cache keeps CPython's outcomes; `--again` makes them anew. `--write` renews the rows of the
packages that ran in the table (docs/packages.md). Exit status: 1 if a test that passes under CPython does not under
pypy-stm and `table.py` does not explain it.
"""
from __future__ import print_function

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import zipfile
from xml.etree import ElementTree

from table import PACKAGES, REQUIREMENTS

HERE = os.path.dirname(os.path.abspath(__file__))


def fetch(cpython, cache):
    """The packages and the tools of their tests, once."""
    pip = [cpython, '-m', 'pip', '--disable-pip-version-check']
    tools = os.path.join(cache, 'tools')
    wanted = '\n'.join(REQUIREMENTS)
    stamp = os.path.join(cache, 'tools.txt')
    if not os.path.exists(stamp) or open(stamp).read() != wanted:
        shutil.rmtree(tools, ignore_errors=True)
        subprocess.check_call(pip + ['install', '-q', '--no-compile', '--target', tools] + REQUIREMENTS)
        for folder, _, files in os.walk(tools):
            for name in files:
                if name.endswith('.so'):            # the packages have pure-Python forms of these
                    os.remove(os.path.join(folder, name))
        with open(stamp, 'w') as f:
            f.write(wanted)
    for package in PACKAGES:
        if not archive(cache, package):
            subprocess.check_call(pip + ['download', '-q', '--no-deps', '--no-binary', ':all:', '--no-build-isolation',
                                         '-d', cache, '%s==%s' % (package.name, package.version)])
    return tools


def archive(cache, package):
    start = '%s-%s.' % (package.name.lower(), package.version)
    for name in os.listdir(cache):
        if name.lower().startswith(start):
            return os.path.join(cache, name)
    return None


def unpack(path, folder):
    """Unpacks a source archive; its one folder."""
    if path.endswith('.zip'):
        with zipfile.ZipFile(path) as f:
            f.extractall(folder)
    else:
        with tarfile.open(path) as f:
            f.extractall(folder)
    inside, = os.listdir(folder)
    return os.path.join(folder, inside)


def outcomes(package, python, path, tools):
    """{test: outcome} of one run, and the end of its output."""
    folder = tempfile.mkdtemp(prefix='package-')
    try:
        root = unpack(path, folder)
        source = os.path.join(root, package.source)
        environment = dict(os.environ, PYTHONPATH=os.pathsep.join([source, tools]), PYTHONDONTWRITEBYTECODE='1',
                           PYTHONHASHSEED='0', HOME=folder, TERM='dumb', LC_ALL='C.UTF-8')
        environment.update(package.environment)
        found, text = {}, ''
        for number, arguments in enumerate(package.runs):
            results = os.path.join(folder, 'results-%d' % number)
            start = {'pytest': ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-o', 'junit_family=xunit1',
                                '--junitxml', results],
                     'unittest': [os.path.join(HERE, 'recorder.py'), results],
                     'own': []}[package.runner]
            said = run([python] + start + arguments, os.path.join(root, package.folder), environment, package.limit)
            if package.runner == 'own':
                found.update(from_text(said))
            else:
                found.update((from_xml if package.runner == 'pytest' else from_lines)(results))
            text += said
        return dict((name if isinstance(name, type(u'')) else name.decode('utf-8', 'replace'), found[name])
                    for name in found), text
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def kept_outcomes(package, python, path, tools, cache, again):
    """CPython's outcomes, from the cache where they are there for the same runs."""
    file_name = os.path.join(cache, 'outcomes', package.name)
    if not again and os.path.exists(file_name):
        with open(file_name) as f:
            kept = json.load(f)
        if kept['runs'] == package.runs:
            return kept['outcomes'], ''
    found, text = outcomes(package, python, path, tools)
    if found:
        if not os.path.isdir(os.path.dirname(file_name)):
            os.mkdir(os.path.dirname(file_name))
        with open(file_name, 'w') as f:
            json.dump({'runs': package.runs, 'outcomes': found}, f)
    return found, text


def run(command, folder, environment, limit):
    """The output of a command, which is stopped with all it started after `limit` seconds."""
    child = subprocess.Popen(command, cwd=folder, env=environment, stdin=open(os.devnull), stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, preexec_fn=os.setsid)
    late = []

    def stop():
        late.append(True)
        os.killpg(child.pid, signal.SIGKILL)
    timer = threading.Timer(limit, stop)
    timer.start()
    try:
        text = child.communicate()[0]
    finally:
        timer.cancel()
    if late:
        text += '\nstopped after %d seconds' % limit
    elif child.returncode < 0:
        text += '\nended by signal %d' % -child.returncode
    return text


def from_xml(path):
    """The outcomes in pytest's report."""
    found = {}
    try:
        root = ElementTree.parse(path).getroot()
    except (IOError, ElementTree.ParseError):
        return found
    for case in root.iter('testcase'):
        name = re.sub(r'0x[0-9a-f]+', '0x', '%s.%s' % (case.get('classname'), case.get('name')))
        outcome = 'passed'
        for child in case:
            if child.tag in ('failure', 'error', 'skipped'):
                outcome = 'failed' if child.tag != 'skipped' else 'skipped'
        if found.get(name) != 'failed':
            found[name] = outcome
    return found


def from_lines(path):
    """The outcomes that `recorder.py` wrote. Tests of the same name are told apart by their order."""
    found, times = {}, {}
    if os.path.exists(path):
        with open(path) as lines:
            for line in lines:
                outcome, name = line.rstrip('\n').split('\t', 1)
                times[name] = times.get(name, 0) + 1
                found[name if times[name] == 1 else '%s #%d' % (name, times[name])] = outcome
    return found


def from_text(text):
    """The outcomes in the output of PyYAML's runner: `test(files)...` for each, `test(files): ERROR` for bad ones at the end."""
    found = {}
    for line in text.splitlines():
        match = re.match(r'(\w+\(.*\))(\.\.\.|: (?:FAILURE|ERROR))$', line)
        if match:
            found[match.group(1)] = 'passed' if match.group(2) == '...' else 'failed'
    return found


def counts(found):
    values = list(found.values())
    return tuple(values.count(kind) for kind in ('passed', 'failed', 'skipped'))


def compare(package, theirs, ours):
    """Tests that pass under CPython and not under pypy-stm: unexplained, explained."""
    lost = sorted(name for name in theirs if theirs[name] == 'passed' and ours.get(name) != 'passed')
    explained = [name for name in lost if any(re.search(pattern, name) for pattern, _ in package.explained)]
    return [name for name in lost if name not in explained], explained


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--cpython', required=True)
    parser.add_argument('--ours', required=True)
    parser.add_argument('--cache', default=os.path.join(HERE, '../../target/packages'))
    parser.add_argument('--only', default='')
    parser.add_argument('--again', action='store_true')
    parser.add_argument('--write')
    options = parser.parse_args()
    cache = os.path.abspath(options.cache)
    if not os.path.isdir(cache):
        os.makedirs(cache)
    tools = fetch(options.cpython, cache)
    ours_path = os.path.abspath(options.ours)
    rows, failed = [], False
    for package in PACKAGES:
        if options.only and package.name not in options.only.split(','):
            continue
        path = archive(cache, package)
        theirs, their_text = kept_outcomes(package, options.cpython, path, tools, cache, options.again)
        ours, our_text = outcomes(package, ours_path, path, tools)
        lost, explained = compare(package, theirs, ours)
        print('%s %s: CPython %d passed %d failed %d skipped; pypy-stm %d, %d, %d; lost %d, explained %d' % (
            (package.name, package.version) + counts(theirs) + counts(ours) + (len(lost), len(explained))))
        if not theirs:
            print(their_text[-2000:])
        elif lost:
            failed = True
            for name in lost[:20]:
                print('    ' + name.encode('ascii', 'backslashreplace'))
            print(our_text[-3000:])
        sys.stdout.flush()
        rows.append((package, counts(theirs), counts(ours), lost, explained))
    if options.write:
        write(options.write, rows)
    return 1 if failed else 0


def write(path, rows):
    lines = {}
    if os.path.exists(path):
        with open(path) as f:
            lines = dict((line.split()[1], line) for line in f if re.match(r'\| \S+ [\d.]+ \|', line))
    for package, theirs, ours, lost, explained in rows:
        lines[package.name] = '| %s %s | %d / %d / %d | %d / %d / %d | %d | %d |\n' % (
            (package.name, package.version) + theirs + ours + (len(lost), len(explained)))
    with open(path, 'w') as f:
        f.write('# Packages\n\nTest suites of packages under CPython 2.7.18 and under pypy-stm: passed / failed / skipped, '
                'and how many of the tests that\npass under CPython do not under pypy-stm: without and with an '
                'explanation below. Made by\n`python2.7 tests/packages/run.py --cpython python2.7 --ours '
                'target/release/pypy-stm --write docs/packages.md`.\n\n'
                '| package | CPython | pypy-stm | lost | explained |\n|---|---|---|---|---|\n')
        f.writelines(lines[package.name] for package in PACKAGES if package.name in lines)
        absent = [package.name for package in PACKAGES if package.name not in lines]
        if absent:
            f.write('\nNot run yet: %s.\n' % ', '.join(absent))
        reasons = [(package.name, why) for package in PACKAGES if package.name in lines for _, why in package.explained]
        if reasons:
            f.write('\n## Why tests are lost\n\n')
            for name, why in reasons:
                f.write('* %s: %s\n' % (name, why))


if __name__ == '__main__':
    sys.exit(main())
