"""Writes tests/table.txt: run by CPython 2.7.18, output to that file.

    python2.7 tools/table.py > tests/table.txt       the committed table
    python2.7 tools/table.py SEED N > /tmp/t.txt     N cases a function, for NUMTEXT_TABLE=/tmp/t.txt

A line is `function argument .. result`, separated by tabs. Texts are in hexadecimal after `=` (a `unicode` as dotted
numbers after `~`), floats are the 16 hexadecimal digits of their bits, integers decimal. A refusal is `!` and the
text in hexadecimal.
"""
import math
import random
import struct
import sys

SEED, COUNT = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) == 3 else (27, 14)
rng = random.Random(SEED)


def bits(x):
    return 'nan' if x != x else '%016x' % struct.unpack('<Q', struct.pack('<d', x))[0]


def text(s):
    if isinstance(s, unicode):
        return '~' + '.'.join(str(ord(c)) for c in s)
    return '=' + s.encode('hex')


def row(name, args, f):
    try:
        result = f()
    except MemoryError:
        return
    except Exception as e:
        result = '!' + str(e).encode('hex')
    print '\t'.join([name] + list(args) + [result])


FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, 0.1, 1e16, 1e17, 9999999999999998.0, 123456789012.0, 1e11, 1e12, 1e-4,
          1e-5, 0.00012345, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1e22, 1e23, 2.675, 1e300, 0.125,
          float('inf'), float('-inf'), float('nan'), 100.0, 1234567.891, 4503599627370495.5, -2.0 ** 63, 2.0 ** 63,
          2.0 ** 64, 1.0 / 3, 99999999999.5, 0.375, 25.0, 15.0, -3.0, 8.5, 1e100]


def a_float():
    k = rng.randrange(7)
    if k == 0:
        return struct.unpack('<d', struct.pack('<Q', rng.getrandbits(64)))[0]
    if k == 1:
        return rng.choice(FLOATS)
    if k == 2:
        return float(rng.randrange(-10 ** 6, 10 ** 6))
    if k == 3:
        return round(rng.uniform(-1000, 1000), rng.randrange(6))
    if k == 4:
        return rng.randrange(-10 ** 5, 10 ** 5) / 2.0 ** rng.randrange(12)
    return rng.uniform(-10, 10) * 10.0 ** rng.randrange(-25, 25)


def an_int():
    k = rng.randrange(6)
    sign = rng.choice([1, -1])
    if k == 0:
        return rng.choice([0, 1, -1, 255, 256, 2 ** 63 - 1, -2 ** 63, 2 ** 63, 2 ** 64, -2 ** 63 - 1, 2 ** 31, 10 ** 18])
    if k < 3:
        return sign * rng.getrandbits(rng.randrange(1, 63))
    if k == 3:
        return sign * rng.getrandbits(rng.randrange(60, 70))
    return sign * rng.getrandbits(rng.randrange(64, 400))


def pick(s):
    return rng.choice(s)


def a_spec(kinds):
    s = ''
    if rng.random() < 0.4:
        s += pick(['', '', '*', '0', 'x', '<']) + pick('<>=^')
    s += pick(['', '', '', '+', '-', ' ']) + pick(['', '', '', '', '#']) + pick(['', '', '0'])
    s += pick(['', '', '1', '5', '12', '30']) + pick(['', '', ','])
    if rng.random() < 0.4:
        s += '.' + pick(['0', '1', '3', '10', '25', ''])
    s += pick(kinds)
    if rng.random() < 0.04:
        s += pick(['q', '9' * 30, '.', '\xff', ' '])
    return s


def junk(alphabet, n):
    return ''.join(pick(alphabet) for _ in range(rng.randrange(n)))


