"""Runs one module of CPython's test suite in this process, unmodified.

    drive.py [--second-thread] MODULE [SKIP...]

As the suite's own driver does it: import the module, call its `test_main` if it has one. SKIP is `Class` or
`Class.method`, of another module than MODULE `OTHER:Class.method`, or `DOCTEST#NUMBER`, the example of that number (from
0) in a doctest (`__doc__` for the module's own): marked as skipped, for tests that only look at reference counts or at
the C API. Exit status: 0 passed, 1 failed (an exception), 77 the module itself asked to be skipped. `--second-thread`
starts a thread first, which does nothing.
"""
import doctest
import os
import sys

SKIPPED = 77


def mark(module, names):
    for name in names:
        other, colon, name = name.rpartition(':')
        owner, dot, method = name.partition('.')
        target = getattr(__import__(other, fromlist=['*']) if other else module, owner)
        if method:
            target = target.__dict__[method]
        target.__unittest_skip__ = True
        target.__unittest_skip_why__ = 'listed in skips.txt'


def mark_examples(module, names):
    """Marks examples of doctests when they are found."""
    numbers = {}
    for name in names:
        test, _, number = name.partition('#')
        test = module.__name__ if test == '__doc__' else '%s.%s' % (module.__name__, test)
        numbers.setdefault(test, []).append(int(number))
    find = doctest.DocTestFinder.find

    def find_and_mark(*args, **keywords):
        tests = find(*args, **keywords)
        for test in tests:
            for number in numbers.get(test.name, ()):
                # Run all the same, whatever it shows: what it drops must not show in a later example.
                example = test.examples[number]
                example.source = 'exec %r; __import__("gc").collect()\n' % example.source
                example.want = '...'
                example.options[doctest.ELLIPSIS] = True
        return tests

    doctest.DocTestFinder.find = find_and_mark


def main():
    here = os.path.dirname(os.path.abspath(sys.argv[0]))
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder) != here]
    if sys.argv[1] == '--second-thread':
        del sys.argv[1]
        import thread
        never = thread.allocate_lock()
        never.acquire()
        thread.start_new_thread(never.acquire, ())
    name = sys.argv[1]
    skips = sys.argv[2:]
    sys.argv[:] = [name]
    if name == 'test_ctypes':
        # Its C library, and what CPython has as extension modules only.
        sys.path.insert(0, os.path.join(here, 'ctypes'))
    import unittest
    from test import test_support
    test_support.verbose = 0
    try:
        module = __import__('test.' + name, fromlist=[name])
        mark(module, [name for name in skips if '#' not in name])
        if any('#' in name for name in skips):
            mark_examples(module, [name for name in skips if '#' in name])
        if hasattr(module, 'test_main'):
            module.test_main()
    except unittest.SkipTest as reason:
        sys.stderr.write('skipped: %s\n' % reason)
        sys.exit(SKIPPED)
    except test_support.TestFailed as failure:
        sys.stderr.write('failed: %s\n' % failure)
        sys.exit(1)


if __name__ == '__main__':
    main()
