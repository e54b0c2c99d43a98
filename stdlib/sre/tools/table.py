# -*- coding: utf-8 -*-
"""Writes tests/table.txt: run by CPython 2.7.18, output to that file.

    python2.7 tools/table.py > tests/table.txt          the committed table
    python2.7 tools/table.py SEED COUNT > /tmp/t.txt    COUNT random patterns, for SRE_TABLE=/tmp/t.txt
    python2.7 tools/table.py re_tests > /tmp/t.txt      the library's own list

A pattern is a line `P flags groups repr codes`; the lines after it are its cases:
`C kind op pos endpos subject result`, with kind `b` (bytes) or `u`, op `m` (match) or `s` (search), the subject as
dotted numbers, the result `-` or `lastindex start,end start,end ..` joined by `;`.
"""
import random
import re
import signal
import sre_compile
import sre_parse
import sys

PATTERNS = [
    # pattern, flags, subjects
    (r'', 0, ['', 'a']),
    (r'abc', 0, ['abc', 'xabc', 'ab', 'ababc', 'xxabcabc']),
    (r'aab', 0, ['aaaab', 'aaaa', 'aabaab']),
    (r'(a)bc', 0, ['xabc', 'ab']),
    (r'a(b)c', 0, ['xabcabc']),
    (r'ab*bc', 0, ['abc', 'abbbbc', 'ac', 'xabq']),
    (r'ab{1,3}bc', 0, ['abbbbc', 'abbbc', 'abc']),
    (r'^abc$', 0, ['abc', 'abcc', 'abc\n', 'aabc']),
    (r'^', re.M, ['', 'a\nb']),
    (r'(?m)^b$', 0, ['a\nb\nc', 'ab']),
    (r'$', 0, ['a\n', 'a', '']),
    (r'(?m)$', 0, ['a\nb\n']),
    (r'\Ab\Z', 0, ['b', 'b\n', 'ab']),
    (r'a.c', 0, ['abc', 'a\nc', 'aac']),
    (r'a.*c', re.S, ['a\n\nc', 'ac']),
    (r'a.*?c', 0, ['axxcxxc', 'ac', 'ab']),
    (r'a[b-d]e', 0, ['abe', 'ace', 'aae']),
    (r'a[^bc]d', 0, ['aed', 'abd']),
    (r'a[]-]b', 0, ['a]b', 'a-b']),
    (r'[a-z0-9_.-]+@[a-z.]+', 0, ['me: joe_b@mail.org!', '@']),
    (r'[\w-]+', 0, ['  a-b_9 ', '--']),
    (r'[^\w\s]', 0, ['a b!', 'ab']),
    (r'\d+\D+\s\S\w\W', 0, ['12ab c- ', '1a bc-']),
    (r'\bfoo\b', 0, ['a foo b', 'foo', 'afoo', 'foob']),
    (r'\Boo\B', 0, ['fook', 'oo', 'foo']),
    (r'\b', 0, ['', ' ', 'a', ' a']),
    (r'\B', 0, ['', ' ', 'a', 'ab']),
    (r'(a+|b)*', 0, ['ab', 'aabb', '', 'c']),
    (r'(a+|b)+', 0, ['ab', 'c']),
    (r'(a+|b)?', 0, ['ab']),
    (r'(a|b)*c\1', 0, ['abacaa', 'abaca', 'abcb']),
    (r'([abc])*x', 0, ['abcx', 'x', 'abcd']),
    (r'([abc])*bcd', 0, ['abcd']),
    (r'a|b|c|d|e', 0, ['e', 'xd']),
    (r'(a|b|c|d|e)f', 0, ['ef', 'eg']),
    (r'(ab|a)b?c', 0, ['abc', 'abbc', 'ac']),
    (r'(ab|ab*)bc', 0, ['abc']),
    (r'((a))', 0, ['abc']),
    (r'(a+)(b+)\2?', 0, ['aabbb', 'ab']),
    (r'(((((a)))))b', 0, ['ab', 'aa']),
    (r'(.)(.)\2\1', 0, ['abba', 'xnoon', 'abab']),
    (r'(?i)(.)x\1', 0, ['axA', 'AXa', 'bxa']),
    (r'(?i)abc', 0, ['ABC', 'xaBc']),
    (r'(?i)a[b-d]e', 0, ['ABE', 'aCe']),
    (r'(?i)a[^-b]c', 0, ['ADC', 'ABC']),
    (r'(?i)[^a]', 0, ['aA', 'Ab']),
    (r'(?i)x*y', 0, ['XxXy', 'XxY']),
    (r'(?i)[^x]*x', 0, ['aaX']),
    (r'(?:a|b)*?c', 0, ['ababc', 'c']),
    (r'(a|b)*?c', 0, ['ababc', 'abab']),
    (r'(a|ab){2,3}?c', 0, ['aabc', 'ababac', 'ac']),
    (r'(a?)*?$', 0, ['a', 'aa', 'b']),
    (r'(a*)*', 0, ['aaa', 'b', '-']),
    (r'(a*)+', 0, ['aaa', '-']),
    (r'(a*){2,}b', 0, ['aab', 'b', 'aa']),
    (r'(?:(a)|b)*', 0, ['ab', 'ba', 'abc']),
    (r'(?:(a)|(b))*', 0, ['aba', 'bab']),
    (r'(?:(a)|(b)|(c))*d', 0, ['abcd', 'cba', 'acbd']),
    (r'((a)|b)*?c', 0, ['abc', 'bac']),
    (r'(a)?(b)?c', 0, ['c', 'ac', 'bc', 'abc']),
    (r'(?:(a)?b)*', 0, ['abb', 'bab']),
    (r'(?:(a)?(b)?)*', 0, ['abba']),
    (r'(?:(?:(a)|b)c)*', 0, ['acbc', 'bcac']),
    (r'(a)(?:b|(c))*\1', 0, ['abcba', 'aca']),
    (r'(x)?(?(1)y|z)', 0, ['xy', 'z', 'xz', 'y']),
    (r'(x)?(?(1)y)', 0, ['xy', 'x', '']),
    (r'(?:(x)|y)(?(1)a|b)c', 0, ['xac', 'ybc', 'xbc']),
    (r'(?P<q>")?\w+(?(q)")', 0, ['"ab"', 'ab', '"ab']),
    (r'(?(1)y|x)(a)b', 0, ['xacyab', 'xab']),
    (r'(?(1)\x12.|x)(a)?', 0, ['x', 'xa']),
    (r'(?=a)\w', 0, ['ba', 'b']),
    (r'(?=(a+))b*\1', 0, ['aab', 'xaa']),
    (r'(?!a)\w', 0, ['ab', 'a']),
    (r'(?!(a)b)a', 0, ['abac']),
    (r'(?<=a)b', 0, ['ab', 'b', 'cb']),
    (r'(?<=(a)b)c', 0, ['abc']),
    (r'(?<!a)b', 0, ['ab', 'b', 'cb']),
    (r'(?<!abc)d', 0, ['abcd', 'd', 'abd']),
    (r'(?<=\bfoo)bar', 0, ['foobar', 'xfoobar']),
    (r'a(?=b(?!c))', 0, ['abc', 'abd']),
    (r'a{0}b', 0, ['ab']),
    (r'a{2}', 0, ['aaa', 'a']),
    (r'a{2,}?', 0, ['aaaa', 'a']),
    (r'a{2,3}?b', 0, ['aaaab', 'aab', 'ab']),
    (r'.{3}$', 0, ['abcdef', 'ab']),
    (r'(..)*$', 0, ['abcd', 'abc']),
    (r'(?:ab){2,3}', 0, ['abababab', 'ab']),
    (r'(?:ab){2,3}?x', 0, ['abababx', 'abx']),
    (r'(ab(c|d))+x', 0, ['abcabdx', 'abcabd']),
    (r'[ab]{2,}c|[ab]', 0, ['ababc', 'ab']),
    (r'foo|foobar|bar', 0, ['foobar', 'xbar']),
    (r'(?:foo|bar)+baz', 0, ['foobarbaz', 'foobar']),
    (r'<(\w+)[^>]*>.*?</\1>', re.S, ['x<b c>d</i></b>', '<b></c>']),
    (r'"(?:[^"\\]|\\.)*"', 0, [r'say "a\"b" end', r'"abc']),
    (r"'[^\n'\\]*(?:\\.[^\n'\\]*)*'", 0, [r"x='a\'b'", "'a"]),
    (r'(?P<a>x)(?P<b>y)?(?P=a)', 0, ['xyx', 'xx', 'xy']),
    (r'(?x) a # comment' '\n b', 0, ['ab']),
    (r'\0\x01\n\t', 0, ['\0\x01\n\t']),
    (r'[\x80-\xff]+', 0, ['ab\x80\xffc']),
    (r'\w+', re.L, ['ab\xe9', '\xe9']),
    (r'(?L)\bx\W', 0, ['\xe9x ', 'x!']),
    (r'(?Li)\xc9[\xc0-\xd0]', 0, ['\xe9\xe9', '\xc9\xc9']),
    (r'(?i)\xc9', 0, ['\xe9', '\xc9']),
    (u'\\w+', re.U, [u'  ab\xe9\u0416\u4e00 ', u'\U00010400x', u'\u2014']),
    (u'\\d+', re.U, [u'x\u0661\u0662y', u'\xb2']),
    (u'\\d+', 0, [u'x\u0661\u0662y', u'12']),
    (u'\\s+', re.U, [u'a\u2003\x85b', u'\x1c']),
    (u'[^\\W\\d_]+', re.U, [u'12\u0416a_', u'_1']),
    (u'\\bx', re.U, [u'\xe9x', u' x']),
    (u'\\Bx', re.U, [u'\xe9x', u' x']),
    (u'\u0416+', re.U | re.I, [u'\u0416\u0436', u'x']),
    (u'[\u0410-\u042f]+', re.U | re.I, [u'\u0436\u0416', u'x']),
    (u'[\u0410-\u042f]+', re.I, [u'\u0436\u0416', u'x']),
    (u'\xb5', re.U | re.I, [u'\u03bc', u'\xb5', u'\u039c']),
    (u'[^s]', re.U | re.I, [u'S', u's', u'\u017f', u't']),
    (u'(\u0416)\\1', re.U | re.I, [u'\u0416\u0436']),
    (u'[\u4e00-\u9fff\u0100]+x', 0, [u'a\u4e00\u9fff\u0100x', u'\u4dff']),
    (u'[a\u0100\u0200\u0300\u0400\u0500z]+', 0, [u'qa\u0500\u0200z\u0501', u'\u0101']),
    (u'[^a\u0100\u0200\u0300\u0400\u0500z\U00010000]+', 0, [u'a\u0501b\U00010000', u'a']),
    (u'[\U00010000-\U00010fff]', 0, [u'a\U00010abc', u'\uffff']),
    (u'[\U00010400-\U00010410]', re.U | re.I, [u'\U00010428', u'\U00010428\U00010401']),
    (u'\u0100\u0101\u0100', 0, [u'\u0100\u0101\u0101\u0100\u0101\u0100', u'abc', 'abc']),
    (u'ab\u0100', 0, [u'abab\u0100', 'abab']),
    (u'\u0100', 0, ['ab', u'a\u0100']),
    (u'a.b', 0, [u'a\u2028b', u'a\nb']),
    (r'(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)\11', 0, ['abcdefghijkk', 'abcdefghijka']),
    (r'(?:a?){3}a{3}', 0, ['aaa', 'aaaa', 'aa']),
    (r'(x+x+)+y', 0, ['xxxxxxxxy', 'xxxxxxxx']),
    (r'(?:(?=(\w))\w)*', 0, ['abc']),
    (r'(?:(?!b)(\w))*', 0, ['acb']),
    (r'(?:(\w)(?=\w))*?c', 0, ['abc', 'ab']),
    (r'(?=(?:ab)*c)a', 0, ['ababc']),
    (r'((?:a|b)*?)(b+)$', 0, ['aabb']),
    (r'(a)*?(?(1)b|c)', 0, ['ab', 'c', 'aab']),
    (r'(?(1)a|b)*', 0, ['bb', 'ab']),
    (r'()(?(1)a|b){2,}?c', 0, ['aac', 'ac']),
    (r'(?i)(?:a|[bc]|\d)+x', 0, ['AbC1X']),
    (r'([^:]*):?([^:]*)', 0, ['a:b:c', 'abc', ':']),
    (r'^(.+)?B', 0, ['AB', 'B']),
    (r'(?s)a.{4,5}b', 0, ['acc\nccb', 'acccccb']),
    (r'(?:(?:x|y)|z)*w', 0, ['xyzw', 'xyz']),
]

