"""What the programs beside this file share: the harness of ../programs, and some data."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'programs'))
import harness  # noqa: E402

WORDS = 'the quick brown fox jumps over a lazy dog while seven wizards vexed pale gnomes'.split()


def text(words, seed=7):
    """So many words with line ends and numbers between."""
    random = harness.Random(seed)
    parts = []
    for number in xrange(words):
        parts.append(WORDS[random.below(len(WORDS))])
        if number % 11 == 10:
            parts.append('%d.%02d\n' % (random.below(100000), random.below(100)))
    return ' '.join(parts)


def records(count):
    """Records as programs keep and send them."""
    random = harness.Random(3)
    return [{'id': number, 'name': WORDS[random.below(len(WORDS))] + str(number), 'active': number % 3 == 0,
             'score': random.below(100000) / 64.0, 'tags': [WORDS[random.below(len(WORDS))] for tag in range(4)],
             'parent': None, 'note': u'caf\xe9 ' + unicode(number), 'size': {'x': number * 7, 'y': -number}}
            for number in xrange(count)]
