"""Compares the code objects of our compiler with those of the Python 2.7 that runs this script.

    python2.7 compare_code.py COMPILE_DUMP DIRECTORY [options]

Every `.py` file below the directory (and every case in file tests of the stage `compile`) is compiled by both: `compile_dump` (an example of the crate `syntax`) and the
built-in `compile`. All attributes of the code objects must be equal, recursively; where Python rejects a file, class, message, line
and offset of the error must be, and whether `args` holds them. Warnings must be the same too. Prints the differing files and the totals; the exit status tells whether any differ.

    --show N     details of the first N differing files (10)
    --mode MODE  exec, eval or single
    -3       warnings for Python 3 are compared; run Python itself with -3
    --symbols    compare the symbol tables instead of the code
    -O, -OO      both sides optimize; run Python itself with the same option
    --python     COMPILE_DUMP is a Python: its built-in `compile` is compared (dump_code.py)
    --bytes      compare the marshalled bytes too (reported apart)
"""
import _symtable
import marshal
import os
import shutil
import subprocess
import sys
import tempfile
import types
import warnings

ATTRIBUTES = ('co_argcount co_nlocals co_stacksize co_flags co_names co_varnames co_freevars '
              'co_cellvars co_name co_firstlineno co_lnotab co_code').split()


def same_constant(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same_constant, a, b))
    if isinstance(a, (float, complex)):
        return repr(a) == repr(b)
    if isinstance(a, unicode):
        # Writing joins pairs of surrogates.
        return a == marshal.loads(marshal.dumps(b))
    return a == b


def differences(ours, theirs, path=''):
    """Yields a line for each attribute that differs."""
    path += theirs.co_name
    for name in ATTRIBUTES:
        a, b = getattr(ours, name), getattr(theirs, name)
        if a != b:
            yield '%s:%d %s: ours %r, theirs %r' % (path, theirs.co_firstlineno, name, a, b)
    if len(ours.co_consts) != len(theirs.co_consts):
        yield '%s:%d co_consts: ours %r, theirs %r' % (path, theirs.co_firstlineno, ours.co_consts, theirs.co_consts)
        return
    for i, (a, b) in enumerate(zip(ours.co_consts, theirs.co_consts)):
        if isinstance(a, types.CodeType) and isinstance(b, types.CodeType):
            for line in differences(a, b, path + '.'):
                yield line
        elif not same_constant(a, b):
            yield '%s:%d constant %d: ours %r, theirs %r' % (path, theirs.co_firstlineno, i, a, b)


