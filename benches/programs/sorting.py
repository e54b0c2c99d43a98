"""The built-in sort with and without keys and comparison functions, and three sorts written out by hand."""
import harness


def quicksort(items, low, high):
    while low < high:
        pivot = items[(low + high) // 2]
        left = low
        right = high
        while left <= right:
            while items[left] < pivot:
                left += 1
            while items[right] > pivot:
                right -= 1
            if left <= right:
                items[left], items[right] = items[right], items[left]
                left += 1
                right -= 1
        if right - low < high - left:
            quicksort(items, low, right)
            low = left
        else:
            quicksort(items, left, high)
            high = right


def mergesort(items):
    if len(items) < 2:
        return items
    middle = len(items) // 2
    left = mergesort(items[:middle])
    right = mergesort(items[middle:])
    result = []
    i = j = 0
    while i < len(left) and j < len(right):
        if right[j] < left[i]:
            result.append(right[j])
            j += 1
        else:
            result.append(left[i])
            i += 1
    return result + left[i:] + right[j:]


def heapsort(items):
    size = len(items)

    def sift(root, end):
        while 2 * root + 1 < end:
            child = 2 * root + 1
            if child + 1 < end and items[child] < items[child + 1]:
                child += 1
            if items[root] >= items[child]:
                return
            items[root], items[child] = items[child], items[root]
            root = child

    for root in range(size // 2 - 1, -1, -1):
        sift(root, size)
    for end in range(size - 1, 0, -1):
        items[0], items[end] = items[end], items[0]
        sift(0, end)


def work(size):
    random = harness.Random(5)
    items = [random.below(1000000) for number in xrange(size)]
    expected = sorted(items)
    quick = items[:]
    quicksort(quick, 0, len(quick) - 1)
    heap = items[:]
    heapsort(heap)
    assert quick == heap == mergesort(items) == expected
    texts = sorted(['%06d' % item for item in items], key=lambda text: text[::-1])
    pairs = sorted([(item % 100, item) for item in items], cmp=lambda a, b: cmp(a[1], b[1]), reverse=True)
    total = int(texts[size // 2]) + pairs[size // 3][0]
    for repeat in range(5):
        total += sorted(items)[repeat]
    return total


if __name__ == '__main__':
    harness.main('sorting', 20000, work)