# --- floats as text
for x in FLOATS + [a_float() for _ in range(COUNT)]:
    row('repr', [bits(x)], lambda: text(repr(x)))
    row('str', [bits(x)], lambda: text(str(x)))
    row('hex', [bits(x)], lambda: text(x.hex()))
    row('hash', [bits(x)], lambda: str(hash(x)))
    y = a_float()
    row('complex', [bits(x), bits(y)], lambda: text(repr(complex(x, y)) + '|' + str(complex(x, y))))
    row('hashc', [bits(x), bits(y)], lambda: str(hash(complex(x, y))))
    for y in [y, pick([2.0, -1.0, 0.5, 3.0, -3.0, 1e300, float('inf'), float('-inf'), -0.5, 0.0, -2.0])]:
        row('pow', [bits(x), bits(y)], lambda: bits(x ** y))
        if y:
            row('divmod', [bits(x), bits(y)], lambda: '%s,%s,%s' % (bits(divmod(x, y)[0]), bits(divmod(x, y)[1]), bits(x % y)))
    row('modf', [bits(x)], lambda: '%s,%s' % tuple(bits(p) for p in math.modf(x)))
    row('frexp', [bits(x)], lambda: '%s,%d' % (bits(math.frexp(x)[0]), math.frexp(x)[1]))
    if x == x and abs(x) != float('inf'):
        row('toint', [bits(x)], lambda: str(int(x)))
        row('ratio', [bits(x)], lambda: '%d,%d' % x.as_integer_ratio())
    for n in [0, pick([1, 2, 3, -1, -2, 5, 10, 15, 17, 22, 25, 100, 310, 322, 400, -15, -300, -308, -309])]:
        row('round', [bits(x), str(n)], lambda: bits(round(x, n)))
    n = an_int()
    row('cmp', [bits(x), str(n)], lambda: '%d%d%d' % (x < n, x == n, x > n))
    n = pick([int(x) if abs(x) < 1e300 else 0, n]) + pick([0, 1, -1])
    row('cmp', [bits(x), str(n)], lambda: '%d%d%d' % (x < n, x == n, x > n))

for _ in range(COUNT * 8):
    x = a_float()
    spec = a_spec(['', 'e', 'f', 'g', 'E', 'F', 'G', 'n', '%', 'd', 's'])
    row('fmtf', [bits(x), text(spec)], lambda: text(x.__format__(spec)))
    spec = a_spec(['', 'e', 'f', 'g', 'E', 'F', 'G', 'n', '%'])
    z = complex(pick([x, 0.0, -0.0]), a_float())
    row('fmtc', [bits(z.real), bits(z.imag), text(spec)], lambda: text(z.__format__(spec)))
    n = an_int()
    small = int(n)
    spec = a_spec(['', 'd', 'd', 'b', 'o', 'x', 'X', 'n', 'c', 'e', 'f', 'g', '%', 's', '\x01'])
    if spec:
        row('fmti', [repr(small), text(spec)], lambda: text(small.__format__(spec)))
        row('fmti', [str(n) + 'L', text(spec)], lambda: text(long(n).__format__(spec)))
    spec = a_spec(['', 's', 's', 'd', '\x7f', '\x80'])
    s = junk('abc\xe9', 9)
    row('fmts', [text(s), text(spec)], lambda: text(s.__format__(spec)))
    u = junk(u'ab\xe9\u1234\U00010000', 9)
    row('fmts', [text(unicode(u)), text(spec.decode('latin-1'))],
        lambda: text(unicode(unicode(u).__format__(spec.decode('latin-1')))))

# --- reading
NUMBERS = ['', ' ', '1', ' 12\t', '+1', '-0', '1.', '.5', '.', '1e5', '1e', '1e+', '1E-5', 'inf', '-Infinity', 'nan', '+nan',
           'infi', '1_0', '0x10', '1.5.2', '1e400', '1e-400', '1' * 40, '0.' + '1' * 50, '2.2250738585072011e-308',
           '9007199254740993', '1.7976931348623159e308', '\x0b1', '1\0', '1j', 'j', '-j', '1+j', '1+2j', '(1-2j)',
           '( 1 )', '(1', '1+', '1 +2j', '1e5j', 'infj', 'nan+infj', '1j+1', '1+2', '1-nanj', '+j', '(j)', '()', '( )']
for s in NUMBERS + [junk('0123456789.eE+-  jJ', 10) for _ in range(COUNT * 4)]:
    row('float', [text(s)], lambda: bits(float(s)))
    row('cparse', [text(s)], lambda: '%s,%s' % (bits(complex(s).real), bits(complex(s).imag)))
HEXES = ['', '0x', '1', '0x1p0', '-0x1.8p+3', '0x.8', '0x1.', '0x.', '0x1p', '0x1p-1074', '0x1p-1075', '0x1.8p-1075',
         '0x1.fffffffffffff7p1023', '0x1.fffffffffffff8p1023', '0x1p1024', '1p99999999999999999999', '0p99999999999999999999',
         '1p-99999999999999999999', ' inf ', 'nan', '-nan', 'infinityx', '0x1.00000000000008p0', '0x1.00000000000018p0',
         '0x1.000000000000080000000000001p0', '0x123456789abcdef0123456789p-200', '0x1 p0', '1.g', '0x0.0000000000000000000000001p90']
for s in HEXES + [pick(['', '-', '+']) + pick(['0x', '']) + junk('0123456789abcdefF', 20) + '.' + junk('0123456789abcdef', 20)
                  + pick(['', 'p%d' % rng.randrange(-1200, 1200)]) for _ in range(COUNT * 4)]:
    row('fromhex', [text(s)], lambda: bits(float.fromhex(s)))
