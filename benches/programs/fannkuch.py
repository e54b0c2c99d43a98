"""Most reversals of a prefix over all permutations of SIZE numbers: small lists, indexing, slices."""
import harness


def work(size):
    permutation = list(range(size))
    counts = [0] * size
    most = 0
    checksum = 0
    sign = 1
    while True:
        first = permutation[0]
        if first:
            flips = 0
            stack = permutation[:]
            while first:
                stack[:first + 1] = stack[first::-1]
                flips += 1
                first = stack[0]
            if flips > most:
                most = flips
            checksum += flips * sign
        # The next permutation, one swap parity further.
        if sign == 1:
            permutation[0], permutation[1] = permutation[1], permutation[0]
            sign = -1
            continue
        permutation[1], permutation[2] = permutation[2], permutation[1]
        sign = 1
        place = 2
        while True:
            counts[place] += 1
            if counts[place] <= place:
                break
            counts[place] = 0
            place += 1
            if place == size:
                return '%d/%d' % (checksum, most)
            permutation.insert(place, permutation.pop(0))


if __name__ == '__main__':
    harness.main('fannkuch', 9, work)
