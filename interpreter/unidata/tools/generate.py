"""Writes the tables under data/ from the `unicodedata` module of a Python 2.7 with wide characters.

Usage: python2.7 generate.py OUTPUT_DIRECTORY

tables.bin: for each of the two versions (5.2.0, 3.2.0) a three-part table, little endian:
    u32 blocks, u32 records, 8704 u16 block numbers, blocks * 128 u16 record numbers, records of 20 bytes
    (category, bidirectional class, combining class, east asian width, flags, decimal, digit, numeric index: u8;
    upper, lower, title: i32 differences);
    then u32 count and as many f64 numeric values.
texts.bin: zlib stream of four parts, each u32 length first: names ("hex name" lines), decompositions of 5.2 ("hex text"
    lines), decompositions of 3.2 where they differ, composition pairs ("first second result old" hex lines, where
    old is 1 if 3.2 composes it too).
"""
import os
import struct
import sys
import unicodedata
import zlib

CATEGORIES = "Cn Lu Ll Lt Mn Mc Me Nd Nl No Zs Zl Zp Cc Cf Cs Co Lm Lo Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So".split()
BIDI = [""] + "L LRE LRO R AL RLE RLO PDF EN ES ET AN CS NSM BN B S WS ON".split()
WIDTHS = "F H W Na A N".split()
OLD = unicodedata.ucd_3_2_0
numerics = []


def record(c, db):
    u = unichr(c)
    n = db.numeric(u, None)
    if n is not None and n not in numerics:
        numerics.append(n)
    flags = db.mirrored(u) | u.isspace() << 1 | (len(u.splitlines()[0]) == 0) << 2
    def byte(v):
        return 255 if v is None else int(v)
    # Wide builds map each character to one.
    return struct.pack("<8B3i",
        CATEGORIES.index(db.category(u)), BIDI.index(db.bidirectional(u)), db.combining(u),
        WIDTHS.index(db.east_asian_width(u)), flags, byte(db.decimal(u, None)), byte(db.digit(u, None)),
        255 if n is None else numerics.index(n),
        ord(u.upper()) - c, ord(u.lower()) - c, ord(u.title()) - c)


def table(db):
    records, blocks, index = {}, {}, []
    for start in range(0, 0x110000, 128):
        block = tuple(records.setdefault(record(c, db), len(records)) for c in range(start, start + 128))
        index.append(blocks.setdefault(block, len(blocks)))
    out = struct.pack("<II", len(blocks), len(records)) + struct.pack("<8704H", *index)
    for block in sorted(blocks, key=blocks.get):
        out += struct.pack("<128H", *block)
    return out + "".join(sorted(records, key=records.get))


def texts():
    names, new, old, pairs = [], [], [], []
    for c in range(0x110000):
        u = unichr(c)
        name = unicodedata.name(u, "")
        if name and not name.startswith(("CJK UNIFIED IDEOGRAPH-", "HANGUL SYLLABLE ")):
            names.append("%X %s" % (c, name))
        d, o = unicodedata.decomposition(u), OLD.decomposition(u)
        if d:
            new.append("%X %s" % (c, d))
        if d != o:
            old.append("%X %s" % (c, o))
        if d and not d.startswith("<") and " " in d:
            a, b = (int(x, 16) for x in d.split())
            if unicodedata.normalize("NFC", unichr(a) + unichr(b)) == u:
                was = OLD.normalize("NFC", unichr(a) + unichr(b)) == u
                pairs.append("%X %X %X %d" % (a, b, c, was))
    out = ""
    for part in names, new, old, pairs:
        text = "\n".join(part)
        out += struct.pack("<I", len(text)) + text
    return zlib.compress(out, 9)


def main(directory):
    tables = table(unicodedata) + table(OLD)
    assert len(numerics) < 255
    tables += struct.pack("<I", len(numerics)) + struct.pack("<%dd" % len(numerics), *numerics)
    for name, data in ("tables.bin", tables), ("texts.bin", texts()):
        with open(os.path.join(directory, name), "wb") as f:
            f.write(data)
        print name, len(data)


main(sys.argv[1])
