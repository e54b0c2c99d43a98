"""Stands in for CPython's extension module of that name: its `__file__` is the C library that the ctypes tests call."""
import atexit
import os
import shutil
import subprocess
import tempfile
import unittest

folder = tempfile.mkdtemp()
atexit.register(shutil.rmtree, folder, True)
source = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'library.c')
__file__ = os.path.join(folder, 'library.so')
try:
    subprocess.check_call(['cc', '-shared', '-fPIC', '-O1', '-o', __file__, source, '-lm'])
except (OSError, subprocess.CalledProcessError) as error:
    raise unittest.SkipTest('no C compiler: %s' % error)
