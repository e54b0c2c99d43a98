"""`s += x` wherever `s` is kept: linear, and a string that anybody has seen never changes."""
import sys
import threading
import time


def build(count, piece):
    s = ''
    for n in xrange(count):
        s += piece
    return s


assert build(10000, 'abc') == 'abc' * 10000
# Copied each time, these would be a million megabytes.
start = time.clock()
assert len(build(320000, 'x' * 20)) == 6400000
assert time.clock() - start < 5.0


def plain_sum(count):
    s = 'y' * 200
    for n in xrange(count):
        s = s + str(n % 10)
    return s


assert plain_sum(1000) == 'y' * 200 + '0123456789' * 100


def escapes():
    """Whatever keeps a reference keeps what it saw."""
    s = 'a' * 200
    seen = []
    table = {}
    for n in range(50):
        s += 'b'
        seen.append(s)
        s += 'c'
        t = s
        s += 'd'
        assert len(t) == len(s) - 1 and t[-1] == 'c' and s[-1] == 'd'
        table[s] = len(s)
        hash(s)
        s += 'e'
        assert s[:-1] in table
    for n, string in enumerate(seen):
        assert len(string) == 200 + 4 * n + 1 and string[-1] == 'b', n
    assert all(len(key) == length for key, length in table.items())


escapes()


def twice(s):
    s += s
    s += s
    return s


assert twice('z' * 150) == 'z' * 600


def through_frame(get):
    s = 'f' * 200
    kept = []
    for n in range(20):
        s += 'g'
        kept.append(get())
        s += 'h'
    return kept


for n, string in enumerate(through_frame(lambda: sys._getframe(1).f_locals['s'])):
    assert string == 'f' * 200 + 'gh' * n + 'g'


def with_locals():
    s = 'f' * 200
    kept = []
    for n in range(20):
        s += 'g'
        kept.append(locals()['s'])
        s += 'h'
    return kept


assert [len(string) for string in with_locals()] == range(201, 241, 2)


def in_generator():
    s = 'g' * 200
    while True:
        s += 'i'
        yield len(s)


generator = in_generator()
kept = []
for n in range(20):
    assert next(generator) == 201 + n
    kept.append(generator.gi_frame.f_locals['s'])
assert [len(string) for string in kept] == range(201, 221)


def argument_sees(s, see):
    for n in range(10):
        s += see(s)
    return s


watched = []
assert len(argument_sees('w' * 300, lambda s: (watched.append(s), 'v')[1])) == 310
assert [len(string) for string in watched] == range(300, 310)


def fails():
    s = 'q' * 200
    for n in range(10):
        s += 'r'
        try:
            s += n
        except TypeError:
            s += 's'
    return s


assert fails() == 'q' * 200 + 'rs' * 10


def traceback_keeps():
    s = 'k' * 200
    found = []
    for n in range(10):
        s += 'l'
        try:
            raise ValueError
        except ValueError:
            found.append(sys.exc_info()[2].tb_frame.f_locals['s'])
        s += 'm'
    return found


assert [len(string) for string in traceback_keeps()] == range(201, 221, 2)


def two_at_once():
    a = 'a' * 130
    b = 'b' * 130
    for n in range(100):
        a += 'x'
        b += 'yy'
        if n % 10 == 0:
            a, b = b, a
    return sorted([a.count('x') + b.count('x'), a.count('y') + b.count('y')])


assert two_at_once() == [100, 200]


def unicode_too():
    s = u'u' * 200
    for n in range(10):
        s += 'v'
    assert type(s) is unicode and len(s) == 210
    t = 't' * 200
    t += u'\u1234'
    assert type(t) is unicode and len(t) == 201


unicode_too()


class Keeper(object):
    text = ''


total = u''


def wherever(count, piece):
    """The same sum in an attribute, a list, a dict, a closure and a global variable."""
    global total
    keeper, items, table, cell = Keeper(), [''], {}, ['']
    table['sum'] = ''
    enclosed = ''

    def closure():
        return enclosed
    total = u''
    for n in xrange(count):
        keeper.text += piece
        items[0] += piece
        table['sum'] += piece
        enclosed += piece
        total += piece
    expected = piece * count
    assert keeper.text == items[0] == table['sum'] == closure() == expected
    assert total == unicode(expected)


start = time.clock()
wherever(60000, 'x' * 20)
assert time.clock() - start < 20.0


def branches():
    """Two sums that begin with the same text."""
    s = 'stem' * 200
    s += 'grows'
    s += 'higher'
    left, right = s, s
    for n in range(300):
        left += 'l%d' % n
        right += 'r%d' % n
        assert s == 'stem' * 200 + 'growshigher'
    assert left == s + ''.join('l%d' % n for n in range(300))
    assert right == s + ''.join('r%d' % n for n in range(300))
    assert hash(left) == hash(''.join(list(left))) and {left: 1}[''.join(list(left))] == 1
    assert left[3:] + 'tail' == ''.join([left[3:], 'tail'])
    left += left
    left += left
    assert left[:len(left) // 4] * 4 == left


branches()


def widths():
    """Characters that need more bytes than those before."""
    s = u'a' * 600
    pieces = [s]
    for piece in (u'b', u'\xe9', u'c', u'\u1234', u'd', u'\U00012345', u'e', u'\xff'):
        for n in range(5):
            s += piece
            s += piece * n
            pieces += [piece, piece * n]
            assert s == u''.join(pieces)
    assert s.encode('utf-8').decode('utf-8') == s and repr(s) == repr(u''.join(pieces))


widths()


def collected():
    """Texts that share room with dead ones outlive collections."""
    import gc
    kept = []
    s = 'keep' * 150
    for n in range(40):
        s += '<%d>' % n
        kept.append((n, s))
        if n % 10 == 5:
            gc.collect()
            fill = ['z' * 700 for m in range(200)]
    del s
    del kept[1::2]
    gc.collect()
    for n, string in kept:
        assert string == 'keep' * 150 + ''.join('<%d>' % m for m in range(n + 1)), n


collected()


# With other threads about, in transactions that end and start again.
def work(index):
    s = ''
    kept = []
    for n in xrange(60000):
        s += 'abcdefghij'
        if n % 10000 == 0:
            kept.append(s)
    assert s == 'abcdefghij' * 60000
    assert [len(string) for string in kept] == [10 + 100000 * n for n in range(6)]


failures = []


def guarded(index):
    try:
        work(index)
    except BaseException as error:
        failures.append(error)


threads = [threading.Thread(target=guarded, args=(index,)) for index in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert not failures, failures


class Shared(object):
    text = 'shared' * 100


def append_to_shared(index):
    """Sums of one text that all threads see, whose transactions conflict and start again."""
    for n in xrange(400):
        before = Shared.text
        mine = before
        for step in range(3):
            mine += '%d,' % index
        assert mine == before + '%d,' % index * 3
        with lock:
            Shared.text += '%d;' % index


lock = threading.Lock()
threads = [threading.Thread(target=append_to_shared, args=(index,)) for index in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert Shared.text.startswith('shared' * 100)
words = Shared.text[600:].split(';')
assert sorted(words) == sorted([''] + [str(index) for index in range(4)] * 400)
