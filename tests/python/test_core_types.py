"""Edges of the built-in types that CPython's own suite leaves out: the words of errors, orders between unlike values,
attributes that cannot be set, and hashes that follow a seed. Holds on CPython 2.7 as well."""
import os
import subprocess
import sys


def refused(kind, text, function, *args):
    try:
        function(*args)
    except kind as error:
        assert str(error) == text, (str(error), text)
    else:
        raise AssertionError('%s not raised for %r' % (kind.__name__, args))


class Old:
    pass


class Coerced:
    def __init__(self, value):
        self.value = value

    def __coerce__(self, other):
        return self.value, other


# Old-style classes show what is in them and their bases, not what their type has.
for name in '__class__', '__call__', '__repr__', 'mro':
    refused(AttributeError, "class Old has no attribute '%s'" % name, getattr, Old, name)
refused(AttributeError, "Old instance has no attribute '__trunc__'", int, Old())

# Comparison: coercion of old-style instances comes first, then __cmp__; unlike values have an order all the same.
assert Coerced(2) == 2.0 and 2.0 == Coerced(2) and Coerced(2) < 3 and cmp(4, Coerced(3)) == 1
assert Old() < '' and Old() < () and None < Old()

# Coercion.
assert coerce([], []) == ([], []) and coerce(1, 2L) == (1L, 2L)
for pair in ('a', 'b'), (u'a', u'b'), (set(), set()), (Old(), 1):
    refused(TypeError, 'number coercion failed', coerce, *pair)

# Attributes that are members of C structures refuse with another kind of error than computed ones.
refused(TypeError, 'readonly attribute', setattr, property(), 'fget', None)
refused(TypeError, 'readonly attribute', setattr, slice(1), 'start', 0)
refused(TypeError, 'readonly attribute', setattr, refused.func_code, 'co_name', 'f')
refused(TypeError, 'readonly attribute', setattr, refused, 'func_globals', {})
refused(TypeError, 'readonly attribute', setattr, (i for i in ()), 'gi_running', 1)
refused(AttributeError, "attribute 'closed' of 'file' objects is not writable", setattr, sys.stdout, 'closed', 1)

# Slices given to a method are taken as they are; the operator adds the length.
assert [1, 2, 3].__getslice__(-2, 9) == [1, 2, 3] and [1, 2, 3][-2:9] == [2, 3]

# Wrong numbers of arguments, in the words of the different ways to count them.
refused(TypeError, "chr() takes exactly 1 argument (0 given)", chr)
refused(TypeError, "len() takes exactly one argument (0 given)", len)
refused(TypeError, "zfill() takes exactly 1 argument (2 given)", 'a'.zfill, 1, 2)
refused(TypeError, "translate expected at most 2 arguments, got 3", 'a'.translate, 1, 2, 3)
refused(TypeError, "function takes exactly 2 arguments (1 given)", [].__getslice__, 1)
refused(TypeError, " expected 2 arguments, got 1", [].__setitem__, 1)

# Indexing what cannot be indexed.
refused(TypeError, "'set' object does not support indexing", lambda: set()[0])
refused(TypeError, "'set' object has no attribute '__getitem__'", lambda: set()['a'])


def delete(sequence, key):
    del sequence[key]


refused(TypeError, "'str' object doesn't support item deletion", delete, 'a', 0)
refused(TypeError, "'str' object does not support item deletion", delete, 'a', 'b')
refused(TypeError, "can't concat NoneType to bytearray", bytearray().__iadd__, None)
refused(TypeError, 'not all arguments converted during string formatting', lambda: '' % xrange(1))
refused(TypeError, 'coercing to Unicode: need string or buffer, memoryview found', lambda: u'' + memoryview('a'))

# A file's mode may be unicode, and its name is looked at first.
assert open(os.devnull, u'rb').mode == 'rb'
refused(TypeError, 'coercing to Unicode: need string or buffer, int found', open, 1, 2)
refused(TypeError, 'file() argument 2 must be string without null bytes, not str', open, os.devnull, 'r\0')


# Hashes of texts follow the seed; without one they are what they always were.
def hashes(*options, **environment):
    program = 'print hash("abc"), hash(u"abc"), hash(buffer("abc")), hash(""), hash(5), hash(1.5)'
    return subprocess.check_output([sys.executable] + list(options) + ['-c', program],
                                   env=dict(os.environ, **environment)).split()


plain = ['1600925533', '1453079729188098211'][sys.maxint > 2 ** 31]
assert hashes(PYTHONHASHSEED='')[:3] == [plain] * 3
if sys.maxint > 2 ** 31:
    assert hashes(PYTHONHASHSEED='42')[:4] == ['-4410911502303878509'] * 3 + ['0']
assert hashes(PYTHONHASHSEED='0') == hashes(PYTHONHASHSEED='')
assert hashes('-R')[0] != hashes('-R')[0]
assert hashes('-R')[4:] == hashes()[4:]

print 'ok'
