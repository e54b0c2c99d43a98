//! The method table of `bytearray`.

use super::{change, text};
use crate::native::{CLASS, KEYWORDS, MethodDef};

macro_rules! rows {
    ($($name:literal $f:path, $min:expr, $max:expr, $flags:expr, $doc:literal;)*) => {
        &[ $( MethodDef::new($name, $f, $min, $max, $flags, $doc), )* ]
    };
}

pub(super) static METHODS: &[MethodDef] = rows! {
    "__alloc__" change::alloc, 0, 0, 0, "B.__alloc__() -> int\n\nBytes set aside.";
    "__reduce__" change::reduce, 0, 0, 0, "Return state information for pickling.";
    "__sizeof__" change::sizeof, 0, 0, 0, "B.__sizeof__() -> int\n\nSize in memory, in bytes.";
    "append" change::append, 1, 1, 0, "B.append(int) -> None\n\nOne byte more at the end.";
    "capitalize" text::capitalize, 0, 0, 0, "B.capitalize() -> copy of B";
    "center" text::center, 1, 2, 0, "B.center(width[, fillchar]) -> copy of B";
    "count" text::count, 1, 3, 0, "B.count(sub[, start[, end]]) -> int";
    "decode" text::decode, 0, 2, KEYWORDS, "B.decode([encoding[, errors]]) -> unicode object";
    "endswith" text::endswith, 1, 3, 0, "B.endswith(suffix[, start[, end]]) -> bool";
    "expandtabs" text::expandtabs, 0, 1, 0, "B.expandtabs([tabsize]) -> copy of B";
    "extend" change::extend, 1, 1, 0, "B.extend(iterable of ints) -> None\n\nMore bytes at the end.";
    "find" text::find, 1, 3, 0, "B.find(sub[, start[, end]]) -> int";
    "fromhex" change::fromhex, 1, 1, CLASS | crate::native::PARSED, "bytearray.fromhex(string) -> bytearray\n\nFrom pairs of hexadecimal digits.";
    "index" text::index, 1, 3, 0, "B.index(sub[, start[, end]]) -> int";
    "insert" change::insert, 2, 2, 0, "B.insert(index, int) -> None\n\nOne byte more before the index.";
    "isalnum" text::isalnum, 0, 0, 0, "B.isalnum() -> bool";
    "isalpha" text::isalpha, 0, 0, 0, "B.isalpha() -> bool";
    "isdigit" text::isdigit, 0, 0, 0, "B.isdigit() -> bool";
    "islower" text::islower, 0, 0, 0, "B.islower() -> bool";
    "isspace" text::isspace, 0, 0, 0, "B.isspace() -> bool";
    "istitle" text::istitle, 0, 0, 0, "B.istitle() -> bool";
    "isupper" text::isupper, 0, 0, 0, "B.isupper() -> bool";
    "join" text::join, 1, 1, 0, "B.join(iterable_of_bytes) -> bytearray";
    "ljust" text::ljust, 1, 2, 0, "B.ljust(width[, fillchar]) -> copy of B";
    "lower" text::lower, 0, 0, 0, "B.lower() -> copy of B";
    "lstrip" text::lstrip, 0, 1, 0, "B.lstrip([bytes]) -> bytearray";
    "partition" text::partition, 1, 1, 0, "B.partition(sep) -> (head, sep, tail)";
    "pop" change::pop, 0, 1, 0, "B.pop([index]) -> int\n\nTakes one byte out, the last by default.";
    "remove" change::remove, 1, 1, 0, "B.remove(int) -> None\n\nTakes the first such byte out.";
    "replace" text::replace, 2, 3, 0, "B.replace(old, new[, count]) -> bytearray";
    "reverse" change::reverse, 0, 0, 0, "B.reverse() -> None\n\nReverses the order in place.";
    "rfind" text::rfind, 1, 3, 0, "B.rfind(sub[, start[, end]]) -> int";
    "rindex" text::rindex, 1, 3, 0, "B.rindex(sub[, start[, end]]) -> int";
    "rjust" text::rjust, 1, 2, 0, "B.rjust(width[, fillchar]) -> copy of B";
    "rpartition" text::rpartition, 1, 1, 0, "B.rpartition(sep) -> (head, sep, tail)";
    "rsplit" text::rsplit, 0, 2, 0, "B.rsplit([sep[, maxsplit]]) -> list of bytearrays";
    "rstrip" text::rstrip, 0, 1, 0, "B.rstrip([bytes]) -> bytearray";
    "split" text::split, 0, 2, 0, "B.split([sep[, maxsplit]]) -> list of bytearrays";
    "splitlines" text::splitlines, 0, 1, 0, "B.splitlines(keepends=False) -> list of bytearrays";
    "startswith" text::startswith, 1, 3, 0, "B.startswith(prefix[, start[, end]]) -> bool";
    "strip" text::strip, 0, 1, 0, "B.strip([bytes]) -> bytearray";
    "swapcase" text::swapcase, 0, 0, 0, "B.swapcase() -> copy of B";
    "title" text::title, 0, 0, 0, "B.title() -> copy of B";
    "translate" text::translate, 1, 2, crate::native::UNPACKED, "B.translate(table[, deletechars]) -> bytearray";
    "upper" text::upper, 0, 0, 0, "B.upper() -> copy of B";
    "zfill" text::zfill, 1, 1, crate::native::PARSED, "B.zfill(width) -> copy of B";
};
