"""Bytecode that no compiler made: random, or real code with bytes changed. It may raise anything, and may run until it is
stopped, but never touches memory outside its frame: every child ends by itself or by its time limit, not by a crash.
Only for runtimes that verify bytecode; CPython 2.7.18 would crash."""
import os
import random
import signal
import subprocess
import sys
import types

if 'pypystm' not in sys.builtin_module_names:
    sys.exit(0)

SEED = int(os.environ.get('SEED', '7'))
CHILDREN = int(os.environ.get('CHILDREN', '6'))
CASES = int(os.environ.get('CASES', '1500'))


def donors():
    """Code of all shapes: blocks in blocks, generators, closures, comprehensions, classes."""
    source = '''
def loops(n):
    total = 0
    for i in range(n):
        try:
            if i % 3: continue
            with manager() as m:
                total += i
                if total > 50: break
        except (ValueError, TypeError), e:
            total = [e, total]
        finally:
            total = (total, [k for k in (1, 2) if k])
    else:
        return total
    while total: total = None
    return {1: 2}, {3, 4}, {a: b for a, b in ((1, 2),)}
def generator(n):
    try:
        for i in xrange(n):
            x = yield i
            try: yield x
            finally: yield -1
    except GeneratorExit: raise
def closure(a, b=1, *c, **d):
    def inner():
        return a, b, c, d
    x, (y, z) = 1, (2, 3)
    del x
    print >>None, inner(), y
    exec "q = 1" in {}
    return lambda: (yield)
class manager(object):
    def __enter__(self): return self
    def __exit__(self, *e): return True
'''
    def walk(code):
        yield code
        for c in code.co_consts:
            if isinstance(c, types.CodeType):
                for d in walk(c):
                    yield d
    return list(walk(compile(source, 'donor', 'exec')))


class Enough(BaseException):
    pass


def stop(*args):
    raise Enough


def attempt(chance, code, names):
    kind = chance.randrange(4)
    if kind == 0:
        text = ''.join(chr(chance.randrange(150)) for n in range(chance.randrange(1, 60))) + 'S'
    else:
        text = list(code.co_code)
        for n in range(chance.randrange(1, 1 + kind * 2)):
            at = chance.randrange(len(text))
            what = chance.randrange(4)
            if what == 0:
                del text[at]
                text.append('S')
            elif what == 1:
                text.insert(at, chr(chance.randrange(150)))
            else:
                text[at] = chr(chance.randrange(150) if what == 2 else chance.randrange(12))
        text = ''.join(text)
    stack = chance.choice([code.co_stacksize, code.co_stacksize, 0, 3, 40])
    nlocals = max(code.co_nlocals, chance.randrange(4))
    varnames = code.co_varnames + tuple('v%d' % n for n in range(nlocals - code.co_nlocals))
    try:
        changed = types.CodeType(chance.choice([code.co_argcount, 0, 9]), nlocals, stack, code.co_flags, text, code.co_consts,
                                 code.co_names, varnames, 'odd', 'odd', 1, code.co_lnotab, code.co_freevars, code.co_cellvars)
        cells = tuple(cell(n) for n in code.co_freevars)
        function = types.FunctionType(changed, dict(names), 'odd', (1,), cells or None)
        result = function(*range(chance.choice([changed.co_argcount, 0, 2]) % 10))
        if isinstance(result, types.GeneratorType):
            for n in range(5):
                result.send(None)
    except Enough:
        return 1
    except SystemError:
        # Refused.
        return 0
    except BaseException:
        return 1
    return 1


def cell(n):
    return (lambda: n).func_closure[0]


def child(seed):
    chance = random.Random(seed)
    all = donors()
    names = {'range': range, 'xrange': xrange, 'ValueError': ValueError, 'manager': None}
    signal.signal(signal.SIGALRM, stop)
    sys.stdout = open(os.devnull, 'w')
    ran = 0
    for n in range(CASES):
        # Code with handlers of its own may swallow this; then the parent's limit ends the child.
        signal.setitimer(signal.ITIMER_REAL, 0.2, 0.05)
        try:
            ran += attempt(chance, chance.choice(all), names)
        except Enough:
            pass
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    sys.stdout = sys.__stdout__
    print 'ran', ran
    sys.stdout.flush()
    os._exit(0)


if len(sys.argv) > 1:
    child(int(sys.argv[1]))
for n in range(CHILDREN):
    p = subprocess.Popen([sys.executable, os.path.abspath(__file__), str(SEED + n)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    timer = signal.signal(signal.SIGALRM, lambda *args: p.kill())
    signal.alarm(40)
    out, err = p.communicate()
    signal.alarm(0)
    assert p.returncode in (0, -signal.SIGKILL), (SEED + n, p.returncode, err[-2000:])
    if p.returncode == 0:
        assert int(out.split()[-1]) > CASES // 100, out
