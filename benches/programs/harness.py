"""What every single-thread benchmark shares.

    prog.py [SIZE [ROUNDS]]

Prints one line, the first (cold) round left out:

    NAME size=S rounds=0.412,0.398,0.401 checksum=... peak=KIB
"""
import sys
import time


class Random(object):
    """A small linear generator: the same numbers on every Python, and cheap."""

    def __init__(self, seed):
        self.state = (seed * 7919 + 12345) & 0x7fffffff

    def below(self, limit):
        self.state = state = (self.state * 1103515245 + 12345) & 0x7fffffff
        return (state >> 8) % limit


def user_time():
    """Seconds of processor time this process has spent outside the kernel: what a shared machine disturbs least."""
    import resource
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def peak():
    """KiB this process has had resident at most, or 0 where the system does not say.

    Not `ru_maxrss`, which a process begins with that of the one it was forked from: the tool that started it.
    """
    try:
        with open('/proc/self/status') as status:
            for line in status:
                if line.startswith('VmHWM:'):
                    return int(line.split()[1])
    except IOError:
        pass
    return 0


def main(name, default_size, work, clock=time.time):
    """work(size) -> checksum, called once per round."""
    arguments = [int(word) for word in sys.argv[1:]]
    size = arguments[0] if arguments else default_size
    rounds = arguments[1] if len(arguments) > 1 else 3
    times = []
    checksum = None
    for number in range(rounds + 1):
        start = clock()
        result = work(size)
        elapsed = clock() - start
        if checksum is not None and result != checksum:
            raise AssertionError('round %d gave %r, not %r' % (number, result, checksum))
        checksum = result
        if number or not rounds:
            times.append(elapsed)
    print('%s size=%d rounds=%s checksum=%s peak=%d' % (
        name, size, ','.join('%.4f' % t for t in times), checksum, peak()))
