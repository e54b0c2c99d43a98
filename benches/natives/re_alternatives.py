"""Regular expressions: a choice of words and numbers at every place of a text, as scanners use them."""
import re

import shared

TEXT = {}


def work(size):
    if size not in TEXT:
        TEXT[size] = shared.text(size)
    scanner = re.compile(r'(?P<number>\d+\.\d+)|(?P<word>[a-z]+)|(?P<blank>\s+)|(?P<other>.)')
    total = 0
    for match in scanner.finditer(TEXT[size]):
        total += len(match.lastgroup) + match.end()
    animals = re.compile('fox|dog|gnomes|wizards')
    total += len(animals.findall(TEXT[size]))
    return total


if __name__ == '__main__':
    import harness
    harness.main('re_alternatives', 40000, work, harness.user_time)
