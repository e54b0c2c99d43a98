"""A threaded HTTP server of the library serves files to clients: no request fails, nothing grows, all cores work.

As the other programs, with THREADS clients in this process and STEPS / 20 requests by each; or

    http_server.py --seconds N [--client PYTHON] [CLIENTS [SEED]]

for N seconds, with the clients in a process of their own that PYTHON runs (then its time is not this one's). Every request
opens and closes a socket on either side.
"""
import os
import sys


def option(name, default):
    if name not in sys.argv:
        return default
    at = sys.argv.index(name)
    value = sys.argv[at + 1]
    del sys.argv[at:at + 2]
    return value


SECONDS = float(option('--seconds', '0'))
CLIENT = option('--client', '')
SERVER = option('--server', '')

from common import *
import BaseHTTPServer
import gc
import httplib
import shutil
import SimpleHTTPServer
import SocketServer
import subprocess
import tempfile
import threading
import time

SIZES = [0, 1, 100, 1448, 5000, 65536, 200000]
REQUESTS = max(3, STEPS // 20)
done = []


class Server(SocketServer.ThreadingMixIn, BaseHTTPServer.HTTPServer):
    daemon_threads = True
    request_queue_size = 128
    errors = 0

    def handle_error(self, request, address):
        Server.errors += 1
        BaseHTTPServer.HTTPServer.handle_error(self, request, address)


class Handler(SimpleHTTPServer.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


def content(size):
    line = '%d bytes of text\n' % size
    return (line * (size // len(line) + 1))[:size]


def request(address, random):
    size = random.choice(SIZES)
    method = random.choice(['GET', 'GET', 'GET', 'HEAD'])
    path, status = '/%d.txt' % size, 200
    if random.randrange(20) == 0:
        path, status = '/absent', 404
    connection = httplib.HTTPConnection(address[0], address[1], timeout=60)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        body = response.read()
        check(response.status == status, path, response.status)
        if status == 200:
            check(int(response.getheader('Content-Length')) == size, path, response.getheader('Content-Length'))
            check(body == (content(size) if method == 'GET' else ''), method, path, len(body), 'bytes')
    finally:
        connection.close()


def client(address, until):
    """The body of a client: so many requests, or so long."""
    def body(index, random):
        count = 0
        while time.time() < until if until else count < REQUESTS:
            request(address, random)
            count += 1
        done.append(count)
    return body


def run_clients(address, seconds):
    if CLIENT and seconds:
        words = [CLIENT, os.path.abspath(__file__), '--seconds', str(seconds), '--server', '%s:%d' % address,
                 str(THREADS), str(SEED)]
        p = subprocess.Popen(words, stdout=subprocess.PIPE, cwd=HERE)
        text = p.communicate()[0]
        check(p.returncode == 0, text)
        done.append(int(text.split()[0]))
    else:
        together(client(address, time.time() + seconds if seconds else 0))


def resident():
    with open('/proc/self/statm') as numbers:
        return int(numbers.read().split()[1]) * 4096 // 1024


def idle(threads):
    """Waits for the threads of the last requests, then collects."""
    end = time.time() + 30
    while threading.activeCount() > threads and time.time() < end:
        time.sleep(0.01)
    check(threading.activeCount() <= threads, threading.activeCount(), 'threads are left')
    for turn in range(3):
        gc.collect()


def processor_time():
    return sum(os.times()[:2])


def serve():
    server = Server(('127.0.0.1', 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.daemon = True
    thread.start()
    threads = threading.activeCount()
    # What is made once is made in the first part.
    run_clients(server.server_address, SECONDS / 5)
    idle(threads)
    before = resident(), len(os.listdir('/proc/self/fd'))
    del done[:]
    begin, used = time.time(), processor_time()
    for part in range(4):
        run_clients(server.server_address, SECONDS / 5)
    took, used = time.time() - begin, processor_time() - used
    idle(threads)
    after = resident(), len(os.listdir('/proc/self/fd'))
    server.shutdown()
    server.server_close()
    check(Server.errors == 0, Server.errors, 'errors in the server')
    check(after[1] <= before[1], 'open files grew from', before[1], 'to', after[1])
    check(after[0] < 1.3 * before[0] + 16 * 1024, 'grown from', before[0], 'to', after[0], 'KB')
    if SECONDS:
        print '%d requests in %.0f s, %.0f a second, %.2f cores; %d KB before, %d KB after, %d files open' % (
            sum(done), took, sum(done) / took, used / took, before[0], after[0], after[1])


def main():
    if SERVER:
        host, port = SERVER.split(':')
        together(client((host, int(port)), time.time() + SECONDS))
        if not failures:
            print sum(done), 'requests'
            return
        finish()
    directory = tempfile.mkdtemp()
    try:
        for size in SIZES:
            with open(os.path.join(directory, '%d.txt' % size), 'wb') as out:
                out.write(content(size))
        os.chdir(directory)
        together(lambda index, random: serve(), 1)
    finally:
        os.chdir('/')
        shutil.rmtree(directory)
    finish()


HERE = os.path.dirname(os.path.abspath(__file__))
main()
