# -*- coding: ascii -*-
"""str, unicode, bytearray, buffers, codecs and patterns where their rules are easy to get wrong. CPython 2.7.18 passes too."""
import array
import binascii
import codecs
import re
import struct
import sys
import unicodedata


def refused(error, f, *args):
    try:
        f(*args)
    except error as e:
        return str(e)
    raise AssertionError('%s not raised' % error.__name__)


# str and unicode mix by decoding ASCII.
assert 'a' + u'b' == u'ab' and type('a' + u'b') is unicode
assert 'a,b'.split(u',') == [u'a', u'b'] and type('a,b'.split(u',')[0]) is unicode
assert '%s-%s' % (1, u'\u1234') == u'1-\u1234'
assert {u'k': 1}['k'] == 1 and hash('k') == hash(u'k')
assert 'ascii' in refused(UnicodeDecodeError, lambda: '\xff' + u'a')
assert refused(TypeError, lambda: 'a' + 1) == "cannot concatenate 'str' and 'int' objects"

# Characters of every width, one item each.
wide = u'a\xe9\u1234\U00012345'
assert len(wide) == 4 and wide[3] == u'\U00012345' and sys.maxunicode == 0x10ffff
for n in range(5):
    part = wide[:n]
    assert part + wide[n:] == wide and part.encode('utf-8').decode('utf-8') == part
    for name in 'utf-7', 'utf-16', 'utf-16-be', 'utf-32-le', 'unicode_escape', 'raw_unicode_escape', 'unicode_internal':
        assert part.encode(name).decode(name) == part, (name, part)
assert wide.replace(u'\u1234', u'') == u'a\xe9\U00012345' and wide.find(u'\u1234') == 2 and u'\u9999' not in wide
assert u'\xe9'.upper() == u'\xc9' and u'\u01c6'.title() == u'\u01c5'
assert u'\ud800\udc00'.encode('utf-8') == '\xf0\x90\x80\x80' and '\xed\xa0\x80'.decode('utf-8') == u'\ud800'

# Search is linear whatever the text.
for text, what in ('a' * 200000, 'a' * 50000 + 'b'), (u'\u1234' * 200000, u'\u1234' * 50000 + u'x'):
    assert text.find(what) == text.rfind(what) == -1 and text.count(what) == 0 and text.replace(what, '') == text

# Formats.
assert '%(a)s %(b)05.1f' % {'a': 'x', 'b': 2.25} == 'x 002.2'
assert '{0[k]!r:>6}|{1.real:x}|{:,}'.replace('{:,}', '{2:,}').format({'k': 'v'}, 255, 1234567) == "   'v'|ff|1,234,567"
assert refused(TypeError, lambda: '%d' % 'x') == '%d format: a number is required, not str'

# Error handlers.
assert u'\u1234x'.encode('ascii', 'xmlcharrefreplace') == '&#4660;x'
assert u'\xff\u1234'.encode('ascii', 'backslashreplace') == '\\xff\\u1234'
codecs.register_error('test.twice', lambda e: (u'??', e.end))
assert u'a\xff'.encode('ascii', 'test.twice') == 'a??' and '\xffa'.decode('ascii', 'test.twice') == u'??a'
assert '\xe2\x82'.decode('utf-8', 'replace') == u'\ufffd'
try:
    u'ab\xff\xfe'.encode('ascii')
except UnicodeEncodeError as e:
    assert (e.encoding, e.start, e.end, e.reason) == ('ascii', 2, 4, 'ordinal not in range(128)')

# bytearray: growth, deletion in front, slices.
b = bytearray()
for i in range(1000):
    b.append(i & 255)
del b[:500]
b[0:0] = 'xyz'
b[::2] = '-' * len(b[::2])
assert len(b) == 503 and b[0] == ord('-') and b[1] == ord('y') and bytes(b[-1:]) == '-'
m = memoryview(bytearray('hello'))
m[1:3] = 'EL'
assert m.tobytes() == 'hELlo' and m[1:][0] == 'E'
assert str(buffer('abcdef', 2, 3)) == 'cde'

# Patterns over every kind of subject.
for text in 'x12y', u'x12y', u'x12y\u1234', bytearray('x12y'), buffer('x12y'), array.array('c', 'x12y'):
    assert re.search('[0-9]+', text).span() == (1, 3)
assert re.sub(r'(\w)(\d)', r'\2\1', 'a1b2') == '1a2b' and re.split('(,)', 'a,b') == ['a', ',', 'b']
assert re.match(u'\\w+', u'\xe9t\xe9', re.U).end() == 3
assert [f.group() for f in re.finditer('a|(b)', 'cab')] == ['a', 'b']

# Packed values.
assert struct.unpack('<hBxi', struct.pack('<hBxi', -2, 255, 7)) == (-2, 255, 7)
assert binascii.unhexlify(binascii.hexlify('\x00\xff')) == '\x00\xff'
assert binascii.a2b_base64(binascii.b2a_base64('abc')) == 'abc' and binascii.crc32('abc') == 891568578
a = array.array('i', [3, 1, 2])
a.extend(array.array('i', [9]))
a[1:2] = array.array('i', [5, 6])
assert a.tolist() == [3, 5, 6, 2, 9] and a.itemsize == 4
assert unicodedata.normalize('NFC', u'e\u0301') == u'\xe9' and unicodedata.name(u'\u20ac') == 'EURO SIGN'
print 'ok'
