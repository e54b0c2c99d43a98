"""A skip list that all threads use: 98 % look-ups, 1 % insertions, 1 % removals, keys 1 to 10000.

One atomic block per operation; at the end every level is checked.
"""
import harness

LEVELS = 14
KEYS = 10000
FIRST = 1000


class Node(object):
    __slots__ = ('key', 'next')

    def __init__(self, key, levels):
        self.key = key
        self.next = [None] * levels


class SkipList(object):
    def __init__(self):
        self.head = Node(0, LEVELS)

    def find(self, key):
        node = self.head
        for level in xrange(LEVELS - 1, -1, -1):
            following = node.next[level]
            while following is not None and following.key < key:
                node = following
                following = node.next[level]
        return following is not None and following.key == key

    def before(self, key):
        """On each level the last node with a smaller key."""
        path = [None] * LEVELS
        node = self.head
        for level in xrange(LEVELS - 1, -1, -1):
            following = node.next[level]
            while following is not None and following.key < key:
                node = following
                following = node.next[level]
            path[level] = node
        return path

    def insert(self, key, levels):
        path = self.before(key)
        following = path[0].next[0]
        if following is not None and following.key == key:
            return False
        node = Node(key, levels)
        for level in xrange(levels):
            node.next[level] = path[level].next[level]
            path[level].next[level] = node
        return True

    def remove(self, key):
        path = self.before(key)
        node = path[0].next[0]
        if node is None or node.key != key:
            return False
        for level in xrange(len(node.next)):
            path[level].next[level] = node.next[level]
        return True

    def check(self):
        """The number of keys; every level is sorted and part of the one below."""
        below = None
        for level in range(LEVELS):
            keys = []
            node = self.head.next[level]
            while node is not None:
                keys.append(node.key)
                node = node.next[level]
            assert all(keys[at] < keys[at + 1] for at in range(len(keys) - 1))
            if below is None:
                count = len(keys)
            else:
                assert set(keys) <= below
            below = set(keys)
        return count


def levels(random):
    count = 1
    bits = random.below(1 << LEVELS)
    while count < LEVELS and bits & 1:
        count += 1
        bits >>= 1
    return count


def work(threads, size):
    skiplist = SkipList()
    random = harness.Random(1)
    present = 0
    for step in range(FIRST):
        present += skiplist.insert(random.below(KEYS) + 1, levels(random))

    def body(index):
        atomic = harness.atomic
        random = harness.Random(index + 100)
        low, high = harness.share(size, threads, index)
        balance = 0
        for step in xrange(low, high):
            key = random.below(KEYS) + 1
            kind = random.below(100)
            height = levels(random) if kind == 0 else 0
            with atomic:
                if kind == 0:
                    balance += skiplist.insert(key, height)
                elif kind == 1:
                    balance -= skiplist.remove(key)
                else:
                    skiplist.find(key)
        return balance

    present += sum(harness.run_threads(threads, body))
    assert skiplist.check() == present
    return size


if __name__ == '__main__':
    harness.main('skiplist', 100000, work)
