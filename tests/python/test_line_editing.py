"""Line editing at a terminal: `raw_input` and the prompt with `readline`, driven through a pseudo-terminal.

CPython 2.7.18 passes this too, up to the history files: some versions of its editor fail to shorten them.
"""
import os
import pty
import select
import signal
import sys
import tempfile
import time

HOME = tempfile.mkdtemp()


class Terminal(object):
    """A Python on a terminal of its own."""

    def __init__(self, *words):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM='xterm', HOME=HOME, INPUTRC=os.path.join(HOME, 'none'))
            os.environ.pop('PYTHONSTARTUP', None)
            os.execv(sys.executable, (sys.executable,) + words)
        self.seen = ''

    def read(self):
        ready = select.select([self.fd], [], [], 60)[0]
        assert ready, self.seen
        try:
            data = os.read(self.fd, 4096)
        except OSError:
            data = ''
        self.seen += data
        return data

    def until(self, text):
        """Everything up to a text, which is taken."""
        while text not in self.seen:
            assert self.read(), (text, self.seen)
        before, _, self.seen = self.seen.partition(text)
        return before

    def type(self, keys):
        os.write(self.fd, keys)

    def end(self):
        while self.read():
            pass
        status = os.waitpid(self.pid, 0)[1]
        os.close(self.fd)
        return status


# History, keys that move, completion, hooks, in a program.
program = r'''
import readline, sys
words = ['alpha', 'alpine', 'beta']
def complete(text, state):
    if state == 0:
        print >>log, (readline.get_line_buffer(), text, readline.get_begidx(), readline.get_endidx())
    return [w for w in words if w.startswith(text)][state]
log = open(sys.argv[1], 'w')
def ask(prompt):
    sys.stdout.write('<%r>\n' % raw_input(prompt))
ask('1> ')
ask('2> ')
readline.set_completer(complete)
readline.parse_and_bind('tab: complete')
ask('3> ')
ask('4> ')
readline.set_startup_hook(lambda: readline.insert_text('given '))
ask('5> ')
readline.set_startup_hook()
readline.parse_and_bind('"\\C-t": "typed"')
ask('6> ')
print [readline.get_history_item(i + 1) for i in range(readline.get_current_history_length())]
try:
    raw_input('7> ')
except KeyboardInterrupt:
    print 'interrupted'
try:
    raw_input('8> ')
except EOFError:
    print 'at the end'
sys.stdout.write('done\n')
'''
script = os.path.join(HOME, 'script.py')
with open(script, 'w') as out:
    out.write(program)
log = os.path.join(HOME, 'log')
t = Terminal(script, log)
t.until('1> ')
t.type('one\r')
t.until("<'one'>")
t.until('2> ')
t.type('\x1b[A two\x01ze\tro \x05\r')
t.until("<'ze\\tro one two'>")
t.until('3> ')
t.type('x be\t\r')
t.until("<'x beta'>")
t.until('4> ')
t.type('al\tha\r')
t.until("<'alpha'>")
t.until('5> ')
t.type('text\r')
t.until("<'given text'>")
t.until('6> ')
t.type('\x14\r')
t.until("<'typed'>")
t.until("['one', 'ze\\tro one two', 'x beta', 'alpha', 'given text', 'typed']")
t.until('7> ')
t.type('abc\x03')
t.until('interrupted')
t.until('8> ')
t.type('\x04')
t.until('at the end')
t.until('done')
assert t.end() == 0
with open(log) as lines:
    assert lines.read().splitlines() == ["('x be', 'be', 2, 4)", "('al', 'al', 0, 2)"]

# A signal's handler runs while a line is being edited; its exception ends the editing.
with open(script, 'w') as out:
    out.write(r'''
import readline, signal, sys
class Late(Exception): pass
def late(*args):
    raise Late
calls = []
signal.signal(signal.SIGUSR1, lambda *args: calls.append(1))
signal.signal(signal.SIGALRM, late)
print repr(raw_input('1> ')), calls
signal.alarm(1)
try:
    raw_input('2> ')
except Late:
    print 'too late'
print repr(raw_input('3> '))
''')
t = Terminal(script)
t.until('1> ')
time.sleep(0.3)
t.type('ab')
t.until('ab')
os.kill(t.pid, signal.SIGUSR1)
time.sleep(0.3)
t.type('c\r')
t.until("'abc' [1]")
t.until('2> ')
t.until('too late')
t.until('3> ')
t.type('q\r')
t.until("'q'")
assert t.end() == 0

# Other threads go on while a line is being edited.
with open(script, 'w') as out:
    out.write(r'''
import readline, threading, sys
done, stop = [0], threading.Event()
def work():
    while not stop.is_set():
        done[0] += 1
worker = threading.Thread(target=work)
worker.start()
readline.set_completer(lambda text, state: ['worked'][state] if done[0] else None)
readline.parse_and_bind('tab: complete')
before = done[0]
line = raw_input('1> ')
print line, done[0] > before + 1000
stop.set()
worker.join()
''')
t = Terminal(script)
t.until('1> ')
time.sleep(0.5)
t.type('w\t\r')
t.until('worked True')
assert t.end() == 0

# The prompt.
t = Terminal()
t.until('>>> ')
t.type('import sys, rlcompleter\r')
t.until('>>> ')
t.type("'readline' in sys.modules\r")
t.until('True')
t.until('>>> ')
t.type('def f():\r')
t.until('... ')
t.type('\treturn 6 * 7\r')
t.until('... ')
t.type('\r')
t.until('>>> ')
t.type('f()\r')
t.until('42')
t.until('>>> ')
t.type('1/0\r')
t.until('ZeroDivisionError')
t.until('>>> ')
t.type('abc\x03')
t.until('KeyboardInterrupt')
t.until('>>> ')
t.type("import readline; readline.parse_and_bind('tab: complete')\r")
t.until('>>> ')
t.type('sys.getrefc\t')
t.until('ount(')
t.type('\x15exit(3)\r')
assert os.WEXITSTATUS(t.end()) == 3

# History files.
import readline
name = os.path.join(HOME, 'history')
readline.clear_history()
for line in ['a', 'b b', 'c']:
    readline.add_history(line)
readline.write_history_file(name)
readline.set_history_length(2)
readline.clear_history()
readline.read_history_file(name)
assert readline.get_current_history_length() == 3 and readline.get_history_item(2) == 'b b'
readline.write_history_file(name)
readline.clear_history()
readline.read_history_file(name)
assert [readline.get_history_item(1), readline.get_history_item(2)] == ['b b', 'c']
try:
    readline.read_history_file(os.path.join(HOME, 'none'))
except IOError as e:
    assert e.errno == 2 and e.filename is None
else:
    raise AssertionError('read')
