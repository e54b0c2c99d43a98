"""Regular expressions: long runs of characters of a class, words at borders, searching for literal text."""
import re

import shared

TEXT = {}


def work(size):
    if size not in TEXT:
        TEXT[size] = shared.text(size)
    text = TEXT[size]
    total = len(re.findall(r'\b[a-z]{5,}\b', text))
    total += len(re.split(r'[\s.]+', text))
    total += sum(match.start() for match in re.finditer('lazy dog', text))
    total += len(re.sub(r'[aeiou]+', '', text))
    total += len(re.findall(r'[^\n]*gnomes[^\n]*', text))
    return total


if __name__ == '__main__':
    import harness
    harness.main('re_words', 60000, work, harness.user_time)
