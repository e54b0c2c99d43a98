//! One visit to the descriptor: write what was buffered, then read what is wanted. Knows no objects, so it can run
//! outside transactions; its reply is kept for a replay.

use super::mode::Flags;

/// How much to read.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Want {
    Nothing,
    /// Up to and including a line end, at most so many characters.
    Line(usize),
    /// So many characters.
    Count(usize),
    /// Everything.
    All,
}

/// See the module text.
#[derive(Debug)]
pub struct Job {
    pub fd: i32,
    /// Written first, completely.
    pub write: Vec<u8>,
    /// Bytes read ahead that a write makes obsolete: the position goes back by so many first.
    pub back: usize,
    /// Bytes read before.
    pub raw: Vec<u8>,
    pub flags: Flags,
    pub want: Want,
    /// Bytes per read; 1 and exact counts if unbuffered.
    pub chunk: usize,
    /// Characters at most: the memory there is.
    pub most: usize,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Characters read, line ends translated.
    pub text: Vec<u8>,
    /// Raw bytes left over.
    pub rest: Vec<u8>,
    pub flags: Flags,
    pub error: i32,
    /// A signal came that Python wants to see.
    pub interrupted: bool,
}

/// The errno of the last call.
pub fn errno() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap_or(0)
}

/// Writes everything; the errno and how much was written otherwise. Interruptions that no Python handler waits for
/// are passed over.
pub fn write_all(fd: i32, mut data: &[u8]) -> Result<(), (i32, usize)> {
    let whole = data.len();
    while !data.is_empty() {
        // SAFETY: the slice is valid memory.
        let n = unsafe { libc::write(fd, data.as_ptr().cast(), data.len()) };
        if n >= 0 {
            data = &data[n as usize..];
            continue;
        }
        let e = errno();
        if e != libc::EINTR || crate::signals::waiting() {
            return Err((e, whole - data.len()));
        }
    }
    Ok(())
}

impl Job {
    /// Does it.
    pub fn run(mut self) -> Reply {
        if self.back > 0 {
            // SAFETY: plain system call; failure (a pipe) means there was nothing to go back to.
            unsafe { libc::lseek(self.fd, -(self.back as i64), libc::SEEK_CUR) };
        }
        if let Err((e, done)) = write_all(self.fd, &self.write) {
            let interrupted = e == libc::EINTR;
            return Reply {
                text: Vec::new(),
                rest: self.write.split_off(done),
                flags: self.flags,
                error: e,
                interrupted,
            };
        }
        let mut text = Vec::new();
        let mut error = 0;
        let raw = std::mem::take(&mut self.raw);
        let mut at = self.take(&raw, 0, &mut text);
        let mut rest = raw;
        while !self.satisfied(&text) {
            // Everything so far has been taken.
            let want = self.read_size(&text);
            rest.clear();
            at = 0;
            let room = want.max(text.len());
            if text.len().saturating_add(want) > self.most
                || rest.try_reserve(want).is_err()
                || text.try_reserve(room.min(self.most)).is_err()
            {
                error = libc::ENOMEM;
                break;
            }
            // SAFETY: room for `want` bytes was reserved; as many as were read become valid.
            let n = unsafe { libc::read(self.fd, rest.as_mut_ptr().cast(), want) };
            if n > 0 {
                // SAFETY: the call above filled them.
                unsafe { rest.set_len(n as usize) };
                at = self.take(&rest, 0, &mut text);
                continue;
            }
            if n == 0 {
                if self.flags.has(Flags::SKIP_LF) {
                    self.flags = self.flags.with(Flags::SEEN_CR);
                }
                break;
            }
            let e = errno();
            if e == libc::EINTR && !crate::signals::waiting() {
                continue;
            }
            error = e;
            break;
        }
        rest.drain(..at);
        if error == libc::EAGAIN && !text.is_empty() {
            error = 0;
        }
        Reply { text, rest, flags: self.flags, error, interrupted: error == libc::EINTR }
    }

