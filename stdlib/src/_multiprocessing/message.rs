//! Messages on a descriptor: four bytes of length, highest first, then so many bytes. Touches no object.

use crate::descriptors::errno;
use interpreter::signals;

/// Bytes of the length.
const HEADER: usize = 4;
/// Shorter messages are written together with their length.
const TOGETHER: usize = 16 * 1024;

/// What came of it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Done,
    /// A signal waits whose handler is to run first.
    Interrupted,
    /// Nothing more comes.
    End,
    /// Nothing more comes, in the middle of a message.
    EarlyEnd,
    BadLength,
    Errno(i32),
}

/// The bytes of a message as they are sent; none: too long.
pub(super) fn framed(body: &[u8]) -> Option<Vec<u8>> {
    let n = i32::try_from(body.len()).ok()?;
    let mut out = Vec::with_capacity(HEADER + body.len());
    out.extend_from_slice(&n.to_be_bytes());
    out.extend_from_slice(body);
    Some(out)
}

/// Sends the bytes of a message from `done` on; how far that went.
pub(super) fn send(fd: i32, all: &[u8], mut done: usize) -> (usize, Status) {
    // A reader of a long message can begin with its length.
    let first = if all.len() > TOGETHER && done == 0 { HEADER } else { all.len() };
    let mut end = first;
    while done < all.len() {
        if done >= end {
            end = all.len();
        }
        // SAFETY: valid memory.
        let n = unsafe { libc::write(fd, all[done..end].as_ptr().cast(), end - done) };
        if n >= 0 {
            done += n as usize;
            continue;
        }
        match errno() {
            libc::EINTR if signals::waiting() => return (done, Status::Interrupted),
            libc::EINTR => {}
            e => return (done, Status::Errno(e)),
        }
    }
    (done, Status::Done)
}

/// Receives the rest of a message of which `have` has come; with its length in front. At most `most` bytes.
pub(super) fn receive(fd: i32, mut have: Vec<u8>, most: usize) -> (Vec<u8>, Status) {
    loop {
        let want = match have.get(..HEADER).and_then(|h| <[u8; HEADER]>::try_from(h).ok()) {
            None => HEADER,
            Some(h) => match usize::try_from(i32::from_be_bytes(h)) {
                Ok(n) if n <= most && n < i32::MAX as usize => {
                    if have.len() >= HEADER + n {
                        return (have, Status::Done);
                    }
                    HEADER + n
                }
                _ => return (have, Status::BadLength),
            },
        };
        let at = have.len();
        if have.try_reserve(want - at).is_err() {
            return (have, Status::Errno(libc::ENOMEM));
        }
        // SAFETY: room for as many; those read become valid.
        let n = unsafe { libc::read(fd, have.as_mut_ptr().add(at).cast(), want - at) };
        if n > 0 {
            // SAFETY: the call filled them.
            unsafe { have.set_len(at + n as usize) };
            continue;
        }
        if n == 0 {
            return (have, if at == 0 { Status::End } else { Status::EarlyEnd });
        }
        match errno() {
            libc::EINTR if signals::waiting() => return (have, Status::Interrupted),
            libc::EINTR => {}
            e => return (have, Status::Errno(e)),
        }
    }
}

/// A whole message without its length.
pub(super) fn body(message: &[u8]) -> &[u8] {
    message.get(HEADER..).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(pieces: &[&[u8]], most: usize) -> (Vec<u8>, Status) {
        let mut ends = [0; 2];
        // SAFETY: room for two descriptors; valid memory; both ends are closed once.
        unsafe {
            assert_eq!(libc::pipe(ends.as_mut_ptr()), 0);
            for p in pieces {
                assert_eq!(libc::write(ends[1], p.as_ptr().cast(), p.len()), p.len() as isize);
            }
            libc::close(ends[1]);
            let r = receive(ends[0], Vec::new(), most);
            libc::close(ends[0]);
            r
        }
    }

    #[test]
    fn messages_arrive_whole_or_not_at_all() {
        let m = framed(b"hello").unwrap_or_default();
        assert_eq!(through(&[&m], 100), (m.clone(), Status::Done));
        assert_eq!(through(&[&m[..3], &m[3..]], 5), (m.clone(), Status::Done));
        assert_eq!(through(&[&m], 4).1, Status::BadLength);
        assert_eq!(through(&[&m[..7]], 100).1, Status::EarlyEnd);
        assert_eq!(through(&[&m[..2]], 100).1, Status::EarlyEnd);
        assert_eq!(through(&[], 100).1, Status::End);
        assert_eq!(through(&[&[0; 4]], 0), (vec![0; 4], Status::Done));
        assert_eq!(through(&[&[255; 4]], 100).1, Status::BadLength);
    }
}
