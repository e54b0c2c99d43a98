"""Broken input of many kinds: always a Python exception, never the end of the process. CPython 2.7.18 passes too, with less depth."""
import marshal
import os
import random
import re
import subprocess
import sys

if 'pypystm' not in sys.builtin_module_names:
    # CPython believes the sizes in marshalled noise, and takes minutes to clear that much memory.
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

EXPECTED = (SyntaxError, TypeError, ValueError, OverflowError, MemoryError, RuntimeError)
seed = int(os.environ.get('SEED', '20'))
chance = random.Random(seed)
print 'seed', seed

with open(os.path.abspath(__file__)) as source:
    text = source.read()


def try_compile(source):
    try:
        compile(source, 'bad', 'exec')
    except EXPECTED:
        pass


# Sources that stop anywhere, with bytes changed, or that are noise.
for end in range(0, len(text), 97):
    try_compile(text[:end])
for attempt in range(300):
    noisy = list(text[:1500])
    for change in range(5):
        noisy[chance.randrange(len(noisy))] = chr(chance.randrange(256))
    try_compile(''.join(noisy))
for attempt in range(300):
    try_compile(''.join(chr(chance.randrange(256)) for number in range(60)))
    try_compile(''.join(chance.choice('()[]{}:,.=+-*"\'\\\n \tabif0xeLj@`') for number in range(60)))
for source in ['# coding: no-such\nx', '# coding: utf-8\nx = "\xff"', '\xef\xbb\xbf# coding: latin-1\nx', 'x = "\\', "'''",
               'u"\\N{no such name}"', 'u"\\U7fffffff"', '0x', '1e', '08', '1' * 5000, 'a = ' + '-' * 5000 + '1',
               '\x00', 'x\x00y', '\t x\n        y', 'if 1:\n\tx\n        y\n z', 'def f(a, a): pass', 'x = yield',
               'return', 'break', 'continue', 'None = 1', 'f() = 1', 'del f()', 'from __future__ import braces',
               'lambda: (yield)', 'class C: return', 'def f():\n from x import *\n def g(): y']:
    try_compile(source)
# CPython's own compiler does not survive the deepest of these.
ours = 'pypystm' in sys.builtin_module_names
for depth in (50, 1000, 100000 if ours else 2000):
    for left, right in (('(', ')'), ('[', ']'), ('{1:', '}'), ('f(', ')'), ('not ', '')):
        try_compile(left * depth + '1' + right * depth)
    try_compile('x' + '.y' * depth)
    try_compile('\n'.join(' ' * level + 'if 1:' for level in range(min(depth, 300))))

# Marshalled noise, and marshalled code with bytes changed (read only, not run).
whole = marshal.dumps(compile(text, 'good', 'exec'))
for attempt in range(3000):
    if attempt % 2:
        data = ''.join(chr(chance.randrange(256)) for number in range(40))
    else:
        start = chance.randrange(len(whole) - 60)
        data = whole[:start] + chr(chance.randrange(256)) + whole[start + 1:start + 40]
    try:
        marshal.loads(data)
    except (EOFError, SystemError) + EXPECTED:
        pass


# Recursion without end.
def forever(n):
    return forever(n + 1)


class Endless(object):
    def __getattr__(self, name):
        return getattr(self, name + 'x')

    def __eq__(self, other):
        return self == other

    def __repr__(self):
        return repr(self)

    def __len__(self):
        return len(self)

    def __call__(self):
        return self()

    def __hash__(self):
        return hash(self)

    def __cmp__(self, other):
        return cmp(self, other)

    def __add__(self, other):
        return self + other

    def __iter__(self):
        return iter(self)

    def __str__(self):
        return str(self)


endless = Endless()
for call in (lambda: forever(0), lambda: endless.name, lambda: endless == 1, lambda: repr(endless), lambda: len(endless),
             endless, lambda: {endless: 1}, lambda: cmp(endless, 1), lambda: endless + 1, lambda: list(endless),
             lambda: '%s' % endless, lambda: [endless] == [1], lambda: sorted([endless, 1], key=hash)):
    try:
        call()
    except RuntimeError as error:
        assert 'maximum recursion depth exceeded' in str(error), error
    else:
        raise AssertionError('no RuntimeError')

nested = []
for number in range(100000):
    nested = [nested]
for call in (lambda: repr(nested), lambda: nested == [nested], lambda: hash(tuple(nested)) and None):
    try:
        call()
    except (RuntimeError, TypeError):
        pass
while nested:
    nested = nested[0]
loop = []
loop.append(loop)
assert repr(loop) == '[[...]]'

# Regular expressions: long subjects, bad patterns.
assert re.match('(?:x|y)*z', 'x' * 100000) is None
assert re.match('(?:x|yy)*?z', 'x' * 50000 + 'z').end() == 50001
for attempt in range(2000):
    pattern = ''.join(chance.choice('()[]{}?*+|\\^$.ab12-<=!P:,') for number in range(chance.randrange(1, 12)))
    try:
        re.compile(pattern)
    except (re.error, OverflowError, AssertionError, RuntimeError, ValueError, TypeError, IndexError):
        pass

# A standard output that nobody reads, or that is closed.
for program in ('import sys\nfor n in xrange(100000): print n', 'import os\nos.close(1)\nprint "x" * 10000',
                'import sys\nsys.stdout.close()\nprint 1', 'print "a\xff\x00b"'):
    process = subprocess.Popen([sys.executable, '-c', program] if '\x00' not in program else [sys.executable],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(program if '\x00' in program else '')
    process.stdin.close()
    process.stdout.close()
    err = process.stderr.read()
    status = process.wait()
    assert status >= 0, (program, status, err)
