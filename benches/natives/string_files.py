"""Files in memory: cStringIO both ways, io.BytesIO, bytearrays."""
import cStringIO
import io

import shared


def work(size):
    words = shared.text(size).split()
    total = 0
    for turn in xrange(4):
        out = cStringIO.StringIO()
        for word in words:
            out.write(word)
            out.write('\n')
        for line in cStringIO.StringIO(out.getvalue()):
            total += len(line)
        out = io.BytesIO()
        for word in words:
            out.write(word)
        total += len(out.getvalue())
        array = bytearray()
        for word in words:
            array += word
            array.append(10)
        for place in xrange(0, len(array), 100):
            total += len(array[place:place + 100])
    return total


if __name__ == '__main__':
    import harness
    harness.main('string_files', 40000, work, harness.user_time)
