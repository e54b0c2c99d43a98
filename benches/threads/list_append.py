"""All threads append to one list: as much contention as a program can have."""
import harness


def work(threads, size):
    shared = []

    def body(index):
        low, high = harness.share(size, threads, index)
        append = shared.append
        for number in xrange(low, high):
            append(number)

    harness.run_threads(threads, body)
    assert len(shared) == size
    return sum(shared)


if __name__ == '__main__':
    harness.main('list_append', 4000000, work)
