"""Module __pypy__ and its parts, as PyPy describes them."""
import os
import signal
import sys
import thread
import threading
import time

import __pypy__
from __pypy__ import builders, intop
from __pypy__.builders import StringBuilder, UnicodeBuilder
from __pypy__.os import real_getenv
from __pypy__.thread import signals_enabled
from __pypy__.time import CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, clock_getres, clock_gettime
import pypystm


def refused(error, f, *args):
    try:
        f(*args)
    except error as e:
        return str(e)
    raise AssertionError('%s not raised' % error.__name__)


# Builders.
b = StringBuilder(100)
b.append('abc')
b.append('')
b.append_slice('0123456789', 2, 5)
b.append('x' * 1000)
assert len(b) == 1006
assert b.build() == 'abc234' + 'x' * 1000
for f in (b.build, lambda: b.append('a'), lambda: len(b)):
    refused(ValueError, f)
b = StringBuilder()
refused(TypeError, b.append, u'a')
for start, end in ((-1, 2), (2, 1), (0, 4), (4, 4)):
    refused(ValueError, b.append_slice, 'abc', start, end)
assert b.build() == ''
u = UnicodeBuilder()
u.append(u'a\u1234')
u.append_slice(u'bc\U00012345d', 1, 3)
refused(TypeError, u.append, 'a')
assert len(u) == 4 and u.build() == u'a\u1234c\U00012345'
refused(TypeError, type, 'S', (StringBuilder,), {})
assert sys.modules['__pypy__.builders'] is builders is __pypy__.builders


# Two threads that append to one builder lose nothing.
b = StringBuilder()


def append(c):
    for i in xrange(2000):
        b.append(c)


workers = [threading.Thread(target=append, args=(c,)) for c in 'xy']
for w in workers:
    w.start()
for w in workers:
    w.join()
text = b.build()
assert text.count('x') == text.count('y') == 2000 and len(text) == 4000

# Dicts by identity.
d = __pypy__.identity_dict()
k1, k2 = [1], [1]
d[k1] = 'first'
d[k2] = 'second'
d[0], d[0.0], d[0L], d[None] = 1, 2, 3, 4
assert len(d) == 6 and d[k1] == 'first' and d[k2] == 'second' and d[0] == 1 and d[0.0] == 2
assert k1 in d and [1] not in d and d.get([1]) is None and d.get([1], 5) == 5
assert sorted(map(str, d.values())) == ['1', '2', '3', '4', 'first', 'second']
assert len(d.keys()) == 6 and any(k is k2 for k in d.keys())
del d[k1]
refused(KeyError, d.__getitem__, k1)
refused(KeyError, d.__delitem__, k1)
refused(TypeError, iter, d)
d.clear()
assert len(d) == 0

# Buffers that can be written.
b = __pypy__.bytebuffer(8)
assert len(b) == 8 and b[0] == '\0' and str(b) == '\0' * 8
b[3] = 'x'
b[-1] = 'y'
b[0:2] = 'ab'
b[4:7:2] = '12'
assert b[:] == 'ab\0x1\x002y' and b[::-1] == 'y2\x001x\0ba' and b[3:5] == 'x1'
assert str(buffer(b)) == b[:] and bytearray(b) == b[:]
assert refused(TypeError, b.__setitem__, 0, 'ab') == 'right operand must be a single byte'
assert refused(TypeError, b.__setitem__, slice(0, 3), 'ab') == 'right operand length must match slice length'
refused(IndexError, b.__getitem__, 8)
refused(ValueError, __pypy__.bytebuffer, -1)


# Lookup on the type; functions that do not become methods.
class A(object):
    def f(self):
        return self


class Old:
    pass


a = A()
a.g = 5
assert __pypy__.lookup_special(a, 'f')() is a
assert __pypy__.lookup_special(a, 'g') is None
refused(TypeError, __pypy__.lookup_special, Old(), 'f')


@__pypy__.builtinify
def free(*args):
    "text"
    return args


class B(object):
    f = free


assert B().f(1) == (1,) and B.f() == () and free(2, *(3,)) == (2, 3)
assert free.__name__ == 'free' and free.__doc__ == 'text' and not hasattr(free, 'im_func')
refused(TypeError, __pypy__.builtinify, 3)


