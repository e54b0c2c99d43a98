//! The scanner: one pass over the source buffer, a token at a time.
//!
//! It hands out lines to itself the way a reader of a stream would, because the error report depends on it: the
//! text shown is the current line, or from the line where an unfinished string began, and a file and a string
//! differ in what happens at their end.
//!
//! # Invariants
//! L1. `text_start <= line_start <= cur <= inp <= bytes.len()`; `inp` is the end of the current line.
//! L2. Only inside a string literal is a new line read while `in_token`; then `text_start` stays.
//! L3. `indents[0] == 0`, and both indentation stacks have the same height, at most [`MAX_INDENT`].

use super::source::{Input, Source};
use super::token::*;
use crate::error::Error;

/// Deepest indentation, the ground level included.
const MAX_INDENT: usize = 100;

/// Why the scanner stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It did not.
    No,
    /// End of the input.
    Eof,
    /// A malformed number.
    BadToken,
    /// End of the input in a triple-quoted string.
    EofInString,
    /// End of a line in a string.
    EolInString,
    /// Tabs and spaces are mixed.
    TabSpace,
    /// A dedent to a column no open block has.
    BadDedent,
    /// Too many open blocks.
    TooDeep,
    /// The source cannot be decoded from here on.
    Undecodable,
    /// Something follows a backslash.
    AfterBackslash,
}

/// What to do about indentation whose meaning depends on the width of a tab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TabCheck {
    /// Nothing.
    #[default]
    Ignore,
    /// `-t`: say so once.
    Warn,
    /// `-tt`: refuse.
    Refuse,
}

/// The scanner of one source.
pub struct Scanner<'s> {
    bytes: &'s [u8],
    source: &'s Source,
    input: Input,
    tab_check: TabCheck,
    /// `-t` found something to warn about.
    pub tab_warning: bool,
    /// The line being read, from 1.
    pub lineno: u32,
    /// Why the scanner stopped, if it did.
    pub stop: Stop,
    cur: usize,
    inp: usize,
    line_start: usize,
    text_start: usize,
    token_start: usize,
    in_token: bool,
    at_line_start: bool,
    pending: i32,
    nesting: i32,
    tab_size: u32,
    indents: Vec<u32>,
    alt_indents: Vec<u32>,
    /// The end of a file was reached between tokens: there is no line to show.
    past_last_line: bool,
    extra_newline_given: bool,
}

const EOF: i32 = -1;

impl<'s> Scanner<'s> {
    /// A scanner at the start of a source.
    pub fn new(source: &'s Source, input: Input, tab_check: TabCheck) -> Scanner<'s> {
        Scanner {
            bytes: &source.bytes,
            source,
            input,
            tab_check,
            tab_warning: false,
            lineno: 0,
            stop: Stop::No,
            cur: 0,
            inp: 0,
            line_start: 0,
            text_start: 0,
            token_start: 0,
            in_token: false,
            at_line_start: true,
            pending: 0,
            nesting: 0,
            tab_size: 8,
            indents: vec![0],
            alt_indents: vec![0],
            past_last_line: false,
            extra_newline_given: false,
        }
    }

    /// The column for an error report: characters of the shown text already read.
    pub fn error_offset(&self) -> usize {
        self.cur - self.text_start
    }

    /// The text for an error report, as it stands in the buffer; columns are counted in it.
    pub fn error_text(&self) -> &'s [u8] {
        &self.bytes[self.text_start..self.inp]
    }

    /// Whether the report is about the end of a file, for which no text is shown.
    pub fn past_last_line(&self) -> bool {
        self.past_last_line
    }

    /// Why the source cannot be decoded, after [`Stop::Undecodable`].
    pub fn decoding_error(&self) -> Option<&Error> {
        self.source.stop.as_ref().map(|s| &s.1)
    }

    /// Whether the current line is the last one.
    pub fn at_end(&self, len: usize) -> bool {
        self.inp >= len
    }

    /// Whether blocks are open.
    pub fn indented(&self) -> bool {
        self.indents.len() > 1
    }

    /// Closes all open blocks: as many DEDENT tokens will follow.
    pub fn close_blocks(&mut self) {
        self.pending = -(self.indents.len() as i32 - 1);
        self.indents.truncate(1);
        self.alt_indents.truncate(1);
    }

