"""Records as JSON."""
import json

import shared


def work(size):
    data = shared.records(size)
    # In order of insertion here, by hash there: the length is the same.
    return sum(len(json.dumps(data)) for turn in xrange(5))


if __name__ == '__main__':
    import harness
    harness.main('json_dump', 3000, work, harness.user_time)
