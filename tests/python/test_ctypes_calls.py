"""Foreign calls: the C library through ctypes, callbacks, C memory shared between threads."""

import ctypes
import os
import sys
import threading
import time
import unittest
from ctypes import (
    ArgumentError, CDLL, CFUNCTYPE, POINTER, PYFUNCTYPE, Structure, Union, addressof, byref, c_byte, c_char, c_char_p,
    c_double, c_float, c_int, c_long, c_longdouble, c_longlong, c_short, c_size_t, c_ubyte, c_uint, c_ulong, c_void_p,
    c_wchar, c_wchar_p, cast, create_string_buffer, create_unicode_buffer, get_errno, memmove, memset, pointer, py_object,
    resize, set_errno, sizeof, string_at, wstring_at)

libc = CDLL(None)
COMPARE = CFUNCTYPE(c_int, POINTER(c_int), POINTER(c_int))


class Time(Structure):
    """struct tm"""
    _fields_ = [(name, c_int) for name in (
        'tm_sec', 'tm_min', 'tm_hour', 'tm_mday', 'tm_mon', 'tm_year', 'tm_wday', 'tm_yday', 'tm_isdst')
    ] + [('tm_gmtoff', c_long), ('tm_zone', c_char_p)]


class Div(Structure):
    """div_t"""
    _fields_ = [('quot', c_int), ('rem', c_int)]


class LongDiv(Structure):
    """ldiv_t"""
    _fields_ = [('quot', c_long), ('rem', c_long)]


