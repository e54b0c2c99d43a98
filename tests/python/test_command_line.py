"""The command as a user types it: what it prints where, and its exit status. CPython 2.7.18 passes this too."""
import os
import subprocess
import sys
import tempfile


def run(*words, **options):
    """(status, standard output, standard error) of this Python with these words."""
    environment = dict((name, value) for name, value in os.environ.items() if not name.startswith('PYTHON'))
    environment.update(options.get('env', {}))
    process = subprocess.Popen((sys.executable,) + words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env=environment, cwd=options.get('cwd'))
    out, err = process.communicate(options.get('stdin', ''))
    return process.returncode, out, err


def expect(result, status, out, err=''):
    assert result[0] == status, result
    assert result[1] == out, result
    assert err in result[2], result


# Programs and their arguments.
expect(run('-c', 'import sys; print sys.argv', 'a', '-v'), 0, "['-c', 'a', '-v']\n")
expect(run('-cprint 3'), 0, '3\n')
expect(run('-', 'x', stdin='import sys\nprint sys.argv, __name__'), 0, "['-', 'x'] __main__\n")
expect(run(stdin='print 1\nprint 2\n'), 0, '1\n2\n')
expect(run('/no/such/file.py'), 2, '', "can't open file '/no/such/file.py': [Errno 2] No such file or directory")
expect(run('-m', 'no_such_module'), 1, '', 'No module named no_such_module')
folder = tempfile.mkdtemp()
script = os.path.join(folder, 'script.py')
with open(script, 'w') as out:
    out.write('this line is no Python\nimport sys\nprint sys.argv[1:], sys.path[0] == %r, __file__ == %r\n'
              % (folder, script))
expect(run('-x', script, '-O', '--'), 0, "['-O', '--'] True True\n")
with open(os.path.join(folder, 'module_here.py'), 'w') as out:
    out.write('import sys\nprint sys.argv[1:], __name__\n')
expect(run('-m', 'module_here', 'q', cwd=folder), 0, "['q'] __main__\n")
with open(os.path.join(folder, '__main__.py'), 'w') as out:
    out.write('print "folder"\n')
expect(run(folder), 0, 'folder\n')

# Usage errors.
for words, message in [(['-z'], 'Unknown option: -z'), (['-c'], 'Argument expected for the -c option'),
                       (['-Qx'], '-Q option should be'), (['--no-such'], 'Unknown option: --'),
                       (['-J'], '-J is reserved for Jython')]:
    result = run(*words)
    expect(result, 2, '', message)
    assert '\nusage: ' in result[2] and '[-c cmd | -m mod | file | -]' in result[2], result

# Flags and the environment.
flags = 'import sys; print %s'
expect(run('-OOBsttR3Q', 'new', '-c', flags % 'sys.flags.optimize, sys.flags.dont_write_bytecode, '
           'sys.flags.no_user_site, sys.flags.tabcheck, sys.flags.hash_randomization, sys.flags.py3k_warning, '
           'sys.flags.division_new, 7 / 2'), 0, '2 1 1 2 1 1 1 3.5\n')
expect(run('-O', '-c', 'assert False; print __debug__'), 0, 'False\n')
expect(run('-c', 'assert False, "so"'), 1, '', 'AssertionError: so')
expect(run('-c', flags % 'sys.flags.optimize', env={'PYTHONOPTIMIZE': '2'}), 0, '2\n')
expect(run('-E', '-c', flags % 'sys.flags.optimize', env={'PYTHONOPTIMIZE': '2'}), 0, '0\n')
expect(run('-W', 'ignore', '-c', flags % 'sys.warnoptions', env={'PYTHONWARNINGS': 'once,default'}),
       0, "['ignore', 'once', 'default']\n")
expect(run('-S', '-c', flags % '"site" in sys.modules'), 0, 'False\n')
expect(run('-c', flags % '"/some/where" in sys.path', env={'PYTHONPATH': '/some/where'}), 0, 'True\n')
expect(run('-c', flags % 'hash("a") == hash("a")', env={'PYTHONHASHSEED': '5'}), 0, 'True\n')
status, out, err = run('-V')
assert status == 0 and (out + err).startswith('Python 2.7.18'), (status, out, err)
status, out, err = run('-h')
assert status == 0 and out.startswith('usage: '), (status, out, err)

# How programs end.
expect(run('-c', 'import sys; sys.exit(3)'), 3, '')
expect(run('-c', 'raise SystemExit("bye")'), 1, '', 'bye\n')
expect(run('-c', 'raise SystemExit'), 0, '')
expect(run('-c', '1/0'), 1, '', 'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n'
       'ZeroDivisionError: integer division or modulo by zero\n')
expect(run('-c', 'if'), 1, '', '  File "<string>", line 1\n    if\n     ^\nSyntaxError: invalid syntax\n')
expect(run('-c', 'import atexit, sys\natexit.register(lambda: sys.stdout.write("out"))\nsys.exit(4)'), 4, 'out')
expect(run('-ic', 'x = 5', stdin='print x + 1\n'), 0, '6\n')
expect(run('-u', '-c', 'import os, sys; sys.stdout.write("a"); os._exit(0)'), 0, 'a')
expect(run('-c', 'import os; os.kill(os.getpid(), 2)\nimport time; time.sleep(5)'), 1, '', 'KeyboardInterrupt')

import shutil
shutil.rmtree(folder)