FLAGS = [0, 0, 0, re.I, re.M, re.S, re.U, re.U | re.I]


def random_pattern(rng, depth, names):
    """A pattern of a small alphabet; `names` counts the groups opened so far."""
    def atom(depth):
        k = rng.randrange(20)
        if depth <= 0 or k < 7:
            return rng.choice(['a', 'b', 'c', 'A', 'a', 'b', '.', '[ab]', '[^a]', r'\w', r'\b', '^', '$', r'\B', 'ab',
                               '[a-c]', '[^bc]', ''])
        if k < 12:
            names[0] += 1
            mine = names[0]
            inner = alt(depth - 1)
            names[1].append(mine)
            return '(%s)' % inner
        if k < 14:
            return '(?:%s)' % alt(depth - 1)
        if k == 14:
            return '(?=%s)' % alt(depth - 1)
        if k == 15:
            return '(?!%s)' % alt(depth - 1)
        if k == 16:
            return '(?<%s%s)' % (rng.choice('=!'), rng.choice(['a', 'ab', '[ab]c', 'a|b', '(?:a)b']))
        if k == 17 and names[1]:
            return r'(?:\%d)' % rng.choice(names[1])
        if k == 18 and names[1]:
            return '(?(%d)%s|%s)' % (rng.choice(names[1]), seq(depth - 1), seq(depth - 1))
        return rng.choice('abc')

    def piece(depth):
        a = atom(depth)
        if a in ('', '^', '$', r'\b', r'\B') or a.startswith('(?=') or a.startswith('(?!') or a.startswith('(?<'):
            return a
        if rng.random() < 0.45:
            if len(a) == 2 and a[0] != '\\':
                a = '(?:%s)' % a
            q = rng.choice(['*', '+', '?', '*', '{2}', '{1,2}', '{0,2}', '{2,}'])
            return a + q + rng.choice(['', '', '?'])
        return a

    def seq(depth):
        return ''.join(piece(depth) for _ in range(rng.randrange(1, 4)))

    def alt(depth):
        return '|'.join(seq(depth) for _ in range(rng.choice([1, 1, 1, 2, 2, 3])))
    return alt(depth)


