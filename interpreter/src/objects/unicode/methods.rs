//! The method table of `unicode`.

use super::{case, cut, fill, find, join};
use crate::native::{KEYWORDS, MethodDef, VARIADIC};
use crate::objects::str::template;

macro_rules! rows {
    ($($name:literal $f:path, $min:expr, $max:expr, $flags:expr, $doc:literal;)*) => {
        &[ $( MethodDef::new($name, $f, $min, $max, $flags, $doc), )* ]
    };
}

pub(super) static METHODS: &[MethodDef] = rows! {
    "capitalize" case::capitalize, 0, 0, 0, "S.capitalize() -> unicode\n\nThe first character as a capital, the rest in lower case.";
    "center" fill::center, 1, 2, 0, "S.center(width[, fillchar]) -> unicode\n\nS in the middle of width characters.";
    "count" find::count, 1, 3, 0, "S.count(sub[, start[, end]]) -> int\n\nHow often sub occurs without overlap.";
    "decode" join::decode, 0, 2, KEYWORDS, "S.decode([encoding[, errors]]) -> string or unicode\n\nDecodes with a registered codec.";
    "encode" join::encode, 0, 2, KEYWORDS, "S.encode([encoding[, errors]]) -> string or unicode\n\nEncodes with a registered codec.";
    "endswith" find::endswith, 1, 3, 0, "S.endswith(suffix[, start[, end]]) -> bool\n\nTrue if S ends with the suffix, or one of a tuple.";
    "expandtabs" fill::expandtabs, 0, 1, 0, "S.expandtabs([tabsize]) -> unicode\n\nTabs become spaces.";
    "find" find::find, 1, 3, 0, "S.find(sub[, start[, end]]) -> int\n\nThe first place of sub, or -1.";
    "format" template::format_unicode, 0, VARIADIC, KEYWORDS, "S.format(*args, **kwargs) -> unicode\n\nFills the replacement fields of S.";
    "index" find::index, 1, 3, 0, "S.index(sub[, start[, end]]) -> int\n\nThe first place of sub, or ValueError.";
    "isalnum" case::isalnum, 0, 0, 0, "S.isalnum() -> bool\n\nOnly letters and digits, and not empty.";
    "isalpha" case::isalpha, 0, 0, 0, "S.isalpha() -> bool\n\nOnly letters, and not empty.";
    "isdecimal" case::isdecimal, 0, 0, 0, "S.isdecimal() -> bool\n\nOnly decimal digits, and not empty.";
    "isdigit" case::isdigit, 0, 0, 0, "S.isdigit() -> bool\n\nOnly digits, and not empty.";
    "islower" case::islower, 0, 0, 0, "S.islower() -> bool\n\nSome letters, all of them lower case.";
    "isnumeric" case::isnumeric, 0, 0, 0, "S.isnumeric() -> bool\n\nOnly numeric characters, and not empty.";
    "isspace" case::isspace, 0, 0, 0, "S.isspace() -> bool\n\nOnly white space, and not empty.";
    "istitle" case::istitle, 0, 0, 0, "S.istitle() -> bool\n\nWords start with capitals and have no others.";
    "isupper" case::isupper, 0, 0, 0, "S.isupper() -> bool\n\nSome letters, all of them capitals.";
    "join" join::join, 1, 1, 0, "S.join(iterable) -> unicode\n\nThe strings of the iterable with S between them.";
    "ljust" fill::ljust, 1, 2, 0, "S.ljust(width[, fillchar]) -> unicode\n\nS at the left of width characters.";
    "lower" case::lower, 0, 0, 0, "S.lower() -> unicode\n\nS in lower case.";
    "lstrip" cut::lstrip, 0, 1, 0, "S.lstrip([chars]) -> unicode\n\nWithout white space (or those characters) in front.";
    "partition" cut::partition, 1, 1, 0, "S.partition(sep) -> (head, sep, tail)\n\nCuts S at the first sep.";
    "replace" fill::replace, 2, 3, 0, "S.replace(old, new[, count]) -> unicode\n\nOccurrences of old become new, at most count of them.";
    "rfind" find::rfind, 1, 3, 0, "S.rfind(sub[, start[, end]]) -> int\n\nThe last place of sub, or -1.";
    "rindex" find::rindex, 1, 3, 0, "S.rindex(sub[, start[, end]]) -> int\n\nThe last place of sub, or ValueError.";
    "rjust" fill::rjust, 1, 2, 0, "S.rjust(width[, fillchar]) -> unicode\n\nS at the right of width characters.";
    "rpartition" cut::rpartition, 1, 1, 0, "S.rpartition(sep) -> (head, sep, tail)\n\nCuts S at the last sep.";
    "rsplit" cut::rsplit, 0, 2, 0, "S.rsplit([sep[, maxsplit]]) -> list of strings\n\nThe words of S, counted from the right.";
    "rstrip" cut::rstrip, 0, 1, 0, "S.rstrip([chars]) -> unicode\n\nWithout white space (or those characters) at the end.";
    "split" cut::split, 0, 2, 0, "S.split([sep[, maxsplit]]) -> list of strings\n\nThe words of S, separated by sep or white space.";
    "splitlines" cut::splitlines, 0, 1, 0, "S.splitlines(keepends=False) -> list of strings\n\nThe lines of S.";
    "startswith" find::startswith, 1, 3, 0, "S.startswith(prefix[, start[, end]]) -> bool\n\nTrue if S starts with the prefix, or one of a tuple.";
    "strip" cut::strip, 0, 1, 0, "S.strip([chars]) -> unicode\n\nWithout white space (or those characters) at both ends.";
    "swapcase" case::swapcase, 0, 0, 0, "S.swapcase() -> unicode\n\nCapitals become small letters and the other way round.";
    "title" case::title, 0, 0, 0, "S.title() -> unicode\n\nWords start with capitals.";
    "translate" fill::translate, 1, 1, 0, "S.translate(table) -> unicode\n\nCharacters mapped through a table of code points.";
    "upper" case::upper, 0, 0, 0, "S.upper() -> unicode\n\nS in capitals.";
    "zfill" fill::zfill, 1, 1, crate::native::PARSED, "S.zfill(width) -> unicode\n\nZeros in front, after a sign.";
    "__format__" template::format_one_unicode, 1, 1, crate::native::PARSED, "S.__format__(format_spec) -> unicode";
    "__getnewargs__" join::getnewargs, 0, 0, 0, "";
    "__sizeof__" join::sizeof, 0, 0, 0, "S.__sizeof__() -> size of S in memory, in bytes";
    "_formatter_field_name_split" template::field_name_split, 0, 0, 0, "";
    "_formatter_parser" template::parser, 0, 0, 0, "";
};
