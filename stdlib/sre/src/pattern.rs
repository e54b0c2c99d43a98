//! A checked pattern, prepared for matching.
//!
//! Preparation keeps the positions of the code words (so skips stay valid) and only rewrites each set test into an
//! index to its table. The leading information block is read once, here.
#![forbid(unsafe_code)]

use memchr::memmem;

use crate::category::Case;
use crate::charset::Charset;
use crate::opcodes::*;
use crate::validate::{InvalidCode, validate};

/// A compiled regular expression.
#[derive(Debug)]
pub struct Pattern {
    /// The code words as the library made them.
    pub code: Box<[u32]>,
    /// The flags of `re`, those found inside the pattern included.
    pub flags: u32,
    /// How many groups it has, group 0 not counted.
    pub groups: usize,
    pub(crate) program: Box<[u32]>,
    pub(crate) tables: Vec<Charset>,
    pub(crate) marks: usize,
    pub(crate) case: Case,
    pub(crate) start: Start,
    /// Where the code begins, after the information block.
    pub(crate) entry: usize,
    /// Least number of characters a match takes, as far as the information block knows.
    pub(crate) min_width: usize,
}

/// How a search finds where a match may begin.
#[derive(Debug)]
pub(crate) enum Start {
    /// Anywhere.
    Any,
    /// Before this character, which is the first instruction.
    Literal { ch: u32, whole: bool },
    /// Before this text of at least two characters; the code's first `skip` instructions repeat it.
    Prefix { prefix: Box<Prefix>, skip: usize, whole: bool },
    /// Before a character of this set.
    Charset(Charset),
}

/// A literal text and what it takes to look for it.
#[derive(Debug)]
pub(crate) struct Prefix {
    pub chars: Box<[u32]>,
    /// `overlap[n]`: how much of the text is matched still, when `n` characters matched and the next did not.
    pub overlap: Box<[usize]>,
    /// Present where every character fits a byte.
    pub bytes: Option<memmem::Finder<'static>>,
}

impl Prefix {
    fn new(chars: &[u32]) -> Prefix {
        let mut overlap = vec![0; chars.len() + 1];
        let mut matched = 0;
        for i in 1..chars.len() {
            while matched > 0 && chars[i] != chars[matched] {
                matched = overlap[matched];
            }
            matched += usize::from(chars[i] == chars[matched]);
            overlap[i + 1] = matched;
        }
        let bytes: Option<Vec<u8>> = chars.iter().map(|&ch| u8::try_from(ch).ok()).collect();
        let bytes = bytes.map(|bytes| memmem::Finder::new(&bytes).into_owned());
        Prefix { chars: chars.into(), overlap: overlap.into(), bytes }
    }
}

impl Pattern {
    /// Checks and prepares a list of code words.
    pub fn new(code: Box<[u32]>, flags: u32, groups: usize) -> Result<Pattern, InvalidCode> {
        let findings = validate(&code, groups)?;
        let case = Case::of_flags(flags);
        let marks = findings.marks.max(2 * groups);
        let mut program = code.clone();
        let mut tables = Vec::with_capacity(findings.sets.len());
        for at in findings.sets {
            let next = at + 1 + code[at + 1] as usize;
            let fold = (code[at] == IN_IGNORE).then_some(case);
            program[at] = IN_TABLE;
            program[at + 2] = tables.len() as u32;
            tables.push(Charset::new(&code[at + 2..next], fold));
        }
        let (start, entry, min_width) = read_info(&code);
        Ok(Pattern { code, flags, groups, program, tables, marks, case, start, entry, min_width })
    }
}

fn read_info(code: &[u32]) -> (Start, usize, usize) {
    let (mut entry, mut min_width, mut flags) = (0, 0, 0);
    if code[0] == INFO {
        entry = 1 + code[1] as usize;
        flags = code[2];
        min_width = code[3] as usize;
    }
    let whole = flags & INFO_LITERAL != 0;
    if flags & INFO_PREFIX != 0 && code[5] > 1 {
        let prefix = Box::new(Prefix::new(&code[7..7 + code[5] as usize]));
        return (Start::Prefix { prefix, skip: code[6] as usize, whole }, entry, min_width);
    }
    if code[entry] == LITERAL {
        return (Start::Literal { ch: code[entry + 1], whole }, entry, min_width);
    }
    if flags & INFO_CHARSET != 0 {
        return (Start::Charset(Charset::new(&code[5..entry], None)), entry, min_width);
    }
    (Start::Any, entry, min_width)
}
