"""Formatting with % and with format()."""
import shared


def work(size):
    total = 0
    for number in xrange(size):
        total += len('%s|%5d|%-12s|%.3f|%x' % ('abc', number, 'right', number / 3.0, number))
        total += len('{0}-{1:>8}-{name!r}'.format(number, 'left', name='x'))
        total += len(u'%s %d' % (u'caf\xe9', number))
        total += len(str(number) + repr(number * 0.5))
    return total


if __name__ == '__main__':
    import harness
    harness.main('str_format', 60000, work, harness.user_time)
