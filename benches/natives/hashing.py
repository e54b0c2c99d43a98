"""Digests of much and of little data."""
import hashlib

import shared


def work(size):
    data = shared.text(50000)
    result = ''
    for name in ('md5', 'sha1', 'sha256', 'sha512'):
        digest = hashlib.new(name)
        for turn in xrange(size):
            digest.update(data)
        for turn in xrange(size * 300):
            digest.update(hashlib.md5(result).digest())
        result += digest.hexdigest()
    return hash(result) and result[:16]


if __name__ == '__main__':
    import harness
    harness.main('hashing', 20, work, harness.user_time)
