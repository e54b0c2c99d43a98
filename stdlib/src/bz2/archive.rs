//! The file behind a `BZ2File`: reading with a position, lines, universal newlines and read-ahead; or writing.

use super::stream::{Failure, Packer, Unpacker};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};

/// Why an operation was refused.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    Closed,
    NotReading,
    NotWriting,
    NotSeekable,
    /// Reading while lines read ahead wait.
    Mixed,
    Failed(Failure),
}

impl<F: Into<Failure>> From<F> for Refusal {
    fn from(f: F) -> Refusal {
        Refusal::Failed(f.into())
    }
}

type Done<T> = Result<T, Refusal>;

/// Newline kinds seen.
pub const CR: u8 = 1;
pub const LF: u8 = 2;
pub const CRLF: u8 = 4;

/// Bytes read from the file, and ahead for iteration, at a time.
const BUFFER: usize = 8192;

/// A file open for reading.
pub struct Reader {
    file: File,
    unpacker: Unpacker,
    packed: Vec<u8>,
    /// What of `packed` has been used.
    used: usize,
    /// Unpacked bytes not yet asked for, for reading by line.
    pending: Vec<u8>,
    pending_used: usize,
    position: u64,
    /// Known once the end has been seen.
    size: Option<u64>,
    at_end: bool,
    universal: bool,
    /// The last character was a carriage return: a line feed belongs to it.
    after_cr: bool,
    pub newlines: u8,
    /// Lines read ahead.
    ahead: Vec<u8>,
    ahead_used: usize,
}

impl Reader {
    pub fn new(file: File, universal: bool) -> Reader {
        Reader {
            file,
            unpacker: Unpacker::new(),
            packed: Vec::new(),
            used: 0,
            pending: Vec::new(),
            pending_used: 0,
            position: 0,
            size: None,
            at_end: false,
            universal,
            after_cr: false,
            newlines: 0,
            ahead: Vec::new(),
            ahead_used: 0,
        }
    }

    /// Unpacked bytes as they come: fewer than `n` only at the end of the stream.
    fn unpack(&mut self, n: usize) -> Result<Vec<u8>, Failure> {
        let mut out = Vec::new();
        while out.len() < n && !self.unpacker.ended {
            if self.used == self.packed.len() {
                self.packed.resize(BUFFER, 0);
                let got = loop {
                    match self.file.read(&mut self.packed) {
                        Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                        r => break r,
                    }
                };
                self.used = 0;
                self.packed.truncate(*got.as_ref().unwrap_or(&0));
                if got? == 0 {
                    return Err(Failure::Truncated);
                }
            }
            self.used += self.unpacker.add(&self.packed[self.used..], &mut out, n)?;
        }
        Ok(out)
    }

    /// As [`Reader::unpack`], by way of the bytes that wait.
    fn raw(&mut self, n: usize) -> Result<Vec<u8>, Failure> {
        let waiting = &self.pending[self.pending_used..];
        let mut out = waiting[..waiting.len().min(n)].to_vec();
        self.pending_used += out.len();
        if out.len() < n {
            out.append(&mut self.unpack(n - out.len())?);
        }
        Ok(out)
    }

    /// Up to `n` characters, newlines translated if that is asked for; fewer only at the end.
    fn take(&mut self, n: usize) -> Result<Vec<u8>, Failure> {
        let mut out = self.raw(n)?;
        let mut ended = out.len() < n;
        if self.universal {
            let mut text = Vec::with_capacity(out.len());
            self.translate(&out, &mut text);
            while text.len() < n && !ended {
                let more = self.raw(n - text.len())?;
                ended = more.is_empty() || more.len() < n - text.len();
                self.translate(&more, &mut text);
            }
            if ended && self.after_cr {
                self.newlines |= CR;
                self.after_cr = false;
            }
            out = text;
        }
        self.position += out.len() as u64;
        if ended || out.len() < n || self.unpacker.ended && self.pending_used == self.pending.len() {
            self.at_end = true;
            self.size = Some(self.position);
        }
        Ok(out)
    }

    fn translate(&mut self, from: &[u8], to: &mut Vec<u8>) {
        for c in from {
            if *c == b'\n' && self.after_cr {
                self.newlines |= CRLF;
                self.after_cr = false;
                continue;
            }
            if self.after_cr {
                self.newlines |= CR;
            }
            self.after_cr = *c == b'\r';
            if *c == b'\n' {
                self.newlines |= LF;
            }
            to.push(if *c == b'\r' { b'\n' } else { *c });
        }
    }

    /// Reading is over, or must not be mixed with iteration.
    fn check(&self) -> Done<bool> {
        if self.at_end {
            return Ok(false);
        }
        if self.ahead_used < self.ahead.len() { Err(Refusal::Mixed) } else { Ok(true) }
    }

    pub fn read(&mut self, n: Option<usize>) -> Done<Vec<u8>> {
        if !self.check()? {
            return Ok(Vec::new());
        }
        match n {
            Some(n) => Ok(self.take(n)?),
            None => {
                let mut out = Vec::new();
                let mut piece = BUFFER;
                while !self.at_end {
                    out.append(&mut self.take(piece)?);
                    piece = (piece * 2).min(1 << 22);
                }
                Ok(out)
            }
        }
    }

