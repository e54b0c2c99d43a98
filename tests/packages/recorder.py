"""Runs a test program written with unittest and records the outcome of every test it runs.

    recorder.py RESULTS SCRIPT ARGUMENT...
    recorder.py RESULTS -m MODULE ARGUMENT...

RESULTS gets a line for each outcome, as it comes: `passed`, `failed` or `skipped`, a tab, and the name of the test. It is
written through at once, so that it tells how far a run came that did not end by itself.
"""
import os
import runpy
import sys
import unittest


def record(results):
    """Makes all test results write their outcomes."""
    def watch(method, outcome):
        plain = getattr(unittest.TestResult, method)

        def watched(self, test, *rest):
            # docutils has ids that are strings.
            name = test.id() if callable(test.id) else test.id
            if isinstance(name, unicode):
                name = name.encode('utf-8')
            os.write(results, '%s\t%s\n' % (outcome, ' '.join(name.split())))
            return plain(self, test, *rest)
        setattr(unittest.TestResult, method, watched)

    watch('addSuccess', 'passed')
    watch('addExpectedFailure', 'passed')
    watch('addFailure', 'failed')
    watch('addError', 'failed')
    watch('addUnexpectedSuccess', 'failed')
    watch('addSkip', 'skipped')


def main(words):
    results = os.open(words.pop(0), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    record(results)
    if words[0] == '-m':
        sys.argv = words[1:]
        sys.path[0] = ''
        runpy.run_module(words[1], run_name='__main__', alter_sys=True)
    else:
        sys.argv = words
        sys.path[0] = os.path.dirname(os.path.abspath(words[0]))
        runpy.run_path(words[0], run_name='__main__')


if __name__ == '__main__':
    main(sys.argv[1:])
