"""Regular expressions: taking lines apart with groups, greedy and not, and putting them together again."""
import re

import shared

TEXT = {}


def work(size):
    if size not in TEXT:
        TEXT[size] = shared.text(size)
    line = re.compile(r'^\s*(\w+)\s+(.*?)\s+(\w+)\s+(\d+)\.(\d{2})\s*$')
    total = 0
    for row in TEXT[size].split('\n'):
        match = line.match(row)
        if match:
            total += len(match.group(2)) + int(match.group(4))
    swapped = re.sub(r'(\w+) (\w+)', r'\2 \1', TEXT[size])
    doubled = re.sub(r'(\w)\1', lambda match: match.group(1).upper(), swapped)
    return total + len(swapped) + len(doubled)


if __name__ == '__main__':
    import harness
    harness.main('re_groups', 60000, work, harness.user_time)