def expected(source, name, mode):
    """A code object or the fields of the error, and the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        try:
            result = compile(source, name, mode, 0, True)
        except SyntaxError as e:
            place = 'arguments' if len(e.args) > 1 else 'attributes'
            result = type(e).__name__, str(e.msg), str(e.lineno), str(e.offset), place
        except Exception as e:
            result = type(e).__name__, str(e), 'None', 'None', 'None'
    return result, [(w.category.__name__, str(w.message), str(w.lineno)) for w in caught]


def symbols(source, name, mode):
    """The symbol table as `compile_dump --symbols` prints it."""
    def write(block, depth):
        lines.append('%d %s %s %d %d %d %s | %s\n' % (
            depth, block.name, block.type, block.lineno, block.nested, block.optimized, ' '.join(block.varnames),
            ' '.join('%s=%d' % item for item in sorted(block.symbols.items()))))
        for child in block.children:
            write(child, depth + 1)
    lines = []
    try:
        top = _symtable.symtable(source, name, mode)
        while top.type != _symtable.TYPE_MODULE:
            top = top.parent
        write(top, 0)
    except (SyntaxError, TypeError):
        return None, []
    return ''.join(lines), []


def answers(tool, options, files):
    """What the tool says about each file, in order."""
    process = subprocess.Popen([tool] + options, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    out, _ = process.communicate('\n'.join(files) + '\n')
    at = 0
    for _ in files:
        warned = []
        while True:
            end = out.index('\n', at)
            line, at = out[at:end], end + 1
            if not line.startswith('WARN '):
                break
            warned.append(tuple(line[5:].split('\t')))
        if line.startswith('OK '):
            size = int(line[3:])
            yield out[at:at + size], warned
            at += size
        else:
            yield tuple(line[4:].split('\t')), warned


def cases(path, where, flag, mode):
    """Writes the sources in a file test that have this flag and mode to files; yields their names."""
    with open(path) as f:
        lines = f.read().split('\n')
    if lines[0] != 'stage: compile':
        return
    number = 0
    while number < len(lines):
        words = lines[number].split(' ')
        number += 1
        if words[0] not in ('exec', 'eval', 'single') or len(words) > 2:
            continue
        name = os.path.join(where, '%s_%d.py' % (os.path.basename(path), number))
        with open(name, 'w') as f:
            while number < len(lines) and lines[number].startswith('|'):
                f.write(lines[number][2:] + '\n')
                number += 1
        if words[0] == mode and words[1:] == flag:
            yield name


def main(argv):
    show, mode, options, check_bytes, script, positional = 10, 'exec', [], False, [], []
    args = iter(argv)
    for arg in args:
        if arg == '--show':
            show = int(next(args))
        elif arg == '--mode':
            mode = next(args)
            options += ['--mode', mode]
        elif arg in ('-O', '-OO', '-3', '--symbols'):
            options.append(arg)
        elif arg == '--bytes':
            check_bytes = True
        elif arg == '--python':
            script = [os.path.join(os.path.dirname(os.path.abspath(__file__)), 'dump_code.py')]
        else:
            positional.append(arg)
    tool, directory = positional
    files = [directory] if os.path.isfile(directory) else sorted(
        os.path.join(where, name) for where, _, names in os.walk(directory) for name in names if name.endswith('.py'))
    scratch = tempfile.mkdtemp()
    if os.path.isdir(directory):
        for name in sorted(os.listdir(directory)):
            if name.endswith('.txt'):
                files += cases(os.path.join(directory, name), scratch, [o for o in options if o.startswith('-O')], mode)
    same = rejected = same_bytes = 0
    differing = []
    for name, (answer, our_warnings) in zip(files, answers(tool, script + options, files)):
        with open(name, 'rb') as f:
            source = f.read()
        by_symbols = '--symbols' in options
        theirs, their_warnings = (symbols if by_symbols else expected)(source, name, mode)
        if by_symbols:
            lines = []
            if isinstance(theirs, str) and isinstance(answer, str) and theirs != answer:
                pairs = zip(answer.splitlines(), theirs.splitlines())
                lines = ['ours %s\n    theirs %s' % pair for pair in pairs if pair[0] != pair[1]] or ['another length']
        elif isinstance(theirs, tuple) or isinstance(answer, tuple):
            rejected += isinstance(theirs, tuple)
            theirs_shown = theirs if isinstance(theirs, tuple) else 'a code object'
            lines = [] if answer == theirs else [
                'ours %r, theirs %r' % (answer if isinstance(answer, tuple) else 'a code object', theirs_shown)]
        else:
            try:
                lines = list(differences(marshal.loads(answer), theirs))
            except Exception as e:
                lines = ['our marshal data cannot be read: %r' % e]
            same_bytes += answer == marshal.dumps(theirs)
        if our_warnings != their_warnings:
            lines.append('warnings: ours %r, theirs %r' % (our_warnings, their_warnings))
        if lines:
            differing.append(name)
            print name
            if len(differing) <= show:
                for line in lines[:6]:
                    print '    ' + line[:600]
        else:
            same += 1
    print '%d files, %d same (%.2f %%), %d of them rejected by both or one, %d differ' % (
        len(files), same, 100.0 * same / max(1, len(files)), rejected, len(differing))
    if check_bytes:
        print '%d with the same marshalled bytes' % same_bytes
    shutil.rmtree(scratch)
    return bool(differing)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
