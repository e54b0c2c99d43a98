"""Single operations of built-in containers are indivisible without any lock."""
from common import *
import collections

items = []
ring = collections.deque()
table = {}
members = set()
counts = collections.defaultdict(list)
source = range(STEPS * THREADS)
taken = [[] for number in range(THREADS)]
popped = [[] for number in range(THREADS)]
owners = {}
wins = [0] * THREADS


def body(index, random):
    mine = taken[index]
    for step in xrange(STEPS):
        items.append((index, step))
        ring.append((index, step))
        table[index, step] = step
        members.add((index, step))
        mine.append(source.pop())
        if owners.setdefault(step, index) == index:
            wins[index] += 1
        if step % 5 == 0:
            del table[index, step]
            members.discard((index, step))
        if step % 7 == 0:
            popped[index].append(ring.popleft())
        if step % 64 == 0:
            items[0:0] = []
            len(table), len(members), list(members)[:3], table.keys()[:3]


together(body)
total = THREADS * STEPS
check(len(items) == total and len(set(items)) == total, 'list', len(items), len(set(items)), total)
for index in range(THREADS):
    check([step for owner, step in items if owner == index] == range(STEPS), 'order of', index)
gone = sum(1 for step in range(STEPS) if step % 5 == 0) * THREADS
check(len(table) == len(members) == total - gone, 'dict and set', len(table), len(members), total - gone)
check(sorted(sum(taken, [])) == range(total) and not source, 'pop')
check(sum(wins) == STEPS and len(owners) == STEPS, 'setdefault', sum(wins))
rest = list(ring) + sum(popped, [])
check(len(rest) == total and len(set(rest)) == total, 'deque')
finish()
