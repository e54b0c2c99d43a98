//! The numbers of the code-word format, as `sre_constants.py` of 2.7 lists them.
//!
//! `skip` words count from their own position.
#![forbid(unsafe_code)]

/// Version of the format, checked by `sre_compile.py` when it is imported.
pub const MAGIC: u32 = 20031017;
/// Bytes in a code word.
pub const CODESIZE: usize = 4;
/// "No upper limit" in a repeat.
pub const MAXREPEAT: u32 = u32::MAX;
/// Most groups a pattern may have.
pub const MAXGROUPS: usize = 100;

/// `re.IGNORECASE`.
pub const FLAG_IGNORECASE: u32 = 2;
/// `re.LOCALE`.
pub const FLAG_LOCALE: u32 = 4;
/// `re.UNICODE`.
pub const FLAG_UNICODE: u32 = 32;

/// The information block holds a literal prefix.
pub const INFO_PREFIX: u32 = 1;
/// The literal prefix is the whole pattern.
pub const INFO_LITERAL: u32 = 2;
/// The information block holds the set of first characters.
pub const INFO_CHARSET: u32 = 4;

macro_rules! numbered {
    ($($(#[$doc:meta])* $name:ident = $n:literal,)*) => { $($(#[$doc])* pub const $name: u32 = $n;)* };
}

numbered! {
    /// Never matches; also ends a set.
    FAILURE = 0,
    /// The (sub)pattern has matched.
    SUCCESS = 1,
    /// Any character but a newline.
    ANY = 2,
    /// Any character.
    ANY_ALL = 3,
    /// `skip back code.. SUCCESS`: look ahead, or `back` characters behind.
    ASSERT = 4,
    /// `skip back code.. SUCCESS`: the same, negated.
    ASSERT_NOT = 5,
    /// `at`: a position test.
    AT = 6,
    /// `(skip code.. JUMP skip)* 0`: alternatives in order.
    BRANCH = 7,
    /// `category`: one character of a category; also in sets.
    CATEGORY = 9,
    /// In sets: 256 bits.
    CHARSET = 10,
    /// In sets: `blocks`, 256 block numbers in bytes, then 256 bits a block.
    BIGCHARSET = 11,
    /// `group`: the text of an earlier group.
    GROUPREF = 12,
    /// `group skip then.. [JUMP skip else..]`.
    GROUPREF_EXISTS = 13,
    /// `group`: the text of an earlier group, whatever its case.
    GROUPREF_IGNORE = 14,
    /// `skip set.. FAILURE`: one character of a set.
    IN = 15,
    /// `skip set.. FAILURE`: one character whose lower case is in the set.
    IN_IGNORE = 16,
    /// `skip flags min max [prefix_len prefix_skip prefix.. overlap..] [set.. FAILURE]`.
    INFO = 17,
    /// `skip`.
    JUMP = 18,
    /// `char`; also in sets.
    LITERAL = 19,
    /// `char`: compared with the lower case of the subject's.
    LITERAL_IGNORE = 20,
    /// `index`: note this position; even opens a group, odd closes it.
    MARK = 21,
    /// Ends a greedy `REPEAT`.
    MAX_UNTIL = 22,
    /// Ends a lazy `REPEAT`.
    MIN_UNTIL = 23,
    /// `char`: any other character.
    NOT_LITERAL = 24,
    /// `char`: any character with another lower case.
    NOT_LITERAL_IGNORE = 25,
    /// In sets: turns the answer round.
    NEGATE = 26,
    /// In sets: `low high`.
    RANGE = 27,
    /// `skip min max code.. (MAX_UNTIL|MIN_UNTIL)`.
    REPEAT = 28,
    /// `skip min max item.. SUCCESS`: greedy repeat of an item one character wide.
    REPEAT_ONE = 29,
    /// `skip min max item.. SUCCESS`: lazy repeat of an item one character wide.
    MIN_REPEAT_ONE = 31,
    /// Not in the format: `IN` and `IN_IGNORE` after preparation, `skip table`.
    IN_TABLE = 64,
}

numbered! {
    AT_BEGINNING = 0,
    AT_BEGINNING_LINE = 1,
    AT_BEGINNING_STRING = 2,
    AT_BOUNDARY = 3,
    AT_NON_BOUNDARY = 4,
    AT_END = 5,
    AT_END_LINE = 6,
    AT_END_STRING = 7,
    AT_LOC_BOUNDARY = 8,
    AT_LOC_NON_BOUNDARY = 9,
    AT_UNI_BOUNDARY = 10,
    AT_UNI_NON_BOUNDARY = 11,
}

numbered! {
    CATEGORY_DIGIT = 0,
    CATEGORY_NOT_DIGIT = 1,
    CATEGORY_SPACE = 2,
    CATEGORY_NOT_SPACE = 3,
    CATEGORY_WORD = 4,
    CATEGORY_NOT_WORD = 5,
    CATEGORY_LINEBREAK = 6,
    CATEGORY_NOT_LINEBREAK = 7,
    CATEGORY_LOC_WORD = 8,
    CATEGORY_LOC_NOT_WORD = 9,
    CATEGORY_UNI_DIGIT = 10,
    CATEGORY_UNI_NOT_DIGIT = 11,
    CATEGORY_UNI_SPACE = 12,
    CATEGORY_UNI_NOT_SPACE = 13,
    CATEGORY_UNI_WORD = 14,
    CATEGORY_UNI_NOT_WORD = 15,
    CATEGORY_UNI_LINEBREAK = 16,
    CATEGORY_UNI_NOT_LINEBREAK = 17,
}
