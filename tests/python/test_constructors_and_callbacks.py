"""What suites of packages have found: namespaces of constructors' frames, iterators ended by the functions they call, and
weak reference callbacks that take a reentrant lock at any time."""
import itertools
import sys
import threading
import weakref


class Plain(object):
    def __init__(self, x, fail=False):
        y = 1
        self.seen = locals()
        self.frame = sys._getframe().f_locals
        if fail:
            raise ValueError(x, y)


class Executing(object):
    def __init__(self):
        exec 'z = 1'
        self.z = z
        self.seen = sorted(locals())


plain = Plain(3)
assert plain.seen['x'] == 3 and plain.seen['y'] == 1 and plain.seen['self'] is plain
assert plain.frame['x'] == 3
try:
    Plain(4, True)
except ValueError:
    names = sys.exc_info()[2].tb_next.tb_frame.f_locals
    assert names['x'] == 4 and names['y'] == 1, names
executing = Executing()
assert executing.z == 1 and executing.seen == ['self', 'z'], executing.seen


def stop(*_):
    raise StopIteration


assert list(itertools.imap(stop, [1, 2])) == []
assert tuple(itertools.ifilter(stop, [1])) == ()
assert [x for x in itertools.takewhile(stop, [1])] == []
assert list(itertools.chain([1], itertools.starmap(stop, [(1,)]))) == [1]
for x in itertools.imap(stop, [1]):
    raise AssertionError(x)

lock, calls, references = threading.RLock(), [0], []


class Node(object):
    pass


def callback(_):
    with lock:
        calls[0] += 1


for i in xrange(40000):
    with lock:
        node = Node()
    node.circle = [node] * 20
    references.append(weakref.ref(node, callback))
    if len(references) > 1000:
        del references[:500]
