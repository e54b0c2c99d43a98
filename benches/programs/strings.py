"""Text in many small steps: building, splitting, joining, replacing, formatting, searching."""
import harness

WORDS = 'the quick brown fox jumps over a lazy dog while seven wizards vexed pale gnomes'.split()


def build(random, count):
    text = ''
    for number in xrange(count):
        text += WORDS[random.below(len(WORDS))]
        text += ' ' if number % 11 else '.\n'
    return text


def rot13(text):
    result = []
    for letter in text:
        code = ord(letter)
        if 97 <= code <= 122:
            code = (code - 84) % 26 + 97
        result.append(chr(code))
    return ''.join(result)


def work(size):
    random = harness.Random(7)
    total = 0
    for number in xrange(size):
        text = build(random, 400)
        for line in text.split('\n'):
            words = line.strip('. ').split()
            line = ' '.join(word.capitalize() for word in words)
            line = line.replace('Fox', 'Dog').replace('Lazy', 'Busy')
            total += line.count('Dog') + line.find('Busy') + len(line.upper())
            if line.startswith('The') or line.endswith('gnomes'):
                total += 1
            total += len('%s|%5d|%-12s|%.3f' % (line[:10], number, line[-5:], len(line) / 3.0))
        assert rot13(rot13(text)) == text
        unicode_text = text.decode('ascii')
        total += len(unicode_text.replace(u'dog', u'd\xf6g').encode('utf-8'))
    return total


if __name__ == '__main__':
    harness.main('strings', 150, work)