    fn satisfied(&self, text: &[u8]) -> bool {
        match self.want {
            Want::Nothing => true,
            Want::Line(limit) => text.len() >= limit || text.last() == Some(&b'\n'),
            Want::Count(n) => text.len() >= n,
            Want::All => false,
        }
    }

    fn read_size(&self, text: &[u8]) -> usize {
        match self.want {
            Want::Count(n) => {
                let missing = (n - text.len()).min(1 << 26);
                if self.flags.has(Flags::UNBUFFERED) { missing } else { missing.max(self.chunk) }
            }
            Want::All => (text.len() / 2).clamp(self.chunk, 1 << 24),
            _ if self.flags.has(Flags::UNBUFFERED) => 1,
            _ => self.chunk,
        }
    }

    /// Moves characters from `raw[at..]` to `text` until satisfied; where it stopped.
    fn take(&mut self, raw: &[u8], at: usize, text: &mut Vec<u8>) -> usize {
        let (limit, line) = match self.want {
            Want::Nothing => return at,
            Want::Line(n) => (n, true),
            Want::Count(n) => (n, false),
            Want::All => (usize::MAX, false),
        };
        let room = limit.saturating_sub(text.len());
        at + translate(&raw[at..], room, line, &mut self.flags, text)
    }
}

/// Moves up to `room` characters to `text`, up to a line end if `line`; how many raw bytes that took.
pub fn translate(raw: &[u8], room: usize, line: bool, flags: &mut Flags, text: &mut Vec<u8>) -> usize {
    if !flags.has(Flags::UNIVERSAL) {
        let n = raw.len().min(room);
        let n = match line {
            true => memchr::memchr(b'\n', &raw[..n]).map_or(n, |i| i + 1),
            false => n,
        };
        text.extend_from_slice(&raw[..n]);
        return n;
    }
    let mut at = 0;
    let mut room = room;
    while at < raw.len() && room > 0 {
        let c = raw[at];
        if flags.has(Flags::SKIP_LF) {
            *flags = flags.without(Flags::SKIP_LF);
            if c == b'\n' {
                *flags = flags.with(Flags::SEEN_CRLF);
                at += 1;
                continue;
            }
            *flags = flags.with(Flags::SEEN_CR);
        }
        at += 1;
        room -= 1;
        match c {
            b'\r' => {
                *flags = flags.with(Flags::SKIP_LF);
                text.push(b'\n');
            }
            _ => {
                if c == b'\n' {
                    *flags = flags.with(Flags::SEEN_LF);
                }
                text.push(c);
                if c != b'\n' {
                    continue;
                }
            }
        }
        if line {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(raw: &[u8], chunk: usize) -> (Vec<Vec<u8>>, i64) {
        let mut flags = Flags(Flags::UNIVERSAL);
        let (mut out, mut text) = (Vec::new(), Vec::new());
        for piece in raw.chunks(chunk) {
            let mut at = 0;
            while at < piece.len() {
                at += translate(&piece[at..], usize::MAX, true, &mut flags, &mut text);
                if text.last() == Some(&b'\n') {
                    out.push(std::mem::take(&mut text));
                }
            }
        }
        (out, flags.0)
    }

    #[test]
    fn universal_newlines_do_not_depend_on_chunks() {
        for chunk in 1..8 {
            let (l, f) = lines(b"a\r\nb\rc\n\r\n\n", chunk);
            let shown: Vec<&[u8]> = l.iter().map(|x| &x[..]).collect();
            assert_eq!(shown, [&b"a\n"[..], b"b\n", b"c\n", b"\n", b"\n"]);
            assert_eq!(
                f & (Flags::SEEN_CR | Flags::SEEN_LF | Flags::SEEN_CRLF),
                Flags::SEEN_CR | Flags::SEEN_LF | Flags::SEEN_CRLF
            );
        }
    }
}
