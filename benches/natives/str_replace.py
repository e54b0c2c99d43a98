"""Replacing, translating, changing case, finding."""
import string

import shared

TABLE = string.maketrans('abcxyz', 'xyzabc')
TEXT = {}


def work(size):
    if size not in TEXT:
        TEXT[size] = shared.text(size)
    text = TEXT[size]
    total = 0
    for turn in xrange(20):
        total += len(text.replace('fox', 'bear')) + len(text.replace('a', '')) + len(text.replace('quick', 'tardy'))
        total += len(text.translate(TABLE, 'q')) + len(text.upper()) + len(text.swapcase())
        total += text.count('dog') + text.find('no such') + text.rfind('gnomes')
        total += len(unicode(text, 'ascii').replace(u'fox', u'b\xe4r').encode('utf-8'))
    return total


if __name__ == '__main__':
    import harness
    harness.main('str_replace', 60000, work, harness.user_time)
