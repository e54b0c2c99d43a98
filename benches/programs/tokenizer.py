"""Reads and writes a JSON-like text by hand, character by character: string indexing, recursion, dicts, lists."""
import harness

ESCAPES = {'n': '\n', 't': '\t', '"': '"', '\\': '\\', '/': '/'}
UNESCAPES = dict((value, '\\' + key) for key, value in ESCAPES.items() if key != '/')
SPACE = ' \t\r\n'
NUMBER = '0123456789+-.eE'


class Reader(object):
    def __init__(self, text):
        self.text = text
        self.at = 0

    def skip(self):
        text = self.text
        at = self.at
        while at < len(text) and text[at] in SPACE:
            at += 1
        self.at = at
        return text[at]

    def value(self):
        letter = self.skip()
        if letter == '{':
            return self.mapping()
        if letter == '[':
            return self.sequence()
        if letter == '"':
            return self.string()
        for word, meaning in (('true', True), ('false', False), ('null', None)):
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return meaning
        return self.number()

    def mapping(self):
        result = {}
        self.at += 1
        if self.skip() == '}':
            self.at += 1
            return result
        while True:
            self.skip()
            key = self.string()
            assert self.skip() == ':'
            self.at += 1
            result[key] = self.value()
            letter = self.skip()
            self.at += 1
            if letter == '}':
                return result
            assert letter == ','

    def sequence(self):
        result = []
        self.at += 1
        if self.skip() == ']':
            self.at += 1
            return result
        while True:
            result.append(self.value())
            letter = self.skip()
            self.at += 1
            if letter == ']':
                return result
            assert letter == ','

    def string(self):
        text = self.text
        at = self.at + 1
        pieces = []
        while True:
            letter = text[at]
            at += 1
            if letter == '"':
                break
            if letter == '\\':
                letter = ESCAPES[text[at]]
                at += 1
            pieces.append(letter)
        self.at = at
        return ''.join(pieces)

    def number(self):
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in NUMBER:
            self.at += 1
        word = self.text[start:self.at]
        try:
            return int(word)
        except ValueError:
            return float(word)


def write(value, out):
    if value is None:
        out.append('null')
    elif value is True:
        out.append('true')
    elif value is False:
        out.append('false')
    elif isinstance(value, str):
        out.append('"%s"' % ''.join([UNESCAPES.get(letter, letter) for letter in value]))
    elif isinstance(value, dict):
        out.append('{')
        for number, key in enumerate(sorted(value)):
            if number:
                out.append(', ')
            write(key, out)
            out.append(': ')
            write(value[key], out)
        out.append('}')
    elif isinstance(value, list):
        out.append('[')
        for number, item in enumerate(value):
            if number:
                out.append(', ')
            write(item, out)
        out.append(']')
    else:
        out.append(repr(value))


def sample(random, depth):
    kind = random.below(8)
    if depth == 0 or kind < 3:
        return [None, True, False, random.below(100000), random.below(1000) / 8.0,
                'some "quoted" text\nand %d' % random.below(99)][random.below(6)]
    if kind < 6:
        return [sample(random, depth - 1) for number in range(random.below(6))]
    return dict(('key%d' % number, sample(random, depth - 1)) for number in range(random.below(6)))


def work(size):
    random = harness.Random(11)
    total = 0
    for number in xrange(size):
        value = [sample(random, 5) for part in range(20)]
        out = []
        write(value, out)
        text = ''.join(out)
        reader = Reader(text)
        assert reader.value() == value and reader.at == len(text)
        total += len(text)
    return total


if __name__ == '__main__':
    harness.main('tokenizer', 100, work)
