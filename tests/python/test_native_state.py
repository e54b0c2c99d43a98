"""Modules whose objects hold native state: threads that use them get what one thread gets, also when transactions abort."""
import bz2
import hashlib
import threading
import zlib
from xml.parsers import expat
from xml.etree import cElementTree

TEXT = ''.join('line %d of the text, %x\n' % (i, i * i) for i in range(3000))
XML = '<r>' + ''.join('<a k="%d">text &amp; %d<b/></a>' % (i, i) for i in range(400)) + '</r>'
shared = []


def pieces(text, n):
    return [text[i:i + n] for i in range(0, len(text), n)]


def with_zlib():
    c = zlib.compressobj()
    packed = ''.join(map(c.compress, pieces(TEXT, 997))) + c.flush()
    d = zlib.decompressobj()
    return zlib.crc32(packed), ''.join(map(d.decompress, pieces(packed, 101))) + d.flush() == TEXT


def with_bz2():
    c = bz2.BZ2Compressor()
    packed = ''.join(map(c.compress, pieces(TEXT, 4999))) + c.flush()
    return zlib.crc32(packed), bz2.decompress(packed) == TEXT


def with_hashlib():
    h = hashlib.sha256()
    for piece in pieces(TEXT, 61):
        h.update(piece)
    return h.hexdigest(), hashlib.pbkdf2_hmac('sha1', 'password', 'salt', 50).encode('hex')


def with_expat():
    seen = []
    p = expat.ParserCreate()

    def start(name, attrs):
        seen.append((name, sorted(attrs.items())))
        # Something that other threads write too: handlers may be undone and run again.
        shared.append(name)

    p.StartElementHandler = start
    p.buffer_text = True
    p.CharacterDataHandler = seen.append
    for piece in pieces(XML, 77):
        p.Parse(piece)
    p.Parse('', 1)
    return len(seen), hash(repr(seen)), p.CurrentByteIndex


def with_elementtree():
    root = cElementTree.fromstring(XML)
    return len(root), root[7].get('k'), root.findtext('a'), hash(cElementTree.tostring(root))


WORK = [with_zlib, with_bz2, with_hashlib, with_expat, with_elementtree]
expected = [f() for f in WORK]
assert expected[0][1] and expected[1][1]
alone = len(shared)
failures = []


def run(k):
    try:
        for i in range(len(WORK)):
            j = (i + k) % len(WORK)
            got = WORK[j]()
            if got != expected[j]:
                failures.append((WORK[j].__name__, got, expected[j]))
    except Exception as e:
        failures.append(repr(e))


threads = [threading.Thread(target=run, args=(k,)) for k in range(6)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert not failures, failures
assert len(shared) == alone * 7, (len(shared), alone)

# One compressor for all: no piece is lost or taken twice.
c = zlib.compressobj()
parts, lock = [], threading.Lock()


def feed():
    for i in range(50):
        with lock:
            parts.append(c.compress('0123456789'))


threads = [threading.Thread(target=feed) for k in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert zlib.decompress(''.join(parts) + c.flush()) == '0123456789' * 200

# An exception of a handler ends the parse and comes through.
p = expat.ParserCreate()
p.StartElementHandler = lambda *args: 1 / 0
try:
    p.Parse('<a/>', 1)
except ZeroDivisionError:
    pass
else:
    assert False
