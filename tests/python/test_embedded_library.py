"""The library inside the binary: file names, source lines in tracebacks, data, and no trace of another Python."""
import inspect
import linecache
import os
import sys
import sysconfig
import traceback

# Only ours has the library inside; the rest of this file holds for both.
if 'pypystm' in sys.builtin_module_names:
    here = os.path.join('lib-python', '2.7', 'os.py')
    assert os.__file__.rstrip('co').endswith(here), os.__file__
    assert os.path.dirname(os.__file__).startswith(sys.prefix), (os.__file__, sys.prefix)

try:
    os.path.join(None, 'x')
except AttributeError:
    text = traceback.format_exc()
assert 'posixpath.py", line ' in text and ', in join\n' in text, text
lines = text.splitlines()
at = [number for number, line in enumerate(lines) if 'posixpath.py' in line][0]
assert lines[at + 1].startswith('    ') and lines[at + 1].strip(), text

assert inspect.getsource(os.path.join).startswith('def join(')
assert 'def join' in ''.join(linecache.getlines(os.path.join.func_code.co_filename, vars(sys.modules['posixpath'])))

import xml.dom.minidom
assert xml.__path__ and xml.dom.minidom.parseString.func_code.co_filename.endswith('minidom.py')
assert sysconfig.get_python_version() == '2.7'
assert 'site-packages' in sysconfig.get_path('purelib') and 'dist-packages' not in sysconfig.get_path('purelib')
from test import pystone
assert pystone.__name__ == 'test.pystone'
