"""A sorted linked list and a binary tree of the same numbers, changed by all threads in atomic blocks."""
from common import *


class Node(object):
    __slots__ = 'value', 'next', 'left', 'right'

    def __init__(self, value, next=None):
        self.value = value
        self.next = next
        self.left = self.right = None


head = Node(-1)
root = Node(-1)


def insert(value):
    before = head
    while before.next is not None and before.next.value < value:
        before = before.next
    if before.next is not None and before.next.value == value:
        return False
    before.next = Node(value, before.next)
    node = root
    while True:
        side = 'left' if value < node.value else 'right'
        child = getattr(node, side)
        if child is None:
            setattr(node, side, Node(value))
            return True
        node = child


def remove(value):
    before = head
    while before.next is not None and before.next.value < value:
        before = before.next
    if before.next is None or before.next.value != value:
        return False
    before.next = before.next.next
    return True


def values():
    node, found = head.next, []
    while node is not None:
        found.append(node.value)
        node = node.next
    return found


added = [0] * THREADS
removed = [0] * THREADS


def body(index, random):
    for step in xrange(STEPS // 4):
        value = random.randrange(60)
        if random.randrange(2):
            with atomic:
                if insert(value):
                    added[index] += 1
        else:
            with atomic:
                if remove(value):
                    removed[index] += 1
        if step % 16 == 0:
            with atomic:
                found = values()
            check(found == sorted(set(found)), 'not sorted:', found)


together(body)
check(len(values()) == sum(added) - sum(removed), 'count', len(values()), sum(added), sum(removed))
finish()
