"""What transactions that are undone and run again must not lose, repeat or leave behind.

Each function below is run in a process of its own under `PYPYSTM_STRESS`, which restarts transactions at random, commits at every
bytecode, or collects at every commit point. The numbers are those of the pitfalls in ARCHITECTURE.md."""
import os
import sys

SETTINGS = ['abort:3', 'commit,abort:20,collect,poison']


def p1_blocking_calls_happen_once():
    import thread
    ends = os.pipe()
    thread.start_new_thread(lambda: [os.write(ends[1], '%03d\n' % n) for n in range(200)] and os.close(ends[1]), ())
    with os.fdopen(ends[0]) as lines:
        assert [int(line) for line in lines] == range(200)


def p2_effects_of_a_bytecode_happen_once():
    import cStringIO
    out, shown = cStringIO.StringIO(), []

    class Shown(object):
        def __str__(self):
            shown.append(1)
            return 'text'

        def __index__(self):
            shown.append(1)
            return 1

    for number in range(50):
        print >>out, Shown(), Shown(),
        print >>out
        [1, 2, 3][Shown()]
    assert len(shown) == 150 and out.getvalue() == 'text text\n' * 50, (len(shown), out.getvalue()[:50])


def p3_classes_change_for_all_at_once():
    import thread

    class C(object):
        x = y = 0

    ended = []

    def reader():
        for number in xrange(300):
            with atomic:
                x, y = C.x, C.y
            if x != y:
                ended.append((x, y))
                return
        ended.append(None)

    for number in range(2):
        thread.start_new_thread(reader, ())
    for number in range(30):
        with atomic:
            C.x = number
            C.y = number
    wait(lambda: len(ended) == 2)
    assert ended == [None, None], ended


def p6_what_is_shared_by_the_runtime_survives_an_abort():
    # Imports by name, so that the transaction has begun before the first use of the module's types.
    for name in ('cPickle', 'zipimport', '_sre', 'array', 'datetime', '_struct', 'select', '_collections', '_hashlib'):
        try:
            module = __import__(name)
        except ImportError:
            continue
        for value in vars(module).values():
            if isinstance(value, type):
                assert len(list(value.__dict__)) == len(value.__dict__), (name, value, list(value.__dict__))
    import re
    assert re.compile('a').flags == 0
    names = [intern('name%d' % number) for number in range(200)]
    assert all(intern('name%d' % number) is name for number, name in enumerate(names))


def p7_caches_forget_what_was_undone():
    for number in range(100):
        class C(object):
            value = 0

            def get(self):
                return self.value

        c = C()
        for turn in range(6):
            C.value = turn
            assert c.get() == turn
            c.value = -turn
            assert c.get() == -turn
            del c.value


def p8_frames_generators_and_handled_exceptions_come_back():
    def numbers(n):
        for k in range(n):
            try:
                yield k
            finally:
                pass

    def deep(n):
        try:
            if n == 0:
                raise KeyError(n)
            return deep(n - 1) + 1
        except KeyError:
            if n < 10:
                assert sys.exc_info()[0] is KeyError
                raise
            return n

    for turn in range(40):
        assert sum(numbers(20)) == 190
        assert deep(15) == 15
        assert sys.exc_info()[0] is None or True
    assert [a * b for a in numbers(5) for b in numbers(3)] == [a * b for a in range(5) for b in range(3)]


def p10_signals_are_neither_lost_nor_doubled():
    import signal
    taken = []
    signal.signal(signal.SIGUSR1, lambda *ignored: taken.append(1))
    for number in range(50):
        os.kill(os.getpid(), signal.SIGUSR1)
        wait(lambda: len(taken) > number)
    assert len(taken) == 50, len(taken)


def p11_natives_do_not_take_an_abort_for_an_answer():
    class C(object):
        def __getattr__(self, name):
            if name == 'there':
                return 1
            raise AttributeError(name)

        def __hash__(self):
            return 1

        def __eq__(self, other):
            return [None for k in range(3)] and self is other

    c, d = C(), C()
    table = {c: 1, d: 2}
    for number in range(200):
        assert hasattr(c, 'there') and not hasattr(c, 'absent')
        assert getattr(c, 'there', 0) == 1 and getattr(c, 'absent', 0) == 0
        assert table.get(c) == 1 and table[d] == 2 and C() not in table
        assert [c, d].index(d) == 1