class Calls(unittest.TestCase):
    def test_numbers(self):
        self.assertEqual(libc.abs(-5), 5)
        labs = CDLL(None).labs
        labs.restype, labs.argtypes = c_long, [c_long]
        self.assertEqual(labs(-2 ** 40), 2 ** 40)
        libm = CDLL('libm.so.6')
        libm.pow.restype, libm.pow.argtypes = c_double, [c_double, c_double]
        self.assertEqual(libm.pow(2, 0.5), 2 ** 0.5)
        libm.powf.restype, libm.powf.argtypes = c_float, [c_float, c_float]
        self.assertEqual(libm.powf(3, 4), 81.0)
        libm.fabsl.restype, libm.fabsl.argtypes = c_longdouble, [c_longdouble]
        self.assertEqual(libm.fabsl(-1.25), 1.25)

    def test_text(self):
        self.assertEqual(libc.strlen('hello'), 5)
        strchr = CDLL(None).strchr
        strchr.restype = c_char_p
        self.assertEqual(strchr('abcdef', ord('d')), 'def')
        self.assertEqual(strchr('abcdef', ord('x')), None)
        self.assertEqual(libc.wcslen(u'f\xfcnf\U0001f600'), 5)
        getenv = CDLL(None).getenv
        getenv.restype = c_char_p
        libc.setenv('PYPYSTM_CTYPES', 'some text', 1)
        self.assertEqual(getenv('PYPYSTM_CTYPES'), 'some text')

    def test_variadic(self):
        b = create_string_buffer(100)
        n = libc.snprintf(b, sizeof(b), '%d %s %.2f %c', 42, 'text', c_double(1.5), ord('x'))
        self.assertEqual(b.value, '42 text 1.50 x')
        self.assertEqual(n, len(b.value))

    def test_write_to_a_pipe(self):
        r, w = os.pipe()
        try:
            self.assertEqual(libc.dprintf(w, 'number %d\n', 7), 9)
            self.assertEqual(os.read(r, 100), 'number 7\n')
        finally:
            os.close(r)
            os.close(w)

    def test_time(self):
        t = c_long()
        now = time.time()
        libc.time.restype = c_long
        self.assertEqual(libc.time(byref(t)), t.value)
        self.assertTrue(abs(t.value - now) < 5)
        gmtime = CDLL(None).gmtime
        gmtime.restype = POINTER(Time)
        tm = gmtime(byref(t)).contents
        self.assertEqual((tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday), time.gmtime(t.value)[:3])
        self.assertEqual(tm.tm_zone, 'GMT')

    def test_structures_by_value(self):
        div = CDLL(None).div
        div.restype = Div
        r = div(17, 5)
        self.assertEqual((r.quot, r.rem), (3, 2))
        ldiv = CDLL(None).ldiv
        ldiv.restype, ldiv.argtypes = LongDiv, [c_long, c_long]
        r = ldiv(-2 ** 40, 3)
        self.assertEqual((r.quot, r.rem), (-(2 ** 40 // 3), -1))

    def test_structures_passed_by_value(self):
        class Pair(Structure):
            _fields_ = [('x', c_double), ('y', c_int)]

        class Large(Structure):
            _fields_ = [('items', c_long * 12)]

        class Floats(Structure):
            _fields_ = [('a', c_float * 3)]

        for cls, value in ((Pair, Pair(1.5, 7)), (Large, Large(tuple(range(12)))), (Floats, Floats((1.0, 2.0, 3.0)))):
            seen = []

            def take(s, number):
                seen.append((bytes(bytearray(s)), number))
            f = CFUNCTYPE(None, cls, c_int)(take)
            f(value, 99)
            self.assertEqual(seen, [(bytes(bytearray(value)), 99)])

    def test_errno(self):
        lib = CDLL(None, use_errno=True)
        set_errno(0)
        self.assertEqual(lib.close(-1), -1)
        self.assertEqual(get_errno(), 9)
        self.assertEqual(set_errno(3), 9)
        self.assertEqual(get_errno(), 3)
        libc.close(-1)
        self.assertEqual(get_errno(), 3)

    def test_wrong_arguments(self):
        strlen = CDLL(None).strlen
        strlen.argtypes = [c_char_p]
        for args, text in (
                ((3,), "argument 1: <type 'exceptions.TypeError'>: wrong type"),
                (('abc', 3.5), "argument 2: <type 'exceptions.TypeError'>: Don't know how to convert parameter 2")):
            with self.assertRaises(ArgumentError) as e:
                strlen(*args)
            self.assertEqual(str(e.exception), text)
        with self.assertRaises(TypeError) as e:
            strlen()
        self.assertEqual(str(e.exception), 'this function takes at least 1 argument (0 given)')
        self.assertRaises(AttributeError, getattr, libc, 'there_is_no_such_function')
        self.assertRaises(OSError, CDLL, '/there/is/no/such/library.so')

    def test_restype_and_errcheck(self):
        f = CDLL(None).abs
        f.restype = lambda n: 'got %d' % n
        self.assertEqual(f(-3), 'got 3')
        f = CDLL(None).abs
        seen = []

        def check(result, function, args):
            seen.append((result, function is f, args))
            return result + 1
        f.errcheck = check
        self.assertEqual(f(-3), 4)
        self.assertEqual(seen, [(3, True, (-3,))])

        def refuse(result, function, args):
            raise KeyError(result)
        f.errcheck = refuse
        self.assertRaises(KeyError, f, -3)

    def test_paramflags(self):
        proto = CFUNCTYPE(c_int, POINTER(c_long))
        f = proto(('time', libc), ((2, 'out'),))
        self.assertTrue(abs(f() - time.time()) < 5)
        named = CFUNCTYPE(c_int, c_int)(('abs', libc), ((1, 'number', -4),))
        self.assertEqual((named(-5), named(number=-6), named()), (5, 6, 4))
        self.assertRaises(TypeError, named, 1, 2)

    def test_arguments_by_attribute(self):
        class Wrapped(object):
            def __init__(self, x):
                self._as_parameter_ = x
        self.assertEqual(libc.abs(Wrapped(-3)), 3)
        self.assertEqual(libc.strlen(Wrapped(Wrapped('abcd'))), 4)
        loop = Wrapped(None)
        loop._as_parameter_ = loop
        self.assertRaises(ArgumentError, libc.abs, loop)


class Memory(unittest.TestCase):
    def test_move_and_set(self):
        b = create_string_buffer('hello', 10)
        memmove(addressof(b) + 1, 'ipp', 3)
        self.assertEqual(b.value, 'hippo')
        memset(b, ord('x'), 9)
        self.assertEqual(b.value, 'x' * 9)
        self.assertEqual(string_at(b, 3), 'xxx')
        self.assertEqual(string_at(addressof(b)), 'x' * 9)
        u = create_unicode_buffer(u'f\xfcnf')
        self.assertEqual(wstring_at(u), u'f\xfcnf')
        self.assertEqual(wstring_at(u, 2), u'f\xfc')

    def test_cast(self):
        a = (c_int * 3)(1, 2, 3)
        p = cast(a, POINTER(c_int))
        self.assertEqual(p[:3], [1, 2, 3])
        p[1] = 20
        self.assertEqual(a[:], [1, 20, 3])
        n = cast(p, c_void_p).value
        self.assertEqual(n, addressof(a))
        self.assertEqual(cast(n, POINTER(c_int)).contents.value, 1)
        self.assertRaises(TypeError, cast, a, c_int)

    def test_pointers(self):
        x = c_int(7)
        p = pointer(x)
        p.contents.value += 1
        p[0] *= 2
        self.assertEqual(x.value, 16)
        p.contents = c_int(5)
        self.assertEqual((p[0], x.value), (5, 16))
        q = pointer(p)
        q.contents.contents.value = 6
        self.assertEqual(p[0], 6)
        self.assertRaises(ValueError, lambda: POINTER(c_int)().contents)
        self.assertFalse(POINTER(c_int)())

    def test_linked_list(self):
        class Node(Structure):
            pass
        Node._fields_ = [('value', c_int), ('next', POINTER(Node))]
        nodes = [Node(i) for i in range(5)]
        for a, b in zip(nodes, nodes[1:]):
            a.next = pointer(b)
        node, seen = nodes[0], []
        while True:
            seen.append(node.value)
            if not node.next:
                break
            node = node.next.contents
        self.assertEqual(seen, range(5))

    def test_layout(self):
        class Mixed(Structure):
            _fields_ = [('a', c_byte), ('b', c_double), ('c', c_short), ('d', c_int, 3), ('e', c_int, 7),
                        ('f', c_char * 5), ('g', c_wchar * 2)]
        self.assertEqual([getattr(Mixed, n).offset for n in 'abcdefg'], [0, 8, 16, 20, 20, 24, 32])
        self.assertEqual(sizeof(Mixed), 40)
        m = Mixed(1, 2.5, -3, -2, 50, 'abc', u'xy')
        self.assertEqual((m.a, m.b, m.c, m.d, m.e, m.f, m.g), (1, 2.5, -3, -2, 50, 'abc', u'xy'))

        class Packed(Structure):
            _pack_ = 1
            _fields_ = [('a', c_byte), ('b', c_longlong)]
        self.assertEqual((sizeof(Packed), Packed.b.offset), (9, 1))

        class Either(Union):
            _fields_ = [('word', c_uint), ('bytes', c_ubyte * 4)]
        e = Either(0x01020304)
        self.assertEqual(sorted(e.bytes), [1, 2, 3, 4])

        class Outer(Structure):
            _anonymous_ = ['inner']
            _fields_ = [('x', c_int), ('inner', Either)]
        o = Outer()
        o.word = 5
        self.assertEqual(o.inner.word, 5)
        self.assertEqual(Outer.bytes.offset, 4)

    def test_other_byte_order(self):
        class Header(ctypes.BigEndianStructure):
            _fields_ = [('size', c_int), ('kind', c_short)]
        self.assertEqual(bytes(bytearray(Header(1, 2))), '\0\0\0\1\0\2\0\0')

    def test_shared_with_buffers(self):
        b = bytearray('\0' * 8)
        n = c_int.from_buffer(b, 4)
        n.value = 0x01010101
        self.assertEqual(b, '\0' * 4 + '\1' * 4)
        b[4] = 2
        self.assertEqual(n.value, 0x01010102)
        self.assertRaises(TypeError, c_int.from_buffer, 'abcd')
        self.assertRaises(ValueError, c_int.from_buffer, b, 5)
        copy = c_int.from_buffer_copy('\1\0\0\0')
        self.assertEqual(copy.value, 1)

    def test_resize(self):
        a = (c_int * 2)(1, 2)
        resize(a, 100)
        self.assertEqual((sizeof(a), a[:]), (100, [1, 2]))
        self.assertRaises(ValueError, resize, a, 4)

    def test_objects_are_kept_alive(self):
        class Names(Structure):
            _fields_ = [('first', c_char_p), ('second', c_wchar_p)]
        all_of_them = []
        for i in range(1000):
            all_of_them.append(Names('name %d' % i, u'number %d' % i))
        import gc
        gc.collect()
        for i, n in enumerate(all_of_them):
            self.assertEqual((n.first, n.second), ('name %d' % i, u'number %d' % i))

    def test_python_objects(self):
        x = object()
        self.assertIs(py_object(x).value, x)
        self.assertRaises(ValueError, lambda: py_object().value)
        a = (py_object * 2)()
        a[1] = x
        self.assertIs(a[1], x)


class Callbacks(unittest.TestCase):
    def test_sort(self):
        a = (c_int * 10)(*[7, 3, 9, 1, 8, 2, 6, 0, 5, 4])

        @COMPARE
        def compare(x, y):
            return cmp(x[0], y[0])
        libc.qsort(a, len(a), sizeof(c_int), compare)
        self.assertEqual(a[:], range(10))

    def test_types(self):
        for t, v in ((c_byte, -3), (c_ubyte, 250), (c_short, -30000), (c_int, -2 ** 31), (c_uint, 2 ** 32 - 1),
                     (c_long, -2 ** 63), (c_ulong, 2 ** 64 - 1), (c_float, 1.5), (c_double, 0.1),
                     (c_longdouble, -2.25), (c_char, 'x'), (c_void_p, 12345), (c_wchar, u'\u20ac')):
            got = []

            def same(*args):
                got.append(args)
                return args[1]
            f = CFUNCTYPE(t, c_byte, t)(same)
            self.assertEqual(f(-1, v), v)
            self.assertEqual(got, [(-1, v)])

    def test_exceptions_are_printed(self):
        import StringIO
        old, sys.stderr = sys.stderr, StringIO.StringIO()
        try:
            def fail(n):
                raise KeyError(n)
            self.assertEqual(CFUNCTYPE(c_int, c_int)(fail)(42), 0)
            text = sys.stderr.getvalue()
        finally:
            sys.stderr = old
        self.assertEqual(text.splitlines()[-1], 'KeyError: 42')

    def test_exit(self):
        def leave():
            raise SystemExit(3)
        self.assertRaises(SystemExit, CFUNCTYPE(c_int)(leave))

    def test_nested(self):
        def make(depth):
            def f(n):
                return n if depth == 0 else 1 + make(depth - 1)(n)
            return CFUNCTYPE(c_int, c_int)(f)
        self.assertEqual(make(20)(5), 25)

    def test_collections_in_callbacks(self):
        import gc

        @COMPARE
        def compare(x, y):
            gc.collect()
            return x.contents.value - y.contents.value
        a = (c_int * 6)(3, 1, 2, 6, 5, 4)
        libc.qsort(a, len(a), sizeof(c_int), compare)
        self.assertEqual(a[:], [1, 2, 3, 4, 5, 6])

    def test_function_of_pythons_interface(self):
        f = PYFUNCTYPE(c_int, c_int)(lambda n: n + 1)
        self.assertEqual(f(3), 4)


class Threads(unittest.TestCase):
    def run_in_threads(self, f, n=4):
        errors = []

        def run(i):
            try:
                f(i)
            except BaseException:
                errors.append(sys.exc_info())
        threads = [threading.Thread(target=run, args=(i,)) for i in range(n)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        if errors:
            raise errors[0][0], errors[0][1], errors[0][2]

    def test_calls_sleep_side_by_side(self):
        begin = time.time()
        self.run_in_threads(lambda i: libc.usleep(300000))
        self.assertTrue(time.time() - begin < 1.0)

    def test_sorting(self):
        def sort(i):
            for k in range(10):
                numbers = [(j * 7919 + i + k) % 1000 for j in range(60)]
                a = (c_int * len(numbers))(*numbers)
                libc.qsort(a, len(a), sizeof(c_int), COMPARE(lambda x, y: x[0] - y[0]))
                self.assertEqual(a[:], sorted(numbers))
        self.run_in_threads(sort)

    def test_shared_counter(self):
        counter = c_int(0)
        lock = threading.Lock()

        def add(i):
            for _ in range(300):
                with lock:
                    counter.value += 1
        self.run_in_threads(add)
        self.assertEqual(counter.value, 1200)

    def test_atomic_blocks(self):
        # In CPython there are none: then a lock does.
        try:
            from transaction import atomic
        except ImportError:
            atomic = threading.Lock()

        class Pair(Structure):
            _fields_ = [('a', c_int), ('b', c_int)]
        pair = Pair(0, 0)

        def move(i):
            for _ in range(200):
                with atomic:
                    pair.a += 1
                    self.assertEqual(pair.a, pair.b + 1)
                    pair.b += 1
        self.run_in_threads(move)
        self.assertEqual((pair.a, pair.b), (800, 800))

    def test_calls_in_atomic_blocks(self):
        try:
            from transaction import atomic
        except ImportError:
            atomic = threading.RLock()
        done = []

        def call(i):
            for k in range(50):
                with atomic:
                    n = len(done)
                    self.assertEqual(libc.abs(-k), k)
                    f = CFUNCTYPE(c_int, c_int)(lambda x: x + n)
                    self.assertEqual(f(1), len(done) + 1)
                    done.append(k)
        self.run_in_threads(call)
        self.assertEqual(len(done), 200)

    def test_errno_belongs_to_the_thread(self):
        def check(i):
            for k in range(100):
                set_errno(i * 1000 + k)
                time.sleep(0)
                self.assertEqual(get_errno(), i * 1000 + k)
        self.run_in_threads(check)


if __name__ == '__main__':
    unittest.main()
