"""Calls of methods, `x.name(...)`, which make no bound method object: everything seen must be as if they did."""
import dis
import sys
import types
import unittest


class Plain(object):
    kind = staticmethod(lambda *args: ('static', args))
    made = classmethod(lambda cls, *args: (cls.__name__, args))
    number = 5
    build = str

    def name(self, *args):
        return 'class', args

    def two(self, a, b=2):
        return a, b

    @property
    def prop(self):
        return lambda *args: ('property', args)


class Payload(list):
    def append(self, x):
        list.append(self, (x, x))


class Old:
    def name(self, *args):
        return 'old', args


def call_name(x, *args):
    return x.name(1, 2)


class TestCalls(unittest.TestCase):
    def test_kinds_of_attributes(self):
        for turn in range(3):
            p = Plain()
            self.assertEqual(p.name(1, 2), ('class', (1, 2)))
            self.assertEqual(p.kind(1), ('static', (1,)))
            self.assertEqual(p.made(1), ('Plain', (1,)))
            self.assertEqual(p.prop(3), ('property', (3,)))
            self.assertEqual(p.build(7), '7')
            self.assertEqual(p.two(1), (1, 2))
            self.assertEqual(p.two(1, b=3), (1, 3))
            self.assertEqual(p.two(b=3, a=4), (4, 3))
            self.assertRaises(TypeError, lambda: p.number())

    def test_shadowed_and_changed(self):
        p, q = Plain(), Plain()
        for turn in range(4):
            self.assertEqual(call_name(p), ('class', (1, 2)))
        q.name = lambda *args: ('own', args)
        self.assertEqual(call_name(q), ('own', (1, 2)))
        self.assertEqual(call_name(p), ('class', (1, 2)))
        del q.name
        self.assertEqual(call_name(q), ('class', (1, 2)))

        class Changing(object):
            def name(self, *args):
                return 'first'
        c = Changing()
        self.assertEqual([call_name(c) for turn in range(3)], ['first'] * 3)
        Changing.name = lambda self, *args: 'second'
        self.assertEqual([call_name(c) for turn in range(3)], ['second'] * 3)
        Changing.name = Plain
        self.assertRaises(TypeError, call_name, c)
        del Changing.name
        self.assertRaises(AttributeError, call_name, c)
        Changing.__getattr__ = lambda self, name: lambda *args: (name, args)
        self.assertEqual(call_name(c), ('name', (1, 2)))

    def test_looked_up_before_arguments(self):
        class C(object):
            def m(self, x):
                return 'old', x
        c = C()

        def change():
            C.m = lambda self, x: ('new', x)
            return 1
        for expected in ['old', 'new']:
            self.assertEqual(c.m(change()), (expected, 1))

        def missing():
            self.fail('arguments come after the attribute')
        self.assertRaises(AttributeError, lambda: c.absent(missing()))

    def test_many_kinds_at_one_place(self):
        class Module(types.ModuleType):
            pass
        m = types.ModuleType('m')
        m.name = lambda *args: ('module', args)
        sub = Module('sub')
        sub.name = lambda *args: ('sub', args)
        objects = [(Plain(), 'class'), (Old(), 'old'), (m, 'module'), (sub, 'sub')]
        for turn in range(100):
            for x, expected in objects:
                self.assertEqual(call_name(x), (expected, (1, 2)))
        m.name = lambda *args: ('changed', args)
        self.assertEqual(call_name(m), ('changed', (1, 2)))
        del m.name
        self.assertRaises(AttributeError, call_name, m)
        m.__dict__['name'] = lambda *args: ('again', args)
        self.assertEqual(call_name(m), ('again', (1, 2)))

    def test_built_in_types(self):
        def append(x):
            x.append(1)
            return x
        for turn in range(3):
            self.assertEqual(append([]), [1])
            self.assertEqual(append(Payload()), [(1, 1)])
            self.assertEqual(append(bytearray()), bytearray('\1'))
            self.assertRaises(AttributeError, append, 3)
            self.assertRaises(AttributeError, append, ())
        self.assertEqual('-'.join(['a', 'b']), 'a-b')
        self.assertEqual(u'-'.join(['a', 'b']), u'a-b')
        self.assertEqual((5).bit_length(), 3)
        self.assertEqual((1.5).is_integer(), False)
        self.assertEqual({}.setdefault(1, 2), 2)
        self.assertEqual({}.fromkeys('a'), {'a': None})
        self.assertEqual(dict.fromkeys('a'), {'a': None})
        self.assertEqual([3, 1].__len__(), 2)
        d = {}
        d.update(a=1, **{'b': 2})
        self.assertEqual(d, {'a': 1, 'b': 2})

    def message(self, f, *args):
        try:
            f(*args)
        except TypeError as e:
            return str(e)

    def test_messages(self):
        p = Plain()
        self.assertEqual(self.message(lambda: p.two()), 'two() takes at least 2 arguments (1 given)')
        self.assertEqual(self.message(lambda: p.two(1, 2, 3)), 'two() takes at most 3 arguments (4 given)')
        self.assertEqual(self.message(lambda: [].append()), 'append() takes exactly one argument (0 given)')
        self.assertEqual(self.message(lambda: [].append(x=1)), 'append() takes no keyword arguments')
        self.assertEqual(self.message(lambda: ''.isalpha(1)), 'isalpha() takes no arguments (1 given)')
        self.assertEqual(self.message(lambda: sys.exc_clear(1)), 'exc_clear() takes no arguments (1 given)')

    def test_init_with_default(self):
        class Node(object):
            def __init__(self, x, y=2):
                self.sum = x + y
        space = types.ModuleType('space')
        space.Node = Node
        for turn in range(3):
            self.assertEqual(space.Node(1).sum, 3)
            self.assertEqual([space.Node(x).sum for x in (1, 2)], [3, 4])
            self.assertEqual(space.Node(space.Node(1).sum, space.Node(2, 5).sum).sum, 10)

    def test_nested_and_generators(self):
        p = Plain()
        self.assertEqual(p.two(p.two(1), p.two(p.two(2), 3)), ((1, 2), ((2, 2), 3)))

        def g():
            got = []
            got.append((yield 1))
            got.append([p.two(x) for x in (1, 2)])
            got.extend([p.two((yield 2), (yield 3)), p.two(1 if got else 2, b=[] or 4)])
            yield got
        it = g()
        self.assertEqual(next(it), 1)
        self.assertEqual(it.send('a'), 2)
        self.assertEqual(it.send('b'), 3)
        self.assertEqual(it.send('c'), ['a', [(1, 2), (2, 2)], ('b', 'c'), (1, 4)])

    def test_exceptions_in_arguments(self):
        p = Plain()

        def f():
            try:
                return p.two(1, {}['x'])
            except KeyError:
                return p.two(5)
        for turn in range(3):
            self.assertEqual(f(), (5, 2))


