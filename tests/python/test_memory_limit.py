"""Programs that allocate without bound: MemoryError, and the program goes on. Each runs in a process of its own under a
heap limit; one also under a limit of the address space."""
import resource
import subprocess
import sys

CASES = {
    'one list': 'l = [0]\nwhile 1: l += l',
    'set': 's = set(); i = 0\nwhile 1: s.add(i); i += 1',
    'doubled string': 's = "x"\nwhile 1: s += s',
    'unicode': 's = u"x\\u1234"\nwhile 1: s += s',
    'bytearray': 'b = bytearray("x")\nwhile 1: b += b',
    'shifted long': '1 << 10 ** 12',
    'power': '10 ** 10 ** 12',
    'long as text': 'str(1 << 10 ** 9)',
    'repeated string': '"x" * 10 ** 12',
    'repeated list': '[1] * 10 ** 11',
    'repeated tuple': '(1,) * 10 ** 11',
    'range': 'range(10 ** 11)',
    'padding': '"a".ljust(10 ** 12)',
    'join': '"x".join(["y" * 1000000] * 1000000)',
    'list of an endless iterator': 'list(iter(int, 1))',
    'functions': 'l = []\nwhile 1: l.append(lambda: 0)',
    'string stream': 'import cStringIO; s = cStringIO.StringIO()\nwhile 1: s.write("a" * 1000000)',
    'gap in a stream': 'import io; s = io.BytesIO(); s.seek(10 ** 12); s.write("a")',
    'array': 'import array; a = array.array("l", [1])\nwhile 1: a.extend(a)',
    'struct': 'import struct; struct.pack("%dx" % 10 ** 12)',
    'threads': '''
import thread, time
started, failed = [0] * 6, [0] * 6
go = thread.allocate_lock()
go.acquire()
def work(i):
    l = []
    try:
        started[i] = 1
        go.acquire()
        go.release()
        while 1: l.append([None] * 100)
    except MemoryError:
        del l
        failed[i] = 1
for i in range(6): thread.start_new_thread(work, (i,))
while 0 in started: time.sleep(0.001)
go.release()
# From here on whatever allocates can be refused, in the module threading too.
while 0 in failed:
    try: time.sleep(0.01)
    except MemoryError: pass
raise MemoryError
''',
}

FRAME = '''
def case():
%s
def attempt():
    try:
        case()
    except MemoryError:
        # The traceback still holds what the case has allocated.
        x = [str(i) for i in range(1000)]
        print "caught"
attempt()
y = dict.fromkeys(range(10000))
print len(y)
'''


def run(code, options, limit=None):
    text = FRAME % '\n'.join('    ' + line for line in code.strip().split('\n'))

    def before():
        if limit:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    process = subprocess.Popen([sys.executable] + options + ['-c', text], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, preexec_fn=before)
    out, err = process.communicate()
    return process.returncode, out, err


def main():
    for name in sorted(CASES):
        result = run(CASES[name], ['--heapsize=48M'])
        assert result[:2] == (0, 'caught\n10000\n'), (name, result)
    for name in ['doubled string', 'repeated list']:
        result = run(CASES[name], [], 600 << 20)
        assert result[:2] == (0, 'caught\n10000\n'), (name, 'address space', result)


main()
