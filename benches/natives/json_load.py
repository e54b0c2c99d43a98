"""JSON as records."""
import json

import shared

TEXT = {}


def work(size):
    if size not in TEXT:
        TEXT[size] = json.dumps(shared.records(size))
    return sum(len(json.loads(TEXT[size])) + len(json.loads(TEXT[size].decode('ascii'))) for turn in xrange(4))


if __name__ == '__main__':
    import harness
    harness.main('json_load', 2500, work, harness.user_time)
