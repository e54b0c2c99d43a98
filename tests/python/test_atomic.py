"""The module pypystm: what `atomic` promises, and the small functions beside it. Skipped on other Pythons."""
import sys
import threading

try:
    import pypystm
except ImportError:
    print 'no pypystm here'
    sys.exit(0)

assert 'pypystm' in sys.builtin_module_names

# Depth is a number; leaving by an exception undoes nothing.
assert pypystm.is_atomic() == 0
seen = []
try:
    with pypystm.atomic as value:
        assert value is None
        assert pypystm.is_atomic() == 1
        with pypystm.atomic:
            assert pypystm.is_atomic() == 2
            seen.append(1)
            raise KeyError('out')
except KeyError:
    pass
assert seen == [1] and pypystm.is_atomic() == 0

assert pypystm.hint_commit_soon() is None
with pypystm.atomic:
    assert pypystm.hint_commit_soon() is None
assert pypystm.getsegmentlimit() >= 1
first = pypystm.count()
assert first > 0 and pypystm.count() == first + 1

# No other thread sees the middle of a block, whatever it reads in one of its own.
pairs = [[0, 0] for number in range(50)]
wrong = []
running = [True]


def writer(seed):
    state = seed
    for step in xrange(3000):
        state = (state * 1103515245 + 12345) & 0x7fffffff
        source = pairs[(state >> 8) % 50]
        target = pairs[(state >> 16) % 50]
        with pypystm.atomic:
            source[0] -= 1
            target[0] += 1
            source[1] += 1
            target[1] -= 1


def reader():
    while running[0]:
        with pypystm.atomic:
            left = sum(pair[0] for pair in pairs)
            right = sum(pair[1] for pair in pairs)
        if left or right:
            wrong.append((left, right))


writers = [threading.Thread(target=writer, args=(seed,)) for seed in range(1, 5)]
watch = threading.Thread(target=reader)
watch.start()
for thread in writers:
    thread.start()
for thread in writers:
    thread.join()
running[0] = False
watch.join()
assert not wrong, wrong[:3]
assert sum(pair[0] for pair in pairs) == 0

# Write skew: each of two threads may clear its own flag only while the other's is set.
for attempt in xrange(300):
    flags = {'a': True, 'b': True}
    barrier = threading.Event()

    def clear(own, other):
        barrier.wait()
        with pypystm.atomic:
            if flags[other]:
                flags[own] = False

    pair = [threading.Thread(target=clear, args=args) for args in (('a', 'b'), ('b', 'a'))]
    for thread in pair:
        thread.start()
    barrier.set()
    for thread in pair:
        thread.join()
    assert flags['a'] or flags['b']