class TooLong(Exception):
    pass


def on_alarm(*_):
    raise TooLong


signal.signal(signal.SIGALRM, on_alarm)


def answer(m):
    if m is None:
        return '-'
    spans = [m.span(i) for i in range(m.re.groups + 1)]
    return ';'.join(['%s' % m.lastindex] + ['%d,%d' % s for s in spans])


def emit(pattern, flags, subjects, windows=False):
    try:
        tree = sre_parse.parse(pattern, flags)
        code = sre_compile._code(tree, flags)
        compiled = re.compile(pattern, flags)
    except Exception:
        return False
    rows = []
    for s in subjects:
        kind = 'u' if isinstance(s, unicode) else 'b'
        places = [(0, len(s))]
        if windows and len(s) > 2:
            places.append((1, len(s) - 1))
        for pos, endpos in places:
            for op, f in (('m', compiled.match), ('s', compiled.search)):
                signal.setitimer(signal.ITIMER_REAL, 1)
                try:
                    result = answer(f(s, pos, endpos))
                except TooLong:
                    continue
                except RuntimeError:
                    continue
                finally:
                    signal.setitimer(signal.ITIMER_REAL, 0)
                text = '.'.join(str(ord(c)) for c in s) or '-'
                rows.append('C %s %s %d %d %s %s' % (kind, op, pos, endpos, text, result))
    print 'P %d %d %s %s' % (compiled.flags, compiled.groups, repr(pattern).replace(' ', '\\x20'),
                             '.'.join(str(w & 0xffffffff) for w in code))
    for row in rows:
        print row
    return True