def local():
    x = 1
    free = lambda: x
    frame = sys._getframe()
    frame.f_locals['x'] = 2
    __pypy__.locals_to_fast(frame)
    return x, free()


assert local() == (2, 2)

# Representations.
for x in (1, 1.5, None, 'a', a, 10 ** 30):
    assert __pypy__.internal_repr(x)
for kind in ('module', 'instance', 'kwargs', 'strdict'):
    d = __pypy__.newdict(kind)
    d['a'] = 1
    assert type(d) is dict and d == {'a': 1}
refused(TypeError, __pypy__.newdict, 'other')
assert __pypy__.strategy({}) == 'EmptyDictStrategy' and __pypy__.strategy(globals()) == 'ModuleDictStrategy'
assert __pypy__.strategy([1]) == 'ObjectListStrategy' and __pypy__.strategy(set()) == 'EmptySetStrategy'
refused(TypeError, __pypy__.strategy, 1)
assert __pypy__.newlist_hint(100) == []
l = [1]
__pypy__.resizelist_hint(l, 100)
assert l == [1]
refused(TypeError, __pypy__.resizelist_hint, (), 1)
assert __pypy__.specialized_zip_2_lists([1, 2, 3], ['a', 'b']) == [(1, 'a'), (2, 'b')]
refused(TypeError, __pypy__.specialized_zip_2_lists, (), [])
d = {1: l, 2: 3}
__pypy__.delitem_if_value_is(d, 1, [1])
assert 1 in d
__pypy__.delitem_if_value_is(d, 1, l)
assert 1 not in d
__pypy__.add_memory_pressure(1000)
assert __pypy__.stack_almost_full() is False
assert __pypy__._promote(l) is l
refused(TypeError, __pypy__._promote, u'')

# Words.
top = 2 ** 63 - 1
assert intop.int_add(top, 1) == -top - 1 and intop.int_sub(-top, 2) == top and intop.int_mul(top, 2) == -2
assert intop.int_floordiv(-7, 2) == -3 and intop.int_mod(-7, 2) == -1
assert intop.int_lshift(1, 63) == -top - 1 and intop.int_rshift(-8, 1) == -4
assert intop.uint_rshift(-1, 60) == 15 and intop.int_mulmod(top, top, 1000) == top * top % 1000
refused(ZeroDivisionError, intop.int_mod, 1, 0)
refused(ValueError, intop.int_lshift, 1, 64)

# The system.
os.environ['PYPY_MODULE_TEST'] = 'yes'
assert real_getenv('PYPY_MODULE_TEST') == 'yes' and real_getenv('PYPY_MODULE_TEST_NOT') is None
t = clock_gettime(CLOCK_MONOTONIC)
assert clock_gettime(CLOCK_MONOTONIC) >= t > 0 and 0 < clock_getres(CLOCK_MONOTONIC) < 1
assert isinstance(clock_gettime(CLOCK_PROCESS_CPUTIME_ID), float)
refused(IOError, clock_gettime, 12345)
__pypy__.validate_fd(0)
refused(OSError, __pypy__.validate_fd, 12345)
assert __pypy__.PYC_MAGIC == 168686339 and __pypy__.do_what_I_mean() == 42

# Signals: with the main thread refusing them, another one that is enabled handles them.
assert __pypy__.thread.atomic is pypystm.atomic and __pypy__.thread.error is thread.error
handled = []
done = threading.Event()


def enabled():
    with signals_enabled:
        end = time.time() + 30
        ready.set()
        while not handled and time.time() < end:
            time.sleep(0.001)
    done.set()


def plain():
    refused(thread.error, __pypy__.thread._signals_exit)


t = threading.Thread(target=plain)
t.start()
t.join()
ready = threading.Event()
signal.signal(signal.SIGUSR1, lambda n, f: handled.append(thread.get_ident()))
t = threading.Thread(target=enabled)
__pypy__.thread._signals_exit()
try:
    t.start()
    ready.wait()
    os.kill(os.getpid(), signal.SIGUSR1)
    done.wait(30)
finally:
    __pypy__.thread._signals_enter()
t.join()
assert handled == [t.ident], handled
handled = []
with signals_enabled:
    os.kill(os.getpid(), signal.SIGUSR1)
    end = time.time() + 30
    while not handled and time.time() < end:
        time.sleep(0.001)
assert handled == [thread.get_ident()]
