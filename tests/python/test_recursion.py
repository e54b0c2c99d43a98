"""What calls itself, or nests, without end, outside the eval loop: through special methods, natives and the library. Each ends
with an exception (RuntimeError, as far as CPython has one; some of these crash it), never with the end of the process."""
import subprocess
import sys

# Depth that no native stack could hold if each level took a frame of it.
DEEP = 'N = 200000\n'

# Name: program. It prints the name of the exception it meets, or "none".
ENDLESS = {
    'getattr, old-style': 'class C:\n def __getattr__(self, name): return getattr(self, name + "x")\nC().x',
    'getattribute': 'class C(object):\n def __getattribute__(self, name): return self.x\nC().x',
    'setattr': 'class C(object):\n def __setattr__(self, name, value): self.x = 1\nC().x = 1',
    'delattr': 'class C(object):\n def __delattr__(self, name): del self.x\ndel C().x',
    'descriptor': 'class C(object):\n @property\n def x(self): return self.x\nC().x',
    'metaclass': 'class M(type):\n def __getattr__(self, name): return getattr(self, name)\nclass C(object):\n __metaclass__ = M\nC.x',
    'new': 'class C(object):\n def __new__(cls): return cls()\nC()',
    'init': 'class C(object):\n def __init__(self): C()\nC()',
    'eq': 'class C(object):\n def __eq__(self, other): return [self] == [other]\nC() == C()',
    'cmp, old-style': 'class C:\n def __cmp__(self, other): return cmp([self], [other])\nC() == C()',
    'lt through sort': 'class C(object):\n def __lt__(self, other): return sorted([self, other])\nsorted([C(), C()])',
    'hash': 'class C(object):\n def __hash__(self): return hash((self,))\nhash(C())',
    'repr': 'class C(object):\n def __repr__(self): return repr([self])\nrepr(C())',
    'str': 'class C(object):\n def __str__(self): return "%s" % self\nstr(C())',
    'unicode': 'class C(object):\n def __unicode__(self): return u"%s" % self\nunicode(C())',
    'format': 'class C(object):\n def __format__(self, spec): return "{}".format(self)\nformat(C())',
    'nonzero': 'class C(object):\n def __nonzero__(self): return bool(self)\nbool(C())',
    'index': 'class C(object):\n def __index__(self): return [1][self]\n[1][C()]',
    'int': 'class C(object):\n def __int__(self): return int(self)\nint(C())',
    'coerce': 'class C:\n def __coerce__(self, other): return coerce(self, other)\nC() + 1',
    'add and radd': 'class C(object):\n def __add__(self, other): return other + self\n __radd__ = __add__\nC() + C()',
    'contains': 'class C(object):\n def __contains__(self, x): return x in self\n1 in C()',
    'iter': 'class C(object):\n def __iter__(self): return iter(list(self))\nlist(C())',
    'next': 'class C(object):\n def __iter__(self): return self\n def next(self): return next(self)\nlist(C())',
    'call': 'class C(object):\n def __call__(self): return map(self, ())or apply(self)\nC()()',
    'instancecheck': 'class M(type):\n def __instancecheck__(self, x): return isinstance(x, self)\nclass C(object):\n __metaclass__ = M\nisinstance(1, C)',
    'with': 'class C(object):\n def __enter__(self):\n  with self: pass\n def __exit__(self, *e): pass\nwith C(): pass',
    'map': 'f = lambda x: map(f, [x])\nf(1)',
    'reduce': 'f = lambda x, y: reduce(f, [x, y])\nf(1, 2)',
    'sort key': 'f = lambda x: sorted([x], key=f)\nf(1)',
    'apply': 'f = lambda: apply(f)\nf()',
    'exec': 's = "exec s"\nexec s',
    'eval': 's = "eval(s)"\neval(s)',
    'generator': 'def g():\n for x in g(): yield x\nlist(g())',
    'genexp': 'def g(): return (x for x in g())\ng()',
    'sub': 'import re\nf = lambda m: re.sub("a", f, "a")\nre.sub("a", f, "a")',
    'partial': 'import functools\ndef f(): return functools.partial(f)()\nf()',
    'import hook': 'import sys\nclass F(object):\n def find_module(self, name, path=None): __import__(name + "x")\nsys.meta_path.append(F())\nimport nothing',
    'weak callback': 'import weakref, gc\nclass C(object): pass\ndef f(ref=None):\n  f()\nr = weakref.ref(C(), f)\ngc.collect()\nf()',
    'limit raised': 'import sys\nsys.setrecursionlimit(10 ** 9)\nclass C(object):\n def __repr__(self): return repr([self])\nrepr(C())',
    'limit raised, plain': 'import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(): return f() + 1\nf()',
    'in a thread': 'import thread, time\nends = []\nclass C(object):\n def __repr__(self): return repr([self])\ndef body():\n try: repr(C())\n except RuntimeError: ends.append(1)\nthread.stack_size(1 << 16)\nthread.start_new_thread(body, ())\nwhile not ends: time.sleep(.01)\nraise RuntimeError',
}
NESTED = {
    'pickle': 'import pickle\npickle.dumps(nest(list))',
    'cPickle': 'import cPickle\ncPickle.dumps(nest(list), 2)',
    'cPickle loads': 'import cPickle\ncPickle.loads("(" * N + "l" * N + ".")',
    'json dumps': 'import json\njson.dumps(nest(list))',
    'json loads': 'import json\njson.loads("[" * N)',
    'json objects': 'import json\njson.loads(\'{"":\' * N)',
    'marshal': 'import marshal\nmarshal.dumps(nest(list))',
    'marshal loads': 'import marshal\nmarshal.loads("[\\1\\0\\0\\0" * N)',
    'deepcopy': 'import copy\ncopy.deepcopy(nest(list))',
    'compare': 'nest(list) == nest(list)',
    'compare tuples': 'cmp(nest(tuple), nest(tuple))',
    'hash': 'hash(nest(tuple))',
    'repr of dicts': 'd = {}\nfor n in xrange(N): d = {1: d}\nrepr(d)',
    'repr of sets': 's = frozenset()\nfor n in xrange(N): s = frozenset([s])\nrepr(s)',
    'repr of deques': 'import collections\nd = collections.deque()\nfor n in xrange(N): d = collections.deque([d])\nrepr(d)',
    'chain': 'import itertools\ni = iter(())\nfor n in xrange(N): i = itertools.chain(i)\nlist(i)',
    'imap': 'import itertools\ni = iter([1])\nfor n in xrange(N): i = itertools.imap(None, i)\nlist(i)',
    'islice': 'import itertools\ni = iter([1])\nfor n in xrange(N): i = itertools.islice(i, 9)\nlist(i)',
    'enumerate': 'i = iter([1])\nfor n in xrange(N): i = enumerate(i)\nlist(i)',
    'generators': 'def g(i):\n for x in i: yield x\ni = iter([1])\nfor n in xrange(N): i = g(i)\nlist(i)',
    'partial': 'import functools\nf = int\nfor n in xrange(N): f = functools.partial(f)\nf()',
    'methods': 'import types\nf = lambda *a: 0\nfor n in xrange(N): f = types.MethodType(f, 1)\nf()',
    'classmethods': 'f = len\nfor n in xrange(N): f = classmethod(f)\nclass C(object): g = f\nC.g',
    'proxies': 'import weakref\nclass C(object): pass\nk = [C()]\nfor n in xrange(1000): k.append(weakref.proxy(k[-1]))\nk[-1].x = 1\nraise RuntimeError',
    'isinstance': 'isinstance(1, nest(tuple))',
    'except': 'try: raise KeyError\nexcept nest(tuple): pass',
    'startswith': '"".startswith(nest(tuple))',
    'classes': 'C = object\nfor n in xrange(300): C = type("C", (C,), {})\nC().x',
    'old-style classes': 'class C: pass\nfor n in xrange(300):\n class C(C): pass\nC().x',
    'format': '("{0:" * 50000).format(1)',
    'percent': '("%(" * N) % {}',
    'pattern': 'import re\nre.compile("(" * 20000 + ")" * 20000)',
    'pattern that nests repeats': 'import re\nre.compile("(?:" * 5000 + "a" + ")*" * 5000).match("a" * 10)\nraise RuntimeError',
    'subject': 'import re\nre.match("(?:(a)|b)*", "a" * 1000000).end() and re.match("(a|b)*?c", "ab" * 500000)\nraise RuntimeError',
    'XML': 'import xml.parsers.expat as e\ne.ParserCreate().Parse("<a>" * N)\nraise RuntimeError',
    'elements': 'import xml.etree.cElementTree as e\nr = e.fromstring("<a>" * 20000 + "</a>" * 20000)\ne.tostring(r)',
    'element copies': 'import copy, xml.etree.cElementTree as e\nr = e.fromstring("<a>" * 20000 + "</a>" * 20000)\ncopy.deepcopy(r)',
    'tree to code': 'import ast\nt = ast.Name("x", ast.Load(), lineno=1, col_offset=0)\nfor n in xrange(N): t = ast.UnaryOp(ast.Not(), t, lineno=1, col_offset=0)\ncompile(ast.Expression(t), "t", "eval")',
    'source to tree': 'import ast\nast.parse("-" * N + "1")',
    'literal': 'import ast\nast.literal_eval("[" * 90 + "]" * 90)\nast.literal_eval("(" * N + ")" * N)',
    'parser': 'compile("x" + "(x" * N + ")" * N, "s", "eval")',
    'long chain': 'compile("+".join(["x"] * N), "s", "eval")\nraise RuntimeError',
    'reversed': 'class S(object):\n def __init__(self, s): self.s = s\n def __len__(self): return len(self.s)\n def __getitem__(self, i): return self.s[i]\ns = [1]\nfor n in xrange(N): s = S(s)\nlist(reversed(s))',
    'callable iterators': 'f = lambda: 1\nfor n in xrange(N): f = iter(f, 0).next\nf()',
    'groupby': 'import itertools\ni = iter([1])\nfor n in xrange(N): i = (k for k, g in itertools.groupby(i))\nlist(i)',
    'tee': 'import itertools\ni = iter([1])\nfor n in xrange(N): i = itertools.tee(itertools.tee(i)[0])[1]\nlist(i)\nraise RuntimeError',
    'wrappers': 'import operator\nf = len\nfor n in xrange(N): f = operator.attrgetter("__call__")(f)\nf("")',
    'memoryview': 'm = memoryview("x")\nfor n in xrange(N): m = memoryview(m)\nm[0]\nraise RuntimeError',
    'buffers': 'm = "x"\nfor n in xrange(N): m = buffer(m)\nm[0]\nraise RuntimeError',
    'exceptions': 'e = ValueError()\nfor n in xrange(N): e = ValueError(e)\nrepr(e)',
    'str of exceptions': 'e = ValueError()\nfor n in xrange(N): e = ValueError(e)\nstr(e)',
    'slices': 's = None\nfor n in xrange(N): s = slice(s)\nrepr(s)',
    'slices compared': 's = t = None\nfor n in xrange(N): s, t = slice(s), slice(t)\ns == t',
    'super': 'class C(object): pass\ns = C()\nfor n in xrange(N): s = super(C, C())\ns.x',
    'tracebacks': 'import traceback, sys\ndef f(n):\n if n: f(n - 1)\n raise KeyError\ntry: f(900)\nexcept KeyError: traceback.format_exc()\nraise RuntimeError',
    'getitem': 'class C(object):\n def __init__(self, x): self.x = x\n def __getattr__(self, n): return getattr(self.x, n)\nc = 1\nfor n in xrange(N): c = C(c)\nc.y',
}
NEST = 'def nest(kind):\n    value = kind()\n    for n in xrange(N):\n        value = kind((value,))\n    return value\n'
FRAME = '''
import gc, sys
%s
try:
%s
except Exception as error:
    print type(error).__name__
else:
    print "none"
# Everything still works, and what was nested can be let go.
value = i = f = d = s = e = m = c = C = t = None
gc.collect()
print sum(range(10))
'''

if 'pypystm' in sys.builtin_module_names:
    chosen = sys.argv[1:]
    failed = []
    for cases, start in [(ENDLESS, ''), (NESTED, DEEP + NEST)]:
        for name in sorted(cases):
            if chosen and name not in chosen:
                continue
            program = FRAME % (start, '\n'.join('    ' + line for line in cases[name].split('\n')))
            process = subprocess.Popen(['timeout', '-s', 'KILL', '100', sys.executable, '-c', program],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            out, err = process.communicate()
            if process.returncode or out.splitlines()[1:] != ['45'] or 'panicked' in err:
                failed.append('%s: status %d, %r %r' % (name, process.returncode, out, err[-300:]))
            elif cases is ENDLESS and out.split()[0] not in ('RuntimeError', 'MemoryError'):
                failed.append('%s: %r' % (name, out))
            if chosen:
                print name, out, err[-300:]
    assert not failed, '\n'.join(failed)