for _ in range(COUNT * 12):
    base = pick([10, 10, 10, 0, 0, 2, 8, 16, 36, 22, 21, 7])
    s = pick(['', '', '-', '+', ' ', '- ', ' -']) + pick(['', '', '0x', '0', '0b', '0o', '0X', '0B']) + pick(
        [junk('01', 9), junk('0123456789', 25), junk('0123456789abcxyzL', 9), junk('0123456789', 9)]) + pick(['', '', '', 'L', 'l', ' ', '\n', 'LL', '_'])
    row('int', [text(s), str(base)], lambda: str(int(s, base)))
    row('long', [text(s), str(base)], lambda: str(long(s, base)))
row('pcti', [text('%.117d'), '5'], lambda: text('%.117d' % 5))
row('pcti', [text('%.116d'), '5'], lambda: text('%.116d' % 5))
for digits in (100, 2500, 7777):
    n = rng.getrandbits(digits * 3)
    row('int', [text(str(n)), '10'], lambda: str(n))

# --- integers
for _ in range(COUNT * 4):
    n = an_int()
    small = int(n)
    if isinstance(small, int):
        row('ints', [repr(small)], lambda: text('%s|%s|%s|%s' % (small, hex(small), oct(small), bin(small))))
    row('ints', ['%dL' % n], lambda: text('%r|%s|%s|%s' % (long(n), hex(long(n)), oct(long(n)), bin(long(n)))))
    row('hashi', [str(n)], lambda: str(hash(n)))
    row('tofloat', [str(n)], lambda: bits(float(n)))
    near = (2 ** rng.randrange(52, 200) + pick([0, 1, -1])) * pick([1, 3, -1]) + rng.getrandbits(rng.randrange(1, 60))
    row('tofloat', [str(near)], lambda: bits(float(near)))
    m = an_int() or 1
    row('truediv', [str(near), str(m)], lambda: bits(long.__truediv__(long(near), long(m))))
    row('truediv', [str(m), str(near)], lambda: bits(long.__truediv__(long(m), long(near))))
row('tofloat', [str(2 ** 1024 - 2 ** 970)], lambda: bits(float(2 ** 1024 - 2 ** 970)))
row('tofloat', [str(2 ** 1024 - 2 ** 970 - 1)], lambda: bits(float(2 ** 1024 - 2 ** 970 - 1)))
for s in ['', 'a', 'abc', 'hello world', '\xff\x00', 'x' * 100] + [junk('abc', 20) for _ in range(COUNT)]:
    row('hashs', [text(s)], lambda: str(hash(s)))
for s in [u'\u1234', u'a\U00012345b', u'abc']:
    row('hashs', [text(s)], lambda: str(hash(s)))
for _ in range(COUNT):
    t = tuple(rng.randrange(-5, 10 ** pick([1, 5, 18])) for _ in range(rng.randrange(5)))
    row('hasht', [','.join(map(str, t)) or '-'], lambda: '%d,%d' % (hash(t), hash(frozenset(t)) if len(set(t)) == len(t) else 0))

# --- the % operator
for _ in range(COUNT * 12):
    flags = junk('-+ #0', 4)
    width = pick(['', '', '1', '5', '12', '30'])
    prec = pick(['', '', '.', '.0', '.1', '.3', '.10', '.40'])
    n = an_int()
    for c, v in [(pick('diouxX'), int(n)), (pick('diouxX'), long(n)), (pick('diouxX'), pick([0, 0L, 8, 8L, -255]))]:
        kind = '%dL' % v if isinstance(v, long) else str(v)
        t = '%' + flags + width + prec + c
        row('pcti', [text(t), kind], lambda: text(t % v))
        row('pcti', [text(unicode(t)), kind], lambda: text(unicode(unicode(t) % v)))
    x = a_float()
    t = '%' + flags + width + prec + pick('eEfFgG')
    row('pctf', [text(t), bits(x)], lambda: text(t % x))
    t = '%' + flags + width + prec + 's'
    s = junk('abc', 9)
    row('pcts', [text(t), text(s)], lambda: text(t % s))


class Any(object):
    """Every key, as text that tells what was asked."""
    def __getitem__(self, key):
        return '<%s>' % key

    def __str__(self):
        return 'v'


PERCENTS = ['', '%', 'a%', '%%', 'a%%b', '%5%|', '%s', '%s%s', '%(a)s', '%(a', '%((a))s', '%((a)s', '%y', '%ly', '%hs', '%Ls',
            '%lls', '%*s', '%.*s', '%*.*s', '%*', '%.', '%.*', '%5', '%-', '%99999999999999999999s', '%.99999999999s',
            '%.2147483647s', '%9223372036854775807', '%\xff', '%\x01', 'abc%sdef%%%s', '%()s', '%(%)s', '%(a)%', '%0s']
