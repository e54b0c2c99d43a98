"""Writes src/unidata.rs: run by a Python 2.7 (Unicode 5.2) and redirect its output there."""
import sys

assert sys.maxunicode > 0xffff


def ranges(test):
    out, start = [], None
    for c in xrange(sys.maxunicode + 2):
        hit = c <= sys.maxunicode and test(unichr(c))
        if hit and start is None:
            start = c
        elif not hit and start is not None:
            out.append((start, c - 1))
            start = None
    return out


def emit(name, doc, rows, kind):
    print "/// %s" % doc
    print "static %s: &[%s] = &[" % (name, kind)
    line = "   "
    for row in rows:
        cell = " (%s)," % ", ".join(str(x) for x in row)
        if len(line) + len(cell) > 110:
            print line
            line = "   "
        line += cell
    print line
    print "];"
    print


def lower_rows():
    """(first, last, step, delta): every step-th character of the range moves by delta."""
    rows = []
    for c in xrange(sys.maxunicode + 1):
        d = ord(unichr(c).lower()) - c
        if not d:
            continue
        if rows:
            first, last, step, delta = rows[-1]
            gap = c - last
            if delta == d and gap <= 2 and (first == last or gap == step):
                rows[-1] = (first, c, gap, d)
                continue
        rows.append((c, c, 1, d))
    return rows


print "//! Unicode 5.2 facts that patterns with the UNICODE flag need. Written by tools/unidata.py."
print "#![forbid(unsafe_code)]"
print "#![cfg_attr(rustfmt, rustfmt_skip)]"
print
emit("ALNUM", "Letters and numbers of any kind.", ranges(lambda u: u.isalnum()), "(u32, u32)")
emit("DECIMAL", "Decimal digits.", ranges(lambda u: u.isdecimal()), "(u32, u32)")
emit("SPACE", "White space.", ranges(lambda u: u.isspace()), "(u32, u32)")
emit("LINEBREAK", "Line boundaries.", ranges(lambda u: len((u + u"x").splitlines()) == 2), "(u32, u32)")
emit("LOWER", "`(first, last, step, delta)`: every step-th character of the range has its lower case delta away.",
     lower_rows(), "(u32, u32, u32, i32)")
print """fn within(table: &[(u32, u32)], ch: u32) -> bool {
    let after = table.partition_point(|&(first, _)| first <= ch);
    after > 0 && ch <= table[after - 1].1
}

/// Whether the character is a letter or a number of any kind.
pub fn is_alnum(ch: u32) -> bool {
    within(ALNUM, ch)
}

/// Whether the character is a decimal digit.
pub fn is_decimal(ch: u32) -> bool {
    within(DECIMAL, ch)
}

/// Whether the character is white space.
pub fn is_space(ch: u32) -> bool {
    within(SPACE, ch)
}

/// Whether the character ends a line.
pub fn is_linebreak(ch: u32) -> bool {
    within(LINEBREAK, ch)
}

/// The simple lower case mapping.
pub fn lower(ch: u32) -> u32 {
    let after = LOWER.partition_point(|&(first, ..)| first <= ch);
    if after > 0 {
        let (first, last, step, delta) = LOWER[after - 1];
        if ch <= last && (ch - first).is_multiple_of(step) {
            return ch.wrapping_add_signed(delta);
        }
    }
    ch
}"""
