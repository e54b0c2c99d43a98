"""Answers `compare_code.py --python` as `compile_dump` does, with the built-in `compile` of the Python that runs this script (so that
every codec can be a source's encoding, and the code is what programs get).

    dump_code.py [--mode MODE]        names of files on standard input, a line each
"""
import marshal
import sys

from compare_code import expected


def main():
    mode = sys.argv[2] if sys.argv[1:2] == ['--mode'] else 'exec'
    for name in sys.stdin.read().splitlines():
        with open(name, 'rb') as f:
            source = f.read()
        result, caught = expected(source, name, mode)
        for row in caught:
            sys.stdout.write('WARN %s\n' % '\t'.join(row))
        if isinstance(result, tuple):
            sys.stdout.write('ERR %s\n' % '\t'.join(result).replace('\n', '\\n'))
        else:
            data = marshal.dumps(result)
            sys.stdout.write('OK %d\n%s' % (len(data), data))


if __name__ == '__main__':
    main()