    #[inline]
    fn next(&mut self) -> i32 {
        if self.cur < self.inp {
            self.cur += 1;
            return self.bytes[self.cur - 1] as i32;
        }
        if self.read_line() {
            self.cur += 1;
            self.bytes[self.cur - 1] as i32
        } else {
            EOF
        }
    }

    #[inline]
    fn back(&mut self, c: i32) {
        if c != EOF {
            self.cur -= 1;
        }
    }

    #[cold]
    fn end_of_input(&mut self) -> bool {
        self.stop = Stop::Eof;
        if self.input == Input::File {
            self.lineno += 1;
            if !self.in_token {
                self.past_last_line = true;
            }
        }
        false
    }

    /// Makes the next line current.
    fn read_line(&mut self) -> bool {
        if self.stop != Stop::No {
            return false;
        }
        let from = self.inp;
        if let Some((at, _)) = self.source.stop
            && from == at
        {
            self.stop = Stop::Undecodable;
            return false;
        }
        let end = if from < self.source.len {
            memchr::memchr(b'\n', &self.bytes[from..self.source.len])
                .map_or(self.source.len, |n| from + n + 1)
        } else if self.input == Input::File
            && self.in_token
            && !self.source.newline_added
            && !self.extra_newline_given
            && from > 0
        {
            // A file that ends inside a string gives one more line end before its end is noticed.
            self.extra_newline_given = true;
            from + 1
        } else {
            return self.end_of_input();
        };
        self.cur = from;
        self.line_start = from;
        if !self.in_token {
            self.text_start = from;
        }
        self.inp = end;
        self.lineno += 1;
        true
    }

    fn token(&self, kind: Kind) -> Option<Token> {
        let start = self.token_start;
        let col = if start >= self.line_start { (start - self.line_start) as i32 } else { -1 };
        Some(Token { kind, start: start as u32, end: self.cur as u32, lineno: self.lineno, col })
    }

    /// A token without text.
    fn bare(&self, kind: Kind) -> Option<Token> {
        Some(Token { kind, start: self.cur as u32, end: self.cur as u32, lineno: self.lineno, col: -1 })
    }

    fn fail(&mut self, why: Stop) -> Option<Token> {
        self.stop = why;
        None
    }

    /// Stops with the whole line consumed.
    #[cold]
    fn fail_line(&mut self, why: Stop) -> Option<Token> {
        self.cur = self.inp;
        self.fail(why)
    }

    /// Stops at a character that does not fit.
    #[cold]
    fn fail_back(&mut self, c: i32, why: Stop) -> Option<Token> {
        self.stop = why;
        self.back(c);
        None
    }

    /// True when the indentation must be refused.
    #[cold]
    fn ambiguous_indent(&mut self) -> bool {
        match self.tab_check {
            TabCheck::Refuse => true,
            TabCheck::Warn => {
                self.tab_warning = true;
                false
            }
            TabCheck::Ignore => false,
        }
    }

    /// Measures the indentation of a new line and queues INDENT or DEDENT. Gives whether the line is blank.
    fn indentation(&mut self) -> Result<bool, ()> {
        let (mut col, mut alt_col) = (0u32, 0u32);
        self.at_line_start = false;
        let c = loop {
            let c = self.next();
            match c {
                0x20 => {
                    col += 1;
                    alt_col += 1;
                }
                0x09 => {
                    col = (col / self.tab_size + 1) * self.tab_size;
                    alt_col += 1;
                }
                0x0c => {
                    col = 0;
                    alt_col = 0;
                }
                _ => break c,
            }
        };
        self.back(c);
        let ends_statement = c == b'\n' as i32 && col == 0 && self.input == Input::Prompt;
        if (c == b'#' as i32 || c == b'\n' as i32) && !ends_statement {
            // Comment and blank lines say nothing about blocks, but at the prompt an empty line closes them all.
            return Ok(true);
        }
        if self.nesting != 0 {
            return Ok(false);
        }
        let top = self.indents.len() - 1;
        if col == self.indents[top] {
            if alt_col != self.alt_indents[top] && self.ambiguous_indent() {
                return self.fail_line(Stop::TabSpace).map(|_| false).ok_or(());
            }
        } else if col > self.indents[top] {
            if top + 1 >= MAX_INDENT {
                return self.fail_line(Stop::TooDeep).map(|_| false).ok_or(());
            }
            if alt_col <= self.alt_indents[top] && self.ambiguous_indent() {
                return self.fail_line(Stop::TabSpace).map(|_| false).ok_or(());
            }
            self.pending += 1;
            self.indents.push(col);
            self.alt_indents.push(alt_col);
        } else {
            while self.indents.len() > 1 && col < self.indents[self.indents.len() - 1] {
                self.pending -= 1;
                self.indents.pop();
                self.alt_indents.pop();
            }
            let top = self.indents.len() - 1;
            if col != self.indents[top] {
                return self.fail_line(Stop::BadDedent).map(|_| false).ok_or(());
            }
            if alt_col != self.alt_indents[top] && self.ambiguous_indent() {
                return self.fail_line(Stop::TabSpace).map(|_| false).ok_or(());
            }
        }
        Ok(false)
    }