class TestSeenFromOutside(unittest.TestCase):
    def test_code(self):
        def f(x):
            return x.name(1)
        names = [dis.opname[ord(c)] for c in f.__code__.co_code[::3]]
        self.assertEqual(names, ['LOAD_FAST', 'LOAD_ATTR', 'LOAD_CONST', 'CALL_FUNCTION', 'RETURN_VALUE'])

    def test_profile(self):
        seen = []

        def profile(frame, event, arg):
            seen.append((event, frame.f_code.co_name, getattr(arg, '__name__', None), getattr(arg, '__self__', None)))

        def f(x, p):
            x.append(1)
            p.name()
            '-'.join([])
        x, p = [], Plain()
        f(x, p)
        sys.setprofile(profile)
        f(x, p)
        sys.setprofile(None)
        seen = [s for s in seen if s[2] != 'setprofile']
        self.assertEqual([s[:3] for s in seen], [
            ('call', 'f', None), ('c_call', 'f', 'append'), ('c_return', 'f', 'append'), ('call', 'name', None),
            ('return', 'name', None), ('c_call', 'f', 'join'), ('c_return', 'f', 'join'), ('return', 'f', None)])
        self.assertTrue(seen[1][3] is x)

    def test_profile_begins_in_arguments(self):
        seen = []

        def profile(frame, event, arg):
            seen.append((event, getattr(arg, '__name__', None)))

        def f(x):
            x.append(sys.setprofile(profile))
            sys.setprofile(None)
        x = []
        f(x)
        self.assertEqual(x, [None])
        self.assertTrue(('c_call', 'append') in seen)

    def test_trace_and_jump(self):
        def f(p, out):
            out.append(p.two(
                1,
                2))
            out.append(3)
            return out
        first = f.__code__.co_firstlineno
        lines = []

        def trace(frame, event, arg):
            if frame.f_code is f.__code__ and event == 'line':
                lines.append(frame.f_lineno - first)
                if frame.f_lineno - first == 4:
                    frame.f_lineno = first + 5
            return trace
        sys.settrace(trace)
        out = f(Plain(), [])
        sys.settrace(None)
        self.assertEqual(out, [(1, 2)])
        self.assertEqual(lines, [1, 2, 3, 4])


if __name__ == '__main__':
    unittest.main()
