"""Compressing and decompressing."""
import zlib

import shared


def work(size):
    text = shared.text(size)
    total = 0
    for level in (1, 6):
        packed = zlib.compress(text, level)
        total += zlib.decompress(packed) == text
    total += zlib.crc32(text) & 0xff
    total += zlib.adler32(text) & 0xff
    return total


if __name__ == '__main__':
    import harness
    harness.main('zlib_both', 150000, work, harness.user_time)
