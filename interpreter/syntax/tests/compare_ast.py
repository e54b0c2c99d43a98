"""Compares our parser with the Python 2.7 that runs this script.

    python2.7 compare_ast.py DUMP_AST DIRECTORY...          every .py file below, trees and errors
    python2.7 compare_ast.py DUMP_AST --fuzz N DIRECTORY...  N broken variants of those files (SEED, MODES, KEEP)
    python2.7 compare_ast.py DUMP_AST --lines FILE           every line of FILE, with \\n for line ends, in all modes

DUMP_AST is the built example `dump_ast`. Exit status 1 when anything differs.
"""
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile


DONT_IMPLY_DEDENT = 0x200


def expected(source, name, mode):
    """What Python says, in the format of dump_ast. Mode `codeop` is what the module of that name asks for."""
    flags = ast.PyCF_ONLY_AST
    if mode == 'codeop':
        mode, flags = 'single', flags | DONT_IMPLY_DEDENT
    try:
        tree = compile(source, name, mode, flags, 1)
    except SyntaxError as e:
        text = e.text
        if e.offset is None:
            text = None      # read from the file by whoever raises
        return '%s %r %s %s %r' % (type(e).__name__, e.msg, e.lineno, e.offset, text)
    except MemoryError:
        return "MemoryError ''"
    except RuntimeError:
        return None          # Python's own conversion gave up
    except (TypeError, ValueError) as e:
        return '%s %r' % (type(e).__name__, e.args[0])
    try:
        return ast.dump(tree, True, True)
    except RuntimeError:
        return None


def expected_file(source, path):
    """The same for a source read as a file. Only for one that does not parse: running it is harmless."""
    wanted = expected(source, path, 'exec')
    if wanted is None or wanted.startswith('Module(') or 'Error' not in wanted.split(' ')[0]:
        return None
    try:
        execfile(path, {})
    except SyntaxError as e:
        text = None if e.offset is None else e.text
        return '%s %r %s %s %r' % (type(e).__name__, e.msg, e.lineno, e.offset, text)
    except (MemoryError, TypeError, ValueError):
        return wanted
    except Exception:
        return None


def ours(tool, paths, options):
    process = subprocess.Popen([tool] + options, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    out = process.communicate('\n'.join(paths) + '\n')[0]
    if process.returncode:
        print 'dump_ast ended with', process.returncode
    return out.split('\n')


def find(directories):
    for directory in directories:
        if os.path.isfile(directory):
            yield directory
        for base, dirs, names in os.walk(directory):
            dirs.sort()
            for name in sorted(names):
                if name.endswith('.py'):
                    yield os.path.join(base, name)


def report(name, wanted, got):
    at = 0
    while at < min(len(wanted), len(got)) and wanted[at] == got[at]:
        at += 1
    print name
    print '   wanted', wanted[max(0, at - 80):at + 200]
    print '   got   ', got[max(0, at - 80):at + 200]


OPTIONS = {
    'exec': ['--string'],
    'eval': ['--string', '--mode', 'eval'],
    'single': ['--string', '--mode', 'single'],
    'codeop': ['--string', '--mode', 'single', '--dont-imply-dedent'],
    'file': [],
}


def compare(tool, paths, options, mode):
    bad = same = skipped = 0
    for start in range(0, len(paths), 200):
        part = paths[start:start + 200]
        answers = ours(tool, part, options + OPTIONS[mode])
        for path, got in zip(part, answers + [''] * len(part)):
            with open(path, 'rb') as f:
                source = f.read()
            wanted = expected_file(source, path) if mode == 'file' else expected(source, path, mode)
            if wanted is None:
                skipped += 1
            elif wanted != got:
                bad += 1
                report(path, wanted, got)
            else:
                same += 1
    print '%s: %d same, %d differ, %d skipped' % (mode, same, bad, skipped)
    return bad


def mutate(rng, source):
    """A broken variant of a source."""
    kind = rng.randrange(6)
    at = rng.randrange(len(source) + 1)
    if kind == 0:
        return source[:at]
    if kind == 1:
        return source[:at] + source[at + rng.randrange(1, 10):]
    if kind == 2:
        return source[:at] + rng.choice('()[]{}:;,.\\\'"` \t\n=*@!?$0x1eLj%<>~u') + source[at:]
    if kind == 3:
        words = 'if else for in lambda print not yield import from as with def class None try finally 0x 08 1e """ :: ** <> += \n  \n\t'
        return source[:at] + ' ' + rng.choice(words.split(' ')) + ' ' + source[at:]
    if kind == 4:
        other = rng.randrange(len(source) + 1)
        return source[:at] + source[other:other + rng.randrange(30)] + source[at:]
    lines = source.splitlines(True)
    i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[i], lines[j] = lines[j], lines[i]
    return ''.join(lines)


def write_filetest(path):
    """Replaces the expectations of a file test; `tests/filetests.rs` tells the format."""
    with open(path, 'rb') as f:
        lines = f.read().split('\n')
    out, case = [], None
    work = tempfile.mkdtemp()
    name = os.path.join(work, 'case.py')

    def finish():
        if case is None:
            return
        mode, kind, source = case[0], case[1], ''.join(case[2])
        with open(name, 'wb') as f:
            f.write(source)
        wanted = expected_file(source, name) if kind == 'file' else expected(source, name, mode)
        out.append('= ' + (wanted or 'None').replace(name, 'case.py'))

    for line in lines:
        if line.startswith('| ') or line == '|':
            case[2].append(line[2:] + '\n')
        elif line.startswith('|-'):
            case[2].append(line[3:])
        elif line.startswith('= '):
            continue
        else:
            finish()
            words = line.split()
            case = (words[0], words[1], []) if len(words) == 2 and words[0] in ('exec', 'eval', 'single') else None
        out.append(line)
    finish()
    shutil.rmtree(work)
    with open(path, 'wb') as f:
        f.write('\n'.join(out).rstrip('\n') + '\n')


def main(args):
    sys.setrecursionlimit(20000)
    tool, args = args[0], args[1:]
    work = tempfile.mkdtemp()
    try:
        if args[0] == '--filetest':
            for path in args[1:]:
                write_filetest(path)
            return 0
        if args[0] == '--lines':
            paths = []
            for n, line in enumerate(open(args[1])):
                path = os.path.join(work, '%04d.py' % n)
                with open(path, 'wb') as f:
                    f.write(line.rstrip('\n').decode('string_escape'))
                paths.append(path)
            return sum(compare(tool, paths, [], mode) for mode in ('exec', 'eval', 'single', 'codeop', 'file'))
        if args[0] == '--fuzz':
            rng = random.Random(int(os.environ.get('SEED', '1')))
            files = [f for f in find(args[2:]) if 0 < os.path.getsize(f) < 20000]
            paths = []
            for n in range(int(args[1])):
                with open(rng.choice(files), 'rb') as f:
                    source = f.read().replace('\0', '')
                for _ in range(rng.randrange(1, 3)):
                    source = mutate(rng, source) or '\n'
                path = os.path.join(work, '%05d.py' % n)
                with open(path, 'wb') as f:
                    f.write(source)
                paths.append(path)
            modes = os.environ.get('MODES', 'exec file').split()
            bad = sum(compare(tool, paths, [], mode) for mode in modes)
            if bad and os.environ.get('KEEP'):
                print 'kept', work
                work = None
            return bad
        return compare(tool, list(find(args)), [], 'exec')
    finally:
        if work:
            shutil.rmtree(work)


if __name__ == '__main__':
    sys.exit(1 if main(sys.argv[1:]) else 0)
