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
