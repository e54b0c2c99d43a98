"""Mersenne primes by the Lucas-Lehmer test, the exponents below SIZE dealt out in tasks.

Long arithmetic, and a few large exponents that dominate, so the shares are uneven.
"""
import harness

TASK = 100


def is_prime(n):
    if n < 4:
        return n > 1
    if n % 2 == 0:
        return False
    divisor = 3
    while divisor * divisor <= n:
        if n % divisor == 0:
            return False
        divisor += 2
    return True


def is_mersenne_prime(exponent):
    if exponent == 2:
        return True
    mersenne = (1 << exponent) - 1
    value = 4
    for step in xrange(exponent - 2):
        value = (value * value - 2) % mersenne
    return value == 0


def work(threads, size):
    todo = list(range(0, size, TASK))

    def body(index):
        found = []
        while True:
            try:
                first = todo.pop()
            except IndexError:
                return found
            for exponent in xrange(first, min(first + TASK, size)):
                if is_prime(exponent) and is_mersenne_prime(exponent):
                    found.append(exponent)

    exponents = sorted(sum(harness.run_threads(threads, body), []))
    return '%d/%d' % (len(exponents), sum(exponents))


if __name__ == '__main__':
    harness.main('mersenne', 2000, work)