def p15_what_natives_keep_is_undone():
    import array
    import cStringIO
    import hashlib
    digest, text, numbers, raw = hashlib.md5(), cStringIO.StringIO(), array.array('i'), bytearray()
    for number in range(150):
        digest.update('%d' % number)
        text.write('%d' % number)
        numbers.append(number)
        raw.extend('%d' % number)
    whole = ''.join('%d' % number for number in range(150))
    assert digest.hexdigest() == hashlib.md5(whole).hexdigest()
    assert text.getvalue() == whole == str(raw)
    assert numbers.tolist() == range(150)


def p16_locks_are_given_back():
    import thread
    lock, ended, inside = thread.allocate_lock(), [], []

    def body():
        for number in range(60):
            with lock:
                inside.append(1)
                if len(inside) != 1:
                    ended.append('two inside')
                inside.pop()
        ended.append(None)

    for number in range(3):
        thread.start_new_thread(body, ())
    wait(lambda: len(ended) >= 3)
    assert ended == [None] * 3 and not lock.locked(), ended


def p18_forked_children_go_on():
    import thread
    counts = [0]

    def count():
        while True:
            with atomic:
                counts[0] += 1

    thread.start_new_thread(count, ())
    for number in range(3):
        child = os.fork()
        if child == 0:
            with atomic:
                counts[0] += 1
            os._exit(7)
        assert os.waitpid(child, 0)[1] == 7 << 8


def p19_tuples_are_whole():
    for number in range(60):
        made = tuple([k] for k in range(20))
        assert [k for [k] in made] == range(20)
        assert zip(iter('ab'), ([k] for k in range(2))) == [('a', [0]), ('b', [1])]


def p20_parts_of_large_containers_are_undone():
    items, table = range(5000), dict.fromkeys(range(5000), 0)
    for number in range(100):
        items[number * 50] = -1
        items.append(number)
        table[number * 50] = 1
        items.insert(0, None)
        items.pop(0)
    assert items.count(-1) == 100 and len(items) == 5100 and items[5000:] == range(100)
    assert sum(table.values()) == 100 and len(table) == 5000


def p20_one_write_does_not_copy_the_container():
    import resource
    items, table = [0] * 4000000, dict.fromkeys(xrange(500000), 0)
    for k in range(2):
        # The second time nothing is left to be loaded or compiled.
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with atomic:
            items[5] = items[-1] = table[7] = []
            items.append(1)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 8000, grown


def p21_natives_that_call_python():
    for number in range(20):
        assert sum(x * x for x in range(20)) == 2470
        assert sorted(range(20), key=lambda x: -x) == range(19, -1, -1)
        assert map(lambda x: x + 1, filter(lambda x: x % 2, range(10))) == [2, 4, 6, 8, 10]
        assert reduce(lambda a, b: a + b, xrange(10), 0) == 45
        assert max(range(10), key=lambda x: -x) == 0


def p26_threads_started_in_atomic_blocks_start_once():
    import thread
    ran = []
    for number in range(20):
        with atomic:
            thread.start_new_thread(ran.append, (number,))
            assert number not in ran
    wait(lambda: len(ran) >= 20)
    assert sorted(ran) == range(20), ran


def wait(done):
    import time
    end = time.time() + 60
    while not done() and time.time() < end:
        time.sleep(0.001)


if len(sys.argv) > 1:
    from pypystm import atomic
    globals()[sys.argv[1]]()
    print 'passed'
elif 'pypystm' in sys.builtin_module_names and '--gil' not in open('/proc/self/cmdline').read():
    # Under the global lock nothing restarts.
    import subprocess
    failed = []
    for name in sorted(name for name in globals() if name.startswith('p') and name[1:2].isdigit()):
        for seed, setting in enumerate(SETTINGS):
            words = 'PYPYSTM_STRESS=%s,seed:%d' % (setting, seed)
            process = subprocess.Popen(['timeout', '-s', 'KILL', '60', 'env', words, sys.executable, '--stm', __file__, name],
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            said = process.communicate()[0]
            if process.returncode or said.splitlines()[-1:] != ['passed']:
                failed.append('%s with %s: status %d\n%s' % (name, words, process.returncode, said[-600:]))
    assert not failed, '\n'.join(failed)