    pub fn line(&mut self, limit: usize) -> Done<Vec<u8>> {
        if !self.check()? {
            return Ok(Vec::new());
        }
        let mut out = Vec::new();
        while out.len() < limit && !self.at_end {
            if self.pending_used == self.pending.len() {
                self.pending = self.unpack(BUFFER)?;
                self.pending_used = 0;
            }
            // Up to the next line end, or a character at a time around translated ones.
            let waiting = &self.pending[self.pending_used..];
            let end = waiting.iter().position(|c| *c == b'\n' || *c == b'\r' && self.universal);
            let n = end.map_or(waiting.len(), |e| e + 1).max(1).min(limit - out.len());
            let found = end.is_some_and(|e| e < n);
            let mut part = self.take(n)?;
            let ends = found && part.last() == Some(&b'\n');
            out.append(&mut part);
            if ends {
                if self.universal && self.after_cr && out.len() < limit {
                    self.skip_feed()?;
                }
                break;
            }
        }
        Ok(out)
    }

    /// Takes the line feed that belongs to a carriage return already given out as a newline.
    fn skip_feed(&mut self) -> Result<(), Failure> {
        if self.pending_used == self.pending.len() {
            self.pending = self.unpack(BUFFER)?;
            self.pending_used = 0;
        }
        if self.pending.get(self.pending_used) == Some(&b'\n') {
            self.pending_used += 1;
            self.newlines |= CRLF;
            self.after_cr = false;
        }
        if self.unpacker.ended && self.pending_used == self.pending.len() {
            if self.after_cr {
                self.newlines |= CR;
                self.after_cr = false;
            }
            self.at_end = true;
            self.size = Some(self.position);
        }
        Ok(())
    }

    /// All the lines, or as many as begin within `hint` characters.
    pub fn lines(&mut self, hint: usize) -> Done<Vec<Vec<u8>>> {
        let mut out = Vec::new();
        let mut total = 0;
        if !self.check()? {
            return Ok(out);
        }
        while !self.at_end && (hint == 0 || total < hint) {
            let l = self.line(usize::MAX)?;
            if l.is_empty() {
                break;
            }
            total += l.len();
            out.push(l);
        }
        Ok(out)
    }

    /// The next line of an iteration; empty at the end.
    pub fn next_line(&mut self) -> Done<Vec<u8>> {
        let mut out = Vec::new();
        loop {
            if self.ahead_used == self.ahead.len() {
                if self.at_end {
                    return Ok(out);
                }
                self.ahead = self.take(BUFFER)?;
                self.ahead_used = 0;
            }
            let waiting = &self.ahead[self.ahead_used..];
            let end = waiting.iter().position(|c| *c == b'\n').map(|e| e + 1);
            out.extend_from_slice(&waiting[..end.unwrap_or(waiting.len())]);
            self.ahead_used += end.unwrap_or(waiting.len());
            if end.is_some() {
                return Ok(out);
            }
        }
    }

    pub fn seek(&mut self, offset: i64, whence: i32) -> Done<()> {
        (self.ahead, self.ahead_used) = (Vec::new(), 0);
        let base = match whence {
            2 => {
                while !self.at_end {
                    self.take(BUFFER)?;
                }
                self.size.unwrap_or(self.position)
            }
            1 => self.position,
            _ => 0,
        };
        let target = base as i64 as i128 + i128::from(offset);
        if target < i128::from(self.position) {
            self.file.seek(SeekFrom::Start(0))?;
            self.unpacker = Unpacker::new();
            (self.packed, self.used) = (Vec::new(), 0);
            (self.pending, self.pending_used) = (Vec::new(), 0);
            (self.position, self.at_end, self.after_cr) = (0, false, false);
        }
        while !self.at_end && i128::from(self.position) < target {
            let left = target - i128::from(self.position);
            self.take(left.min(BUFFER as i128) as usize)?;
        }
        Ok(())
    }
}

/// A file open for writing; finished when it is dropped.
pub struct Writer {
    file: File,
    packer: Option<Packer>,
    position: u64,
}

impl Writer {
    pub fn new(file: File, level: u32) -> Writer {
        Writer { file, packer: Some(Packer::new(level)), position: 0 }
    }

    pub fn write(&mut self, b: &[u8]) -> Done<()> {
        let mut out = Vec::new();
        if let Some(p) = &mut self.packer {
            p.add(b, &mut out)?;
        }
        self.file.write_all(&out)?;
        self.position += b.len() as u64;
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Failure> {
        let mut out = Vec::new();
        if let Some(p) = self.packer.take() {
            p.finish(&mut out)?;
        }
        Ok(self.file.write_all(&out)?)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Nobody is left to be told.
        let _ = self.finish();
    }
}

/// See the module text.
pub enum Archive {
    Closed,
    Reading(Box<Reader>),
    Writing(Writer),
}

impl Archive {
    pub fn reader(&mut self) -> Done<&mut Reader> {
        match self {
            Archive::Closed => Err(Refusal::Closed),
            Archive::Reading(r) => Ok(r),
            Archive::Writing(_) => Err(Refusal::NotReading),
        }
    }

    pub fn writer(&mut self) -> Done<&mut Writer> {
        match self {
            Archive::Closed => Err(Refusal::Closed),
            Archive::Writing(w) => Ok(w),
            Archive::Reading(_) => Err(Refusal::NotWriting),
        }
    }

    pub fn close(&mut self) -> Result<(), Failure> {
        match std::mem::replace(self, Archive::Closed) {
            Archive::Writing(mut w) => w.finish(),
            _ => Ok(()),
        }
    }

    pub fn position(&self) -> Done<u64> {
        match self {
            Archive::Closed => Err(Refusal::Closed),
            Archive::Reading(r) => Ok(r.position),
            Archive::Writing(w) => Ok(w.position),
        }
    }
}
