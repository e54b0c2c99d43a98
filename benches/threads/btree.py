"""A B-tree of order 20 that all threads use: 98 % look-ups, 1 % insertions, 1 % removals, keys 1 to 10000.

One atomic block per operation. At the end the tree is checked: sorted, no node too full, and as many keys as the
operations say.
"""
import harness

ORDER = 20
KEYS = 10000
FIRST = 1000


def position(keys, key):
    """How many of the sorted keys are smaller."""
    low = 0
    high = len(keys)
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low


class Node(object):
    __slots__ = ('keys', 'values', 'children')

    def __init__(self, keys, values, children):
        self.keys = keys
        self.values = values
        self.children = children


class BTree(object):
    """Inner nodes hold keys too; removal empties a key's place lazily, as most stores do, and never merges nodes."""

    def __init__(self):
        self.root = Node([], [], None)

    def find(self, key):
        node = self.root
        while True:
            at = position(node.keys, key)
            if at < len(node.keys) and node.keys[at] == key:
                return node.values[at]
            if node.children is None:
                return None
            node = node.children[at]

    def insert(self, key, value):
        """True when the key was not there."""
        path = []
        node = self.root
        while True:
            at = position(node.keys, key)
            if at < len(node.keys) and node.keys[at] == key:
                fresh = node.values[at] is None
                node.values[at] = value
                return fresh
            if node.children is None:
                break
            path.append((node, at))
            node = node.children[at]
        node.keys.insert(at, key)
        node.values.insert(at, value)
        while len(node.keys) > ORDER:
            middle = len(node.keys) // 2
            key = node.keys[middle]
            value = node.values[middle]
            children = node.children
            right = Node(node.keys[middle + 1:], node.values[middle + 1:],
                         None if children is None else children[middle + 1:])
            left_children = None if children is None else children[:middle + 1]
            if path:
                parent, at = path.pop()
                node.keys = node.keys[:middle]
                node.values = node.values[:middle]
                node.children = left_children
                parent.keys.insert(at, key)
                parent.values.insert(at, value)
                parent.children.insert(at + 1, right)
                node = parent
            else:
                left = Node(node.keys[:middle], node.values[:middle], left_children)
                self.root = Node([key], [value], [left, right])
                break
        return True

    def remove(self, key):
        """True when the key was there."""
        node = self.root
        while True:
            at = position(node.keys, key)
            if at < len(node.keys) and node.keys[at] == key:
                if node.values[at] is None:
                    return False
                if node.children is None:
                    del node.keys[at]
                    del node.values[at]
                else:
                    node.values[at] = None
                return True
            if node.children is None:
                return False
            node = node.children[at]

    def items(self, node=None):
        node = node or self.root
        assert len(node.keys) <= ORDER
        result = []
        for at, key in enumerate(node.keys):
            if node.children is not None:
                result += self.items(node.children[at])
            if node.values[at] is not None:
                result.append(key)
        if node.children is not None:
            result += self.items(node.children[-1])
        return result


def work(threads, size):
    tree = BTree()
    random = harness.Random(1)
    present = 0
    for step in range(FIRST):
        key = random.below(KEYS) + 1
        present += tree.insert(key, key)

    def body(index):
        atomic = harness.atomic
        random = harness.Random(index + 100)
        low, high = harness.share(size, threads, index)
        balance = 0
        for step in xrange(low, high):
            key = random.below(KEYS) + 1
            kind = random.below(100)
            with atomic:
                if kind == 0:
                    balance += tree.insert(key, key)
                elif kind == 1:
                    balance -= tree.remove(key)
                else:
                    found = tree.find(key)
                    assert found is None or found == key
        return balance

    present += sum(harness.run_threads(threads, body))
    keys = tree.items()
    assert len(keys) == present, (len(keys), present)
    assert all(keys[at] < keys[at + 1] for at in range(len(keys) - 1))
    return size


if __name__ == '__main__':
    harness.main('btree', 200000, work)
