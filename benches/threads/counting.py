"""An empty loop that counts down: threads that share nothing at all."""
import harness


def count_down(n):
    while n > 0:
        n -= 1
    return n


def work(threads, size):
    def body(index):
        low, high = harness.share(size, threads, index)
        count_down(high - low)
        return high - low
    return sum(harness.run_threads(threads, body))


if __name__ == '__main__':
    harness.main('counting', 30000000, work)
