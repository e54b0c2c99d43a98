"""What the native part of the element tree leaves to Python."""
from xml.etree import ElementPath
from xml.etree import ElementTree as _python

_native = {'Element': Element, 'XMLParser': XMLParser, 'TreeBuilder': TreeBuilder}

dump = _python.dump
fromstringlist = _python.fromstringlist
iselement = _python.iselement
register_namespace = _python.register_namespace
tostring = _python.tostring
tostringlist = _python.tostringlist
QName = _python.QName


class _Special(object):
    """A factory of comments or instructions; equal to the function of the Python module, as tags are compared."""

    def __init__(self, tag, make):
        self.tag = tag
        self.make = make

    def __call__(self, *args):
        return self.make(*args)

    def __cmp__(self, other):
        return cmp(self.tag, other)

    def __eq__(self, other):
        return self is other or self.tag == other

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(self.tag)


def _comment(text=None):
    element = Element(_python.Comment)
    element.text = text
    return element


def _instruction(target, text=None):
    element = Element(_python.ProcessingInstruction)
    element.text = target
    if text:
        element.text = element.text + ' ' + text
    return element


Comment = _Special(_python.Comment, _comment)
PI = ProcessingInstruction = _Special(_python.ProcessingInstruction, _instruction)


def iter(node, tag=None):
    if tag == '*':
        tag = None
    if tag is None or node.tag == tag:
        yield node
    for child in node:
        for below in iter(child, tag):
            yield below


def itertext(node):
    if not isinstance(node.tag, basestring) and node.tag is not None:
        return
    if node.text:
        yield node.text
    for child in node:
        for text in itertext(child):
            yield text
        if child.tail:
            yield child.tail


class ElementTree(_python.ElementTree):
    def parse(self, source, parser=None):
        opened = not hasattr(source, 'read')
        if opened:
            source = open(source, 'rb')
        try:
            if parser is None:
                self._root = XMLParser()._parse(source)
            else:
                while 1:
                    data = source.read(65536)
                    if not data:
                        break
                    parser.feed(data)
                self._root = parser.close()
            return self._root
        finally:
            if opened:
                source.close()


def parse(source, parser=None):
    tree = ElementTree()
    tree.parse(source, parser)
    return tree


class iterparse(object):
    root = None

    def __init__(self, source, events=None, parser=None):
        self._opened = not hasattr(source, 'read')
        if self._opened:
            source = open(source, 'rb')
        self._file = source
        self._events = []
        self._index = 0
        self._error = None
        self._root = self.root = None
        if parser is None:
            parser = XMLParser(target=TreeBuilder())
        self._parser = parser
        try:
            self._parser._setevents(self._events, events)
        except:
            self._close()
            raise

    def _close(self):
        if self._opened:
            self._file.close()

    def next(self):
        try:
            while 1:
                if self._index < len(self._events):
                    item = self._events[self._index]
                    self._index += 1
                    return item
                if self._error:
                    error = self._error
                    self._error = None
                    raise error
                if self._parser is None:
                    self.root = self._root
                    break
                del self._events[:]
                self._index = 0
                data = self._file.read(16384)
                if data:
                    try:
                        self._parser.feed(data)
                    except SyntaxError as error:
                        self._error = error
                else:
                    parser, self._parser = self._parser, None
                    self._root = parser.close()
        except:
            self._close()
            raise
        self._close()
        raise StopIteration

    def __iter__(self):
        return self


def XML(text):
    parser = XMLParser()
    parser.feed(text)
    return parser.close()


fromstring = XML


def XMLID(text):
    tree = XML(text)
    ids = {}
    for element in tree.getiterator():
        id = element.get('id')
        if id:
            ids[id] = element
    return tree, ids


def fromstringlist(sequence, parser=None):
    if not parser:
        parser = XMLParser()
    for text in sequence:
        parser.feed(text)
    return parser.close()


EXPORTS = ['Comment', 'ElementPath', 'ElementTree', 'PI', 'ProcessingInstruction', 'QName', 'XML', 'XMLID', 'dump',
           'fromstring', 'fromstringlist', 'iselement', 'iterparse', 'parse', 'register_namespace', 'tostring',
           'tostringlist']
