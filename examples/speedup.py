"""Runs one of the programs beside this file with 1 to N threads and prints how much faster it gets.

    speedup.py [--threads N] [--rounds R] PROGRAM [ARGUMENT...]

For instance `pypy-stm examples/speedup.py --threads 4 primes_pool --size 500000`. The program runs under the same
Python as this script, in a process of its own each time; the best of R rounds counts. Stops with an error when the
results differ between numbers of threads.
"""
import optparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def cores():
    try:
        with open('/proc/cpuinfo') as source:
            return max(1, source.read().count('\nprocessor') + 1)
    except IOError:
        return 2


def run(program, arguments, threads):
    """(seconds, checksum) as the program reports them."""
    command = [sys.executable, program, '--threads', str(threads)] + arguments
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    output = process.communicate()[0]
    if process.returncode != 0:
        sys.stdout.write(output)
        raise SystemExit('%s failed with status %d' % (os.path.basename(program), process.returncode))
    seconds = checksum = None
    for line in output.splitlines():
        name, colon, rest = line.partition(': ')
        if name == 'seconds':
            seconds = float(rest.split()[0])
        elif name == 'checksum':
            checksum = rest
    if seconds is None or checksum is None:
        raise SystemExit('%s printed no seconds or no checksum' % os.path.basename(program))
    return seconds, checksum


def main():
    parser = optparse.OptionParser(usage='%prog [options] PROGRAM [ARGUMENT...]')
    parser.disable_interspersed_args()
    parser.add_option('--threads', type='int', default=cores(), help='up to so many threads (default: the cores)')
    parser.add_option('--rounds', type='int', default=3, help='how often each (default 3)')
    options, arguments = parser.parse_args()
    if not arguments:
        parser.error('which program?')
    program = arguments[0]
    if not program.endswith('.py'):
        program += '.py'
    if not os.path.exists(program):
        program = os.path.join(HERE, program)
    name = os.path.basename(program)

    print '%s under %s' % (name, sys.executable)
    print 'threads  seconds  speed-up'
    first = expected = None
    for threads in range(1, max(1, options.threads) + 1):
        best = None
        for number in range(max(1, options.rounds)):
            seconds, checksum = run(program, arguments[1:], threads)
            if expected is None:
                expected = checksum
            if checksum != expected:
                raise SystemExit('%d threads gave %s, not %s' % (threads, checksum, expected))
            if best is None or seconds < best:
                best = seconds
        if first is None:
            first = best
        print '%7d %8.3f %8.2fx' % (threads, best, first / best)
        sys.stdout.flush()
    print 'checksum %s, the same with every number of threads' % expected


if __name__ == '__main__':
    main()