for t in PERCENTS + [junk('%%%sab(). *5-l', 9) for _ in range(COUNT * 4)]:
    # Pieces are compared by what they do: all values are 'v', all stars 3.
    if '(' in t:
        if '*' in t:
            continue
        try:
            t % Any()
        except TypeError:
            continue
        except ValueError:
            pass
        row('pctm', [text(t)], lambda: text(t % Any()))
    else:
        stars = t.count('*')
        found = None
        for count in range(8):
            for pattern in range(2 ** count):
                args = tuple(3 if pattern >> i & 1 else 'v' for i in range(count))
                try:
                    found = t % args
                except TypeError as e:
                    continue
                except ValueError as e:
                    found = e
                break
            if found is not None:
                break
        if isinstance(found, ValueError):
            row('pctt', [text(t)], lambda: '!' + str(found).encode('hex'))
        elif found is not None:
            row('pctt', [text(t)], lambda: text(found))

# --- str.format templates
TEMPLATES = ['', 'a', '{', '}', '{}', '{0}', '{a', '{{', '}}', '{{}', '{}}', 'a{{b}}c{d}', '{!', '{!}', '{!r}', '{!rx}', '{!r:}',
             '{!r:x}', '{:}', '{:{}}', '{:{', '{:{}', '{a.b[c].d!s:e{f}g}', '{0[}]}', '{a:b:c!d}', '{a!r!s}', '{\xff}']
for t in TEMPLATES + [junk('{{{}}}}ab!:r.[]0', 12) for _ in range(COUNT * 6)]:
    def pieces(t):
        return ';'.join('%s %s' % (text(p[0]), '-' if p[1] is None else '%s %s %s' % (
            text(p[1]), text(p[2]), '-' if p[3] is None else text(p[3]))) for p in t._formatter_parser())
    row('markup', [text(t)], lambda: pieces(t) or '-')
    row('markup', [text(t.decode('latin-1'))], lambda: pieces(t.decode('latin-1')) or '-')
NAMES = ['', 'a', '0', '12', '0a', '-1', 'a.b', 'a[0]', 'a[x]', 'a[', 'a[]', 'a.', 'a..b', 'a[0]b', 'a[0].b[c]', '.a', '[0]', '9' * 25,
         'a[%s]' % ('9' * 25), 'a[-1]', 'a[0x]', 'a]b', 'a.b]', '9223372036854775807', '9223372036854775808']
for t in NAMES + [junk('ab.[]01', 9) for _ in range(COUNT * 4)]:
    def steps(t):
        first, rest = t._formatter_field_name_split()
        return ';'.join([str(first) if isinstance(first, (int, long)) else text(first)] + [
            ('.' if attr else '[') + (str(key) if isinstance(key, (int, long)) else text(key)) for attr, key in rest])
    row('name', [text(t)], lambda: steps(t))

# --- struct
for t in ['', 'i', 'bi', 'ib', 'b0i', '<bi', '3s', '0s', '5p', 'x5xh', '3', '3i', 'z', '<P', 'P', '?', 'i<b', ' 3 i', 'i\0q',
          '9223372036854775807s', '99999999999999999999i', '2305843009213693952i', 'bhilqfdP', '>bhilqfd', '!2h3c', '=lL'
          ] + [junk('bBhHiIlLqQfdcsp?x120 ', 9) for _ in range(COUNT * 4)]:
    row('size', [text(t)], lambda: str(struct.calcsize(t)))
for _ in range(COUNT * 8):
    t = pick(['', '<', '>', '=', '!', '@']) + pick('bBhHiIlLqQ')
    n = pick([an_int(), rng.randrange(-300, 300), 1 << rng.randrange(66), -1 << rng.randrange(66), (1 << rng.randrange(66)) - 1])
    row('packi', [text(t), str(n)], lambda: text(struct.pack(t, n)))
    t = pick(['', '<', '>', '=', '!', '@']) + pick('fd')
    x = a_float()
    if x == x:
        row('packf', [text(t), bits(x)], lambda: text(struct.pack(t, x)))
    t = pick(['<', '>', '@']) + pick('bBhHiIlLqQ')
    s = ''.join(chr(rng.getrandbits(8)) for _ in range(struct.calcsize(t)))
    row('unpacki', [text(t), text(s)], lambda: str(struct.unpack(t, s)[0]))
    t = pick(['<', '>', '@']) + pick('fd')
    s = ''.join(chr(rng.getrandbits(8)) for _ in range(struct.calcsize(t)))
    row('unpackf', [text(t), text(s)], lambda: bits(struct.unpack(t, s)[0]))