    /// Skips a comment; editors' tab settings in it are obeyed.
    fn comment(&mut self) {
        let text = &self.bytes[self.cur..self.inp];
        let seen = &text[..text.len().min(77)];
        const FORMS: [&[u8]; 4] = [b"tab-width:", b":tabstop=", b":ts=", b"set tabsize="];
        if memchr::memchr2(b'=', b':', seen).is_some() {
            for form in FORMS {
                if let Some(at) = memchr::memmem::find(seen, form) {
                    let size = leading_number(&seen[at + form.len()..]);
                    if (1..=40).contains(&size) {
                        self.tab_size = size;
                    }
                }
            }
        }
        self.cur = self.inp;
        if self.cur > self.line_start && self.bytes[self.cur - 1] == b'\n' {
            self.cur -= 1;
        }
    }

    /// The next token, or nothing: then `stop` says why. At the end ENDMARKER comes again and again.
    pub fn next_token(&mut self) -> Option<Token> {
        'next_line: loop {
            self.in_token = false;
            let mut blank = false;
            if self.at_line_start {
                match self.indentation() {
                    Ok(b) => blank = b,
                    Err(()) => return None,
                }
            }
            self.token_start = self.cur;
            if self.pending < 0 {
                self.pending += 1;
                return self.bare(DEDENT);
            }
            if self.pending > 0 {
                self.pending -= 1;
                return self.bare(INDENT);
            }
            loop {
                self.in_token = false;
                let mut c = self.next();
                while c == 0x20 || c == 0x09 || c == 0x0c {
                    c = self.next();
                }
                if c == b'#' as i32 {
                    self.comment();
                    self.token_start = self.cur.saturating_sub(1);
                    c = self.next();
                }
                if c == EOF {
                    if self.stop != Stop::Eof {
                        return None;
                    }
                    return self.bare(ENDMARKER);
                }
                self.token_start = self.cur - 1;
                self.in_token = true;
                let c = c as u8;
                match c {
                    b'a'..=b'z' | b'A'..=b'Z' | b'_' => return self.name(c),
                    b'\n' => {
                        self.at_line_start = true;
                        if blank || self.nesting > 0 {
                            continue 'next_line;
                        }
                        let mut t = self.token(NEWLINE);
                        if let Some(t) = &mut t {
                            t.end -= 1;
                        }
                        return t;
                    }
                    b'0'..=b'9' => return self.number(c as i32),
                    b'.' => {
                        let c = self.next();
                        if is_digit(c) {
                            return self.fraction();
                        }
                        self.back(c);
                        return self.token(DOT);
                    }
                    b'\'' | b'"' => return self.string(c),
                    b'\\' => {
                        if self.next() != b'\n' as i32 {
                            return self.fail_line(Stop::AfterBackslash);
                        }
                        continue;
                    }
                    _ => return self.operator(c),
                }
            }
        }
    }

    fn name(&mut self, first: u8) -> Option<Token> {
        // A string prefix is a name until a quote follows.
        let mut at = self.cur;
        let peek = |at: usize| if at < self.inp { self.bytes[at] } else { 0 };
        if matches!(first, b'b' | b'B' | b'u' | b'U' | b'r' | b'R') {
            if !matches!(first, b'r' | b'R') && matches!(peek(at), b'r' | b'R') {
                at += 1;
            }
            let quote = peek(at);
            if quote == b'"' || quote == b'\'' {
                self.cur = at + 1;
                return self.string(quote);
            }
        }
        let line = &self.bytes[..self.inp];
        let mut end = self.cur;
        while end < line.len() && (line[end].is_ascii_alphanumeric() || line[end] == b'_') {
            end += 1;
        }
        self.cur = end;
        if end == self.inp {
            // The line has no end of its own: looking further notices the end of the input.
            let c = self.next();
            self.back(c);
        }
        self.token(keyword_or_name(&self.bytes[self.token_start..end]))
    }

    fn digits(&mut self) -> i32 {
        loop {
            let c = self.next();
            if !is_digit(c) {
                return c;
            }
        }
    }

    fn number_end(&mut self, c: i32) -> Option<Token> {
        self.back(c);
        self.token(NUMBER)
    }

    fn number_maybe_long(&mut self, c: i32) -> Option<Token> {
        let c = if c == b'l' as i32 || c == b'L' as i32 { self.next() } else { c };
        self.number_end(c)
    }

    fn number(&mut self, first: i32) -> Option<Token> {
        if first != b'0' as i32 {
            let c = self.digits();
            return match c as u8 {
                b'l' | b'L' => self.number_maybe_long(c),
                b'.' => self.fraction(),
                _ => self.exponent(c),
            };
        }
        let mut c = self.next();
        if c == EOF {
            return self.number_end(c);
        }
        match c as u8 {
            b'.' => return self.fraction(),
            b'j' | b'J' => return self.imaginary(),
            b'x' | b'X' => return self.radix(|c| c.is_ascii_hexdigit()),
            b'o' | b'O' => return self.radix(|c| matches!(c, b'0'..=b'7')),
            b'b' | b'B' => return self.radix(|c| matches!(c, b'0' | b'1')),
            _ => {}
        }
        let mut decimal = false;
        while is_digit(c) {
            decimal |= c >= b'8' as i32;
            c = self.next();
        }
        match c as u8 {
            b'.' if c != EOF => self.fraction(),
            b'e' | b'E' => self.exponent(c),
            b'j' | b'J' => self.imaginary(),
            _ if decimal => self.fail_back(c, Stop::BadToken),
            _ => self.number_maybe_long(c),
        }
    }

    fn radix(&mut self, fits: impl Fn(u8) -> bool) -> Option<Token> {
        let fits = |c: i32| c != EOF && fits(c as u8);
        let mut c = self.next();
        if !fits(c) {
            return self.fail_back(c, Stop::BadToken);
        }
        while fits(c) {
            c = self.next();
        }
        self.number_maybe_long(c)
    }

    fn imaginary(&mut self) -> Option<Token> {
        let c = self.next();
        self.number_end(c)
    }

    /// After the point of a number.
    fn fraction(&mut self) -> Option<Token> {
        let c = self.digits();
        self.exponent(c)
    }

    /// An exponent and an imaginary suffix, if they are there.
    fn exponent(&mut self, mut c: i32) -> Option<Token> {
        if c == b'e' as i32 || c == b'E' as i32 {
            let e = c;
            c = self.next();
            if c == b'+' as i32 || c == b'-' as i32 {
                c = self.next();
                if !is_digit(c) {
                    return self.fail_back(c, Stop::BadToken);
                }
            } else if !is_digit(c) {
                self.back(c);
                return self.number_end(e);
            }
            c = self.digits();
        }
        if c == b'j' as i32 || c == b'J' as i32 {
            return self.imaginary();
        }
        self.number_end(c)
    }

    /// A string literal whose opening quote was read.
    fn string(&mut self, quote: u8) -> Option<Token> {
        let two = self.cur;
        let mut triple = false;
        let mut quotes = 0;
        loop {
            // Run over what cannot end the string.
            let line = &self.bytes[self.cur..self.inp];
            match memchr::memchr3(quote, b'\\', b'\n', line) {
                Some(0) => {}
                Some(n) => {
                    self.cur += n;
                    quotes = 0;
                }
                None => {
                    if !line.is_empty() {
                        quotes = 0;
                    }
                    self.cur = self.inp;
                }
            }
            let c = self.next();
            if c == EOF {
                if self.stop == Stop::Undecodable {
                    return None;
                }
                return self.fail_line(if triple { Stop::EofInString } else { Stop::EolInString });
            }
            match c as u8 {
                b'\n' => {
                    if !triple {
                        return self.fail_back(c, Stop::EolInString);
                    }
                    quotes = 0;
                }
                b'\\' => {
                    quotes = 0;
                    if self.next() == EOF {
                        if self.stop == Stop::Undecodable {
                            return None;
                        }
                        return self.fail_line(Stop::EolInString);
                    }
                }
                c if c == quote => {
                    quotes += 1;
                    if self.cur == two + 1 {
                        let c = self.next();
                        if c == quote as i32 {
                            triple = true;
                            quotes = 0;
                            continue;
                        }
                        self.back(c);
                    }
                    if !triple || quotes == 3 {
                        return self.token(STRING);
                    }
                }
                _ => quotes = 0,
            }
        }
    }

    fn operator(&mut self, c: u8) -> Option<Token> {
        let c2 = self.next();
        let second = if c2 == EOF { 0 } else { c2 as u8 };
        let two = match (c, second) {
            (b'=', b'=') => EQEQUAL,
            (b'!', b'=') | (b'<', b'>') => NOTEQUAL,
            (b'<', b'=') => LESSEQUAL,
            (b'<', b'<') => LEFTSHIFT,
            (b'>', b'=') => GREATEREQUAL,
            (b'>', b'>') => RIGHTSHIFT,
            (b'+', b'=') => PLUSEQUAL,
            (b'-', b'=') => MINEQUAL,
            (b'*', b'*') => DOUBLESTAR,
            (b'*', b'=') => STAREQUAL,
            (b'/', b'/') => DOUBLESLASH,
            (b'/', b'=') => SLASHEQUAL,
            (b'|', b'=') => VBAREQUAL,
            (b'%', b'=') => PERCENTEQUAL,
            (b'&', b'=') => AMPEREQUAL,
            (b'^', b'=') => CIRCUMFLEXEQUAL,
            _ => OP,
        };
        if two != OP {
            let c3 = self.next();
            let three = match (two, c3) {
                (LEFTSHIFT, 0x3d) => LEFTSHIFTEQUAL,
                (RIGHTSHIFT, 0x3d) => RIGHTSHIFTEQUAL,
                (DOUBLESTAR, 0x3d) => DOUBLESTAREQUAL,
                (DOUBLESLASH, 0x3d) => DOUBLESLASHEQUAL,
                _ => OP,
            };
            if three != OP {
                return self.token(three);
            }
            self.back(c3);
            return self.token(two);
        }
        self.back(c2);
        match c {
            b'(' | b'[' | b'{' => self.nesting += 1,
            b')' | b']' | b'}' => self.nesting -= 1,
            _ => {}
        }
        self.token(match c {
            b'(' => LPAR,
            b')' => RPAR,
            b'[' => LSQB,
            b']' => RSQB,
            b':' => COLON,
            b',' => COMMA,
            b';' => SEMI,
            b'+' => PLUS,
            b'-' => MINUS,
            b'*' => STAR,
            b'/' => SLASH,
            b'|' => VBAR,
            b'&' => AMPER,
            b'<' => LESS,
            b'>' => GREATER,
            b'=' => EQUAL,
            b'%' => PERCENT,
            b'`' => BACKQUOTE,
            b'{' => LBRACE,
            b'}' => RBRACE,
            b'~' => TILDE,
            b'^' => CIRCUMFLEX,
            b'@' => AT,
            _ => OP,
        })
    }
}

#[inline]
fn is_digit(c: i32) -> bool {
    (b'0' as i32..=b'9' as i32).contains(&c)
}

/// The decimal number text starts with, blanks before it allowed; 0 when there is none.
fn leading_number(text: &[u8]) -> u32 {
    text.iter()
        .skip_while(|b| b.is_ascii_whitespace())
        .take_while(|b| b.is_ascii_digit())
        .fold(0u32, |n, b| n.saturating_mul(10).saturating_add((b - b'0') as u32))
}
