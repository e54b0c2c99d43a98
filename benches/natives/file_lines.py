"""Reading a file line by line, in three ways."""
import os
import tempfile

import shared

TEXT = {}


def work(size):
    if size not in TEXT:
        TEXT[size] = shared.text(size)
    handle, name = tempfile.mkstemp()
    os.close(handle)
    try:
        with open(name, 'wb') as out:
            out.write(TEXT[size])
        total = 0
        for turn in xrange(5):
            with open(name) as source:
                for line in source:
                    total += len(line)
            with open(name) as source:
                while True:
                    line = source.readline()
                    if not line:
                        break
                    total += 1
            with open(name) as source:
                total += len(source.readlines())
    finally:
        os.unlink(name)
    return total


if __name__ == '__main__':
    import harness
    harness.main('file_lines', 400000, work, harness.user_time)
