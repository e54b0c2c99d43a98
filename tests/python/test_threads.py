"""What every threaded program relies on, in short: shared containers, locks, hand-over, daemons, failures."""
import Queue
import subprocess
import sys
import threading
import time


def together(count, body):
    threads = [threading.Thread(target=body, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# One bytecode or one built-in call is indivisible: nothing appended, stored or popped is lost or doubled.
items = []
together(8, lambda index: [items.append((index, n)) for n in range(2000)])
assert len(items) == 16000 and len(set(items)) == 16000
for index in range(8):
    assert [n for i, n in items if i == index] == range(2000)

taken = []
source = range(10000)


def take(index):
    mine = []
    try:
        while True:
            mine.append(source.pop())
    except IndexError:
        taken.extend(mine)


together(4, take)
assert sorted(taken) == range(10000) and not source

table = {}


def fill(index):
    for n in range(3000):
        table[index, n] = n
        table.setdefault(n, []).append(index)
        if n % 3 == 0:
            del table[index, n]


together(4, fill)
assert len(table) == 4 * 2000 + 3000
assert all(sorted(table[n]) == [0, 1, 2, 3] for n in range(3000))

# Locks exclude; a condition hands over; an RLock belongs to its thread.
total = [0]
lock = threading.Lock()


def add(index):
    for n in range(5000):
        with lock:
            total[0] = total[0] + 1


together(4, add)
assert total[0] == 20000

condition = threading.Condition()
turn = [0]
order = []


def in_turn(index):
    for n in range(200):
        with condition:
            while turn[0] % 3 != index:
                condition.wait()
            order.append(index)
            turn[0] += 1
            condition.notifyAll()


together(3, in_turn)
assert order == [0, 1, 2] * 200

queue = Queue.Queue(10)
results = Queue.Queue()


def consumer(index):
    while True:
        item = queue.get()
        if item is None:
            return
        results.put(item * 2)


consumers = [threading.Thread(target=consumer, args=(index,)) for index in range(4)]
for thread in consumers:
    thread.start()
for number in range(2000):
    queue.put(number)
for thread in consumers:
    queue.put(None)
for thread in consumers:
    thread.join()
assert sorted(results.get() for number in range(2000)) == range(0, 4000, 2)

# Thread-local data, and a lock that times out nowhere but in acquire(False).
local = threading.local()
local.name = 'main'


def remember(index):
    assert not hasattr(local, 'name')
    local.name = index
    time.sleep(0.001)
    assert local.name == index


together(8, remember)
assert local.name == 'main'
assert lock.acquire(False) and not lock.acquire(False)
lock.release()

# Many threads, alive at once.
gate = threading.Event()
alive = []


def wait_at_gate(index):
    alive.append(index)
    gate.wait()


crowd = [threading.Thread(target=wait_at_gate, args=(index,)) for index in range(300)]
for thread in crowd:
    thread.start()
while len(alive) < 300:
    time.sleep(0.001)
gate.set()
for thread in crowd:
    thread.join()


def run(program):
    process = subprocess.Popen([sys.executable, '-c', program], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate()
    return process.returncode, out, err


# A failure in a thread is printed and ends that thread only.
status, out, err = run('''
import threading
def fail():
    raise ValueError("in a thread")
thread = threading.Thread(target=fail)
thread.start()
thread.join()
print "on"
''')
assert (status, out) == (0, 'on\n') and 'ValueError: in a thread' in err and 'Exception in thread' in err, err

# The end waits for ordinary threads and not for daemons.
status, out, err = run('''
import threading, time
def late():
    time.sleep(0.2)
    print "late"
def never():
    while True:
        time.sleep(0.01)
daemon = threading.Thread(target=never)
daemon.daemon = True
daemon.start()
threading.Thread(target=late).start()
print "end"
''')
assert (status, out) == (0, 'end\nlate\n'), (status, out, err)

# interrupt_main reaches the main thread.
status, out, err = run('''
import thread, time
def interrupt():
    time.sleep(0.05)
    thread.interrupt_main()
try:
    thread.start_new_thread(interrupt, ())
    for step in xrange(1000):
        time.sleep(0.01)
    print "missed"
except KeyboardInterrupt:
    print "interrupted"
''')
assert (status, out) == (0, 'interrupted\n'), (status, out, err)

# Several threads may be the first to need native types at the same time.
status, out, err = run('''
import sys, threading
names = """_collections itertools _functools _heapq _bisect _struct array cStringIO _random _md5 _sha _sha256 _sha512
    operator select _sre datetime _io _csv""".split()
start = threading.Event()
def load(index):
    start.wait()
    for name in names[index:] + names[:index]:
        try:
            __import__(name)
        except ImportError:
            pass
threads = [threading.Thread(target=load, args=(index,)) for index in range(8)]
for thread in threads:
    thread.start()
start.set()
for thread in threads:
    thread.join()
known = object.__subclasses__()
for name in names:
    for value in vars(sys.modules.get(name, sys)).values():
        if isinstance(value, type):
            assert value.__base__ is not object or value in known, value
            assert value.__dict__ is not None and value.__mro__[0] is value and value.__name__
print "loaded"
''')
assert (status, out) == (0, 'loaded\n'), (status, out, err)

# Of many that wait for one lock each gets it; none is forgotten, however they come and go.
lock = threading.Lock()
inside = []
served = []


def queue_up(index):
    for turn in range(20):
        with lock:
            inside.append(index)
            if turn % 7 == 0:
                time.sleep(0.0005)
            assert inside == [index], inside
            inside.pop()
        served.append(index)


together(20, queue_up)
assert sorted(served) == sorted(range(20) * 20)

# Frames of other threads: a copy of what they are at.
ready = threading.Event()
leave = threading.Event()
idents = []


def stand(level):
    marker = ['level', level]
    if level:
        return stand(level - 1)
    idents.append(threading.current_thread().ident)
    ready.set()
    leave.wait()
    return marker


standing = threading.Thread(target=stand, args=(3,))
standing.start()
ready.wait()
frame = sys._current_frames()[idents[0]]
seen = []
while frame is not None:
    if frame.f_code.co_name == 'stand':
        seen.append(frame.f_locals['marker'])
        assert frame.f_lineno > frame.f_code.co_firstlineno
    frame = frame.f_back
assert seen == [['level', 0], ['level', 1], ['level', 2], ['level', 3]], seen
assert sys._current_frames()[threading.current_thread().ident].f_code.co_name == '<module>'
leave.set()
standing.join()

# A frame object that another thread got hold of while the frame runs.
frames = Queue.Queue()
answers = Queue.Queue()


def lend():
    private = ['first']
    frames.put(sys._getframe())
    assert answers.get() == ['first']
    private = ['second', range(5)]
    frames.put(None)
    assert answers.get() == ['second', range(5)]


lender = threading.Thread(target=lend)
lender.start()
lent = frames.get()
answers.put(lent.f_locals['private'])
frames.get()
answers.put(lent.f_locals['private'])
lender.join()
assert lent.f_locals['private'] == ['second', range(5)]

# Busy threads are looked at too.
stop = []


def spin():
    count = 0
    while not stop:
        count += 1


spinners = [threading.Thread(target=spin) for index in range(3)]
for thread in spinners:
    thread.start()
for attempt in range(20):
    now = sys._current_frames()
    for thread in spinners:
        frame = now[thread.ident]
        while frame is not None and frame.f_code.co_name != 'spin':
            frame = frame.f_back
        assert frame is None or 'count' not in frame.f_locals or frame.f_locals['count'] >= 0
stop.append(1)
for thread in spinners:
    thread.join()

# An atomic block may use a file that another thread is busy with.
status, out, err = run('''
import os, sys, threading, time
try:
    from pypystm import atomic
except ImportError:
    atomic = threading.RLock()
reader, writer = os.pipe()
if os.fork() == 0:
    os.close(writer)
    time.sleep(0.2)
    left = 300004
    while left:
        left -= len(os.read(reader, 65536))
    os._exit(0)
shared = os.fdopen(writer, "w", 0)
filler = threading.Thread(target=shared.write, args=("x" * 300000,))
filler.start()
time.sleep(0.1)
with atomic:
    shared.write("tail")
filler.join()
print "written", os.wait()[1]
''')
assert (status, out) == (0, 'written 0\n'), (status, out, err)

# When the last files are flushed, daemons have stopped for good.
status, out, err = run('''
import os, sys, threading, time
reader, writer = os.pipe()
def babble():
    while True:
        os.write(2, ".")
        time.sleep(0.001)
def slow_reader():
    time.sleep(0.3)
    while os.read(reader, 65536):
        pass
pid = os.fork()
if pid == 0:
    os.close(writer)
    slow_reader()
    os._exit(0)
os.close(reader)
kept = os.fdopen(writer, "w", 1 << 20)
kept.write("x" * 500000)
daemon = threading.Thread(target=babble)
daemon.daemon = True
daemon.start()
time.sleep(0.05)
sys.exitfunc = lambda: os.write(2, "E")
''')
assert status == 0 and '.' in err and len(err.split('E')[1]) < 50, (status, out, err)

# A transaction that goes on and on, writing the same objects, does not keep more and more of what they were.
status, out, err = run('''
import resource, threading
try:
    from pypystm import atomic
except ImportError:
    atomic = threading.RLock()
class Cell(object):
    def __init__(self):
        self.value = self.other = self.third = None
cells = [Cell() for n in xrange(20000)]
done = threading.Event()
threading.Thread(target=done.wait).start()
with atomic:
    for turn in xrange(3):
        for cell in cells:
            cell.value = [turn]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with atomic:
    for turn in xrange(150):
        for cell in cells:
            cell.value = [turn]
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
done.set()
print after - before < 120000, after - before
''')
assert status == 0 and out.startswith('True'), (status, out, err)

# What a thread has dropped goes when another collects, though the thread is in the middle of something else.
status, out, err = run('''
import gc, threading, weakref
class Thing(object):
    pass
refs, stop, ready = [], [], threading.Event()
def busy():
    keep = []
    for n in xrange(50):
        thing = Thing()
        refs.append(weakref.ref(thing))
        keep.append(thing)
    del keep[:], thing
    ready.set()
    n = 0
    while not stop:
        n ^= 1
thread = threading.Thread(target=busy)
thread.start()
ready.wait()
gc.collect()
gc.collect()
alive = sum(ref() is not None for ref in refs)
stop.append(1)
thread.join()
print alive <= 2, alive
''')
assert status == 0 and out.startswith('True'), (status, out, err)

# A process forked by a thread ends with its last thread, and what that has printed is written.
status, out, err = run('''
import os, sys, threading
def worker():
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        return
    print 'child',
    last = threading.Thread(target=sys.stdout.write, args=('last',))
    last.start()
threading.Thread(target=worker).start()
''')
assert status == 0 and out == 'childlast', (status, out, err)
