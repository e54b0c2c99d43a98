"""Writes small damaged Python sources into a directory, for `compare_code.py` to try on both compilers.

    python2.7 mutate_sources.py DIRECTORY_WITH_SOURCES OUTPUT_DIRECTORY COUNT [SEED]

Each file is a stretch of a real source with one or two changes: tokens dropped, doubled, swapped or replaced, lines moved or
indented. Most changed files are rejected, which tries the errors. Every other file gets whole statements put into
code that compiles: most of those stay legal and try scopes and control flow.
"""
import io
import os
import random
import sys
import tokenize
import warnings

TOKENS = ('( ) [ ] { } : , . ; @ = == += -= **= != <> < > <= >= + - * ** / // % ~ & | ^ << >> ` '
          'and or not in is if elif else for while try except finally with as raise return yield pass break continue '
          'del print exec import from global lambda def class assert None True __debug__ x self *args **kw '
          '1 0 -1 1.5 2j 0xFF 017 10L 9**9 "s" u"s" \'\' """doc""" ... (a,b) [1,2] {1:2} {1,2} '
          'from\\x20__future__\\x20import\\x20division').replace('\\x20', '\0').split(' ')
TOKENS = [t.replace('\0', ' ') for t in TOKENS]


def stretches(lines, rng):
    """A run of lines that begins at a statement without indentation, or a block taken out of its own."""
    starts = [i for i, line in enumerate(lines) if line.strip() and not line[0].isspace() and line[0] not in '#)]}"\'']
    if rng.random() < 0.4:
        starts = [i for i, line in enumerate(lines) if line.strip().startswith(('def ', 'class ', 'for ', 'while ', 'try', 'if '))]
    if not starts:
        return None
    start = rng.choice(starts)
    indent = len(lines[start]) - len(lines[start].lstrip())
    taken = []
    for line in lines[start:start + rng.choice((3, 8, 20, 60, 300))]:
        if line.strip() and len(line) - len(line.lstrip()) < indent:
            break
        taken.append(line[indent:] if line.strip() else '\n')
    return taken


def change_tokens(text, rng):
    try:
        tokens = [t for t in tokenize.generate_tokens(io.BytesIO(text).readline)]
    except Exception:
        return text + rng.choice(TOKENS)
    spots = [t for t in tokens if t[1].strip() and t[0] != tokenize.COMMENT]
    if not spots:
        return text
    lines = text.splitlines(True)
    _, string, (row, start), (end_row, end), _ = rng.choice(spots)
    if row != end_row or row > len(lines):
        return text
    line = lines[row - 1]
    other = rng.choice(TOKENS) if rng.random() < 0.6 else rng.choice(spots)[1]
    new = rng.choice(('', string + ' ' + string, other, string + ' ' + other, other + ' ' + string))
    lines[row - 1] = line[:start] + new + line[end:]
    return ''.join(lines)


STATEMENTS = ('return', 'return 1', 'yield', 'yield x', 'break', 'continue', 'global x', 'x = 1', 'del x', 'exec x', 'exec x in y',
              'from m import *', 'import a.b as c', 'import a.b', 'raise', 'raise A, b', 'print x,', 'print >>f, x, y', 'def g(): return x',
              'lambda: (yield)', 'class C: pass', 'global __x, y', 'from __future__ import division', 'assert 1, 2', 'assert x, y',
              'x[1:2] += 3', 'x.y += 1', 'x[a:b:c] *= 2', 'x[..., 1] = y', 'del x.y, z[1], w[:]', 'f(x=1, *a, **k)', 'nonlocal x',
              'x = yield', 'None = 1', 'def h(a, (b, c)=(1, 2)): return lambda: b', 'y = [x for x in y if x]', 'z = {i: j for i in k}',
              'z = {x for x in y for y in z if x if y}', 'z = (x + w for x in y)', 'with a as b, c as d: pass', 'a < b < c', 'not (a in b)',
              'if not a and (b or c): pass', 'if a: pass\n%selif b: x\n%selse: y', 'while 1: pass', 'while x: break\n%selse: y',
              'for x in y: continue', 'try: a\n%sfinally: continue', 'try: a\n%sexcept A, b: pass\n%sexcept: raise\n%selse: x',
              'x = lambda a, b=1, *c, **d: a if b else __x', 'if 0: yield 1', 'if 1: x = 2', 'if __debug__: x', 'x = y = z = 1, 2, 3',
              'a, b = b, a', 'a, (b, c), [d] = x', 'x = `1`, -1, ~2, 3 * "a", "%s" % 1, 2 ** 10', 'x = a and b or c and not d',
              'class D(C):\n%s    x = 1\n%s    def m(self): return x, __class, D', 'def k():\n%s    global x\n%s    def l(): return x\n%s    return l',
              'def n(x):\n%s    def o(): return x\n%s    def p(): return o, y\n%s    y = 1; return p', 'from . import a', 'from ..b import c as d, e',
              'x = {1: 2, "a": b, None: {}}', 'x = 1 if a else 2 if b else 3', '@d\n%sdef q(): pass', '@d\n%s@e\n%sclass R: "doc"', 'x = ()', 'x = (1)')


def add_statements(text, rng):
    lines = text.splitlines(True)
    for _ in range(rng.choice((1, 1, 2, 4, 8))):
        i = rng.randrange(len(lines))
        pad = lines[i][:len(lines[i]) - len(lines[i].lstrip())] if lines[i].strip() else ''
        lines.insert(i, pad + rng.choice(STATEMENTS).replace('%s', pad) + '\n')
    return ''.join(lines)


def compiles(text):
    try:
        compile(text, 'x', 'exec', 0, True)
        return True
    except Exception:
        return False


def change_lines(text, rng):
    lines = text.splitlines(True)
    i = rng.randrange(len(lines))
    kind = rng.randrange(6)
    if kind == 0:
        del lines[i]
    elif kind == 1:
        lines.insert(i, lines[rng.randrange(len(lines))])
    elif kind == 2:
        lines[i] = '    ' + lines[i]
    elif kind == 3:
        lines[i] = lines[i][4:] or '\n'
    elif kind == 4:
        return add_statements(text, rng)
    else:
        lines[i] = lines[i].rstrip('\n') + rng.choice((' \\\n', ';\n', ':\n', ' #\n', '\r\n', '\t\n', '', ' (\n'))
    return ''.join(lines)


def main(sources, output, count, seed='1'):
    warnings.simplefilter('ignore')
    rng = random.Random(int(seed))
    files = sorted(os.path.join(where, name) for where, _, names in os.walk(sources) for name in names if name.endswith('.py'))
    made = 0
    while made < int(count):
        with open(rng.choice(files)) as f:
            taken = stretches(f.readlines(), rng)
        if not taken:
            continue
        text = ''.join(taken)
        if made % 2 and not compiles(text):
            continue
        if made % 2:
            text = add_statements(text, rng)
        for _ in range(0 if made % 2 else rng.choice((1, 1, 2))):
            text = rng.choice((change_tokens, change_lines))(text, rng) or 'pass\n'
        with open(os.path.join(output, '%06d.py' % made), 'wb') as f:
            f.write(text)
        made += 1


if __name__ == '__main__':
    main(*sys.argv[1:])
