"""Imports every module of the pure-Python library, each in a process of its own, and compares with `imports.txt`.

    PYTHON imports.py [--against CPYTHON] [--update] [--verbose] [MODULE...]

`imports.txt` has one line per module: `ok`, `needs NATIVE...` (native modules this build lacks), or `as CPython:
MESSAGE` (it fails on CPython too: modules for other systems). A module that is `ok` there and does not import fails
the run, and so does one that is missing from the list or that fails for another reason than the one listed. One that
imports although the list says otherwise is only mentioned, since a native module was added. `--against` also
imports everything under CPYTHON (same version, complete) and fails if a module that imports there fails here for
any other reason than a native module that is not there. `--update` writes the list, and wants `--against`.

Each import happens in a fork of this process, which has imported next to nothing, with its output thrown away.
"""
import __builtin__
import os
import select
import signal
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
LIST = os.path.join(HERE, 'imports.txt')
JOBS = 4
LIMIT = 60
# It opens a browser.
LEFT_OUT = ['antigravity']
NO_MODULE = 'No module named '
# Stands in an outcome before the names of modules that were not found.
ABSENT = '; not found:'


def library_modules():
    """Names of all modules of the library of this Python, packages walked without importing them."""
    import pkgutil
    folder = os.path.dirname(os.__file__)
    found = []

    def walk(path, prefix):
        for importer, name, is_package in pkgutil.iter_modules([path], prefix):
            if name in LEFT_OUT or name.endswith('__main__'):
                continue
            found.append(name)
            if is_package:
                walk(os.path.join(path, name.rpartition('.')[2]), name + '.')

    walk(folder, '')
    return sorted(found)


def outcome(name):
    """What importing it did, in one line, with the modules it asked for in vain. In the child."""
    absent = []
    plain_import = __builtin__.__import__

    def watched_import(*words, **named):
        try:
            return plain_import(*words, **named)
        except ImportError as error:
            if str(error).startswith(NO_MODULE):
                absent.append(str(error)[len(NO_MODULE):])
            raise

    __builtin__.__import__ = watched_import
    try:
        __import__(name)
    except BaseException as error:
        said = ' '.join(('%s: %s' % (type(error).__name__, error)).split())
        # A file that is not found is no matter of modules.
        return ' '.join([said, ABSENT] + absent) if absent and not isinstance(error, EnvironmentError) else said
    return 'ok'


def child(name, out):
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in 0, 1, 2:
        os.dup2(null, descriptor)
    signal.alarm(LIMIT)
    os.write(out, outcome(name)[:4000])
    os._exit(0)


def start(name):
    """A forked process that imports it, and the pipe it will answer on."""
    end, out = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            child(name, out)
        finally:
            os._exit(1)
    os.close(out)
    return end, process


def import_all(names):
    """Module name to outcome."""
    waiting, running, outcomes = list(reversed(names)), {}, {}
    while waiting or running:
        while waiting and len(running) < JOBS:
            name = waiting.pop()
            end, process = start(name)
            running[end] = name, process, []
        for end in select.select(list(running), [], [])[0]:
            name, process, parts = running[end]
            data = os.read(end, 4096)
            if data:
                parts.append(data)
                continue
            del running[end]
            os.close(end)
            status = os.waitpid(process, 0)[1]
            outcomes[name] = ''.join(parts) or 'ended with status %#x' % status
    return outcomes


def import_all_with(python, names):
    """The same under another Python: this file again."""
    import subprocess
    process = subprocess.Popen([python, '-B', os.path.abspath(__file__), '--answer'], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)
    answer = process.communicate('\n'.join(names))[0]
    return dict(line.split(' ', 1) for line in answer.splitlines())


def judge(here, there, names):
    """The line of the list for it, and whether that is a fault. `there` is CPython's outcome, if known."""
    if here == 'ok':
        return 'ok', False
    said, _, absent = here.partition(' ' + ABSENT)
    if there is not None and there != 'ok':
        return 'as CPython: ' + there.partition(' ' + ABSENT)[0], False
    for missing in absent.split():
        if missing not in names and missing.rpartition('.')[2] not in names:
            return 'needs ' + missing, False
    return said, True


def read_list():
    if not os.path.exists(LIST):
        return {}
    with open(LIST) as lines:
        return dict(line.rstrip('\n').split(' ', 1) for line in lines if line.strip() and not line.startswith('#'))


def write_list(lines):
    with open(LIST, 'w') as out:
        out.write('# Written by imports.py --update; what the words mean is said there.\n')
        for name in sorted(lines):
            out.write('%s %s\n' % (name, lines[name]))


def main(words):
    if words == ['--answer']:
        for name, said in sorted(import_all(sys.stdin.read().split()).items()):
            print name, said
        return 0
    against = None
    if '--against' in words:
        at = words.index('--against')
        against = words[at + 1]
        del words[at:at + 2]
    options = [word for word in words if word.startswith('-')]
    every = library_modules()
    names = [word for word in words if not word.startswith('-')] or every
    outcomes = import_all(names)
    theirs = import_all_with(against, names) if against else {}
    listed, lines, faults = read_list(), {}, 0
    for name in names:
        here, there = outcomes[name], theirs.get(name)
        expected = listed.get(name, 'not listed')
        if there is None and expected.startswith('as CPython: '):
            there = expected[len('as CPython: '):]
        lines[name], fault = judge(here, there, every)
        if fault or lines[name] != expected and '--update' not in options:
            if here == 'ok' and expected != 'not listed':
                print '%s imports now: no longer "%s"' % (name, expected)
                continue
            faults += 1
            print '%s: %s (the list: %s; CPython: %s)' % (name, here, expected, there)
        elif '--verbose' in options and here != 'ok':
            print '%s: %s' % (name, lines[name])
    if '--update' in options:
        assert against and names is every, '--update wants --against CPYTHON and all modules'
        write_list(lines)
    count = lambda start: sum(1 for line in lines.values() if line.startswith(start))
    print '%d modules: %d import, %d need a native module that is not there, %d fail on CPython too, %d faults' % (
        len(names), count('ok'), count('needs'), count('as CPython'), faults)
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
