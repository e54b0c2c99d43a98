"""Sockets and their like under threads and signals: nothing received is lost, close() closes at once, forked children
and shared memory work."""
import array
import errno
import gc
import mmap
import os
import select
import signal
import socket
import sys
import threading
import time


def keep(function, *args):
    while True:
        try:
            return function(*args)
        except (socket.error, OSError) as e:
            if e.args[0] != errno.EINTR:
                raise


# Handlers that return: an interrupted recv raises EINTR, and no byte is lost.
signal.signal(signal.SIGALRM, lambda *args: None)
a, b = socket.socketpair()
TOTAL = 200000


def feed():
    sent = 0
    while sent < TOTAL:
        n = min(977, TOTAL - sent)
        b.sendall(''.join(chr((sent + i) & 255) for i in range(n)))
        sent += n
        if sent % 10 == 0:
            time.sleep(0.0005)
    b.close()


feeder = threading.Thread(target=feed)
feeder.start()
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
got = []
while True:
    piece = keep(a.recv, 1000)
    if not piece:
        break
    got.append(piece)
signal.setitimer(signal.ITIMER_REAL, 0)
feeder.join()
got = ''.join(got)
assert len(got) == TOTAL, len(got)
assert all(ord(c) == i & 255 for i, c in enumerate(got))
a.close()

# sendall of more than fits, with handlers running meanwhile.
a, b = socket.socketpair()
seen = []


def drain():
    while True:
        piece = keep(b.recv, 65536)
        if not piece:
            return
        seen.append(piece)
        time.sleep(0.0002)


drainer = threading.Thread(target=drain)
drainer.start()
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
data = ''.join(map(str, xrange(400000)))
a.sendall(data)
signal.setitimer(signal.ITIMER_REAL, 0)
a.close()
drainer.join()
assert ''.join(seen) == data

# close() closes at once, whoever else has the socket: files made from it keep it open until they are closed too.
a, b = socket.socketpair()
f = a.makefile('rb')
a.close()
b.sendall('line\n')
assert f.readline() == 'line\n'
b.settimeout(5)
f.close()
assert b.recv(10) == ''
b.close()
a, b = socket.socketpair()
copy = a.dup()
a.close()
copy.sendall('x')
assert b.recv(5) == 'x'
copy.close()
b.settimeout(5)
assert b.recv(5) == ''
b.close()
for _ in range(3000):
    s = socket.socket()
    s.close()
s = socket.socket()
assert s.fileno() < 200, s.fileno()
s.close()
for method in (s.recv, s.send, s.recvfrom):
    try:
        method(1)
    except socket.error as e:
        assert e.errno == errno.EBADF
    else:
        raise AssertionError
s.close()

# A forgotten socket is closed by the collector.
left = [socket.socket() for _ in range(50)]
numbers = [s.fileno() for s in left]
del left, s
for _ in range(5):
    gc.collect()
still_open = 0
for n in numbers:
    try:
        os.fstat(n)
        still_open += 1
    except OSError:
        pass
assert still_open < 10, still_open

# Many threads, each with its connection to a server of one thread per connection.
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('127.0.0.1', 0))
server.listen(50)
answered = []


def serve_one(connection):
    f = connection.makefile('r+b', 0)
    for line in iter(f.readline, ''):
        connection.sendall(line.upper())
    f.close()
    connection.close()


def serve(count):
    for _ in range(count):
        connection, address = server.accept()
        assert address[0] == '127.0.0.1'
        threading.Thread(target=serve_one, args=(connection,)).start()


def ask(index):
    s = socket.create_connection(server.getsockname(), 20)
    f = s.makefile('rb')
    for n in range(40):
        s.sendall('hello %d %d\n' % (index, n))
        assert f.readline() == 'HELLO %d %d\n' % (index, n)
    answered.append(index)
    f.close()
    s.close()


threads = [threading.Thread(target=serve, args=(16,))]
threads += [threading.Thread(target=ask, args=(index,)) for index in range(16)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sorted(answered) == range(16)
server.close()

# A timeout is a timeout, with other threads about and without.
a, b = socket.socketpair()
a.settimeout(0.05)
start = time.time()
try:
    a.recv(1)
except socket.timeout as e:
    assert str(e) == 'timed out'
else:
    raise AssertionError
assert 0.03 < time.time() - start < 5
buf = array.array('c', 'xxxxxxxxxx')
b.send('abc')
assert a.recv_into(buf, 2) == 2 and buf.tostring() == 'abxxxxxxxx'
view = bytearray(4)
assert a.recvfrom_into(view)[0] == 1 and view == 'c\0\0\0'
a.close()
b.close()

# Mapped memory under threads: no torn slice, and a closed map refuses.
m = mmap.mmap(-1, 8)
m[:] = 'aaaaaaaa'
bad = []


def write_map(c):
    for _ in range(3000):
        m[0:8] = c * 8


def read_map():
    for _ in range(3000):
        if len(set(m[0:8])) != 1:
            bad.append(m[:])


threads = [threading.Thread(target=write_map, args=(c,)) for c in 'xy']
threads += [threading.Thread(target=read_map) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert not bad, bad[:3]
m.close()
try:
    m[0]
except ValueError:
    pass
else:
    raise AssertionError

# A forked child has one thread, usable locks, and shares mapped memory.
m = mmap.mmap(-1, 16)
lock = threading.Lock()
stop = threading.Event()


def busy():
    while not stop.is_set():
        with lock:
            sum(range(50))


workers = [threading.Thread(target=busy) for _ in range(3)]
for t in workers:
    t.start()
for round in range(5):
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            assert threading.active_count() == 1, threading.active_count()
            t = threading.Thread(target=lambda: os.write(w, 'thread '))
            t.start()
            t.join()
            m[round] = chr(65 + round)
            os.write(w, 'done')
            os._exit(0)
        except:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
    os.close(w)
    text = ''
    while True:
        piece = os.read(r, 100)
        if not piece:
            break
        text += piece
    os.close(r)
    assert os.waitpid(pid, 0) == (pid, 0)
    assert text == 'thread done', text
stop.set()
for t in workers:
    t.join()
assert m[:5] == 'ABCDE'
m.close()

# epoll under threads: closing gives the descriptor back.
for _ in range(300):
    e = select.epoll()
    e.close()
e = select.epoll()
assert e.fileno() < 100
e.close()
