"""Joining strings, and adding to short ones. (That adding to long ones is linear is for linear.py to say.)"""
import shared


def work(size):
    words = shared.text(size).split()
    total = 0
    for turn in xrange(10):
        total += len(' '.join(words)) + len(u', '.join(words))
        total += len(''.join([word for word in words]))
        for word in words:
            line = word + ' ' + word
            line += '\n'
            total += len(line)
    return total


if __name__ == '__main__':
    import harness
    harness.main('str_join', 40000, work, harness.user_time)