def random_patterns(seed, count):
    rng = random.Random(seed)
    done = 0
    while done < count:
        pattern = random_pattern(rng, 3, [0, []])
        flags = rng.choice(FLAGS)
        subjects = [''.join(rng.choice('aabbcA\n') for _ in range(rng.randrange(0, 9))) for _ in range(4)]
        if rng.random() < 0.1:
            subjects = [unicode(s) for s in subjects]
        done += emit(pattern, flags, subjects, rng.random() < 0.2)


if sys.argv[1:] == ['re_tests']:
    from test import re_tests
    for row in re_tests.tests:
        emit(row[0], 0, [row[1], unicode(row[1]) if not isinstance(row[1], unicode) and max(row[1] + ' ') < '\x80' else row[1]], True)
        emit(row[0], re.I | re.U, [row[1], unicode(row[1]) if not isinstance(row[1], unicode) and max(row[1] + ' ') < '\x80' else row[1]], True)
elif len(sys.argv) == 3:
    random_patterns(int(sys.argv[1]), int(sys.argv[2]))
else:
    print '# Written by tools/table.py, which says what the columns mean.'
    for p, f, subjects in PATTERNS:
        if not emit(p, f, subjects, True):
            raise SystemExit('bad pattern %r' % p)
    random_patterns(2718, 250)
