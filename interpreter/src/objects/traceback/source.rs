//! Source lines for tracebacks and syntax errors: from disk, from the embedded library, or along `sys.path`.

use crate::layout::PyStr;
use crate::objects as o;
use crate::ops;
use crate::raised::PyResult;
use crate::thread::Thread;
use std::os::unix::ffi::OsStrExt;

/// Line `n` (from 1) of a source file, with its line end; none if there is no such file or line.
pub fn line(th: &mut Thread, filename: &[u8], n: usize) -> PyResult<Option<Vec<u8>>> {
    if n == 0 || filename.is_empty() || filename.contains(&0) {
        return Ok(None);
    }
    if let Some(text) = crate::import::library::read_file(filename) {
        return Ok(nth_line(&text, n));
    }
    let path = filename.to_vec();
    th.outside(move || read_line(&path, n))
}

/// As [`line`], looking for the file's last component along `sys.path` if it is not where it says.
pub fn line_on_path(th: &mut Thread, filename: &[u8], n: usize) -> PyResult<Option<Vec<u8>>> {
    if let Some(l) = line(th, filename, n)? {
        return Ok(Some(l));
    }
    let path = filename.to_vec();
    if filename.is_empty() || filename.contains(&0) || th.outside(move || exists(&path))? {
        return Ok(None);
    }
    let tail = filename.rsplit(|c| *c == b'/').next().unwrap_or(filename).to_vec();
    let Some(sys) = th.rt.sys_dict.get() else { return Ok(None) };
    let name = crate::names::path.get(th);
    let Some(dirs) = o::dict::get_str(th, sys, name)? else { return Ok(None) };
    if dirs.payload::<crate::layout::PyList>().is_none() {
        return Ok(None);
    }
    let dirs = ops::collect(th, dirs)?;
    for d in ops::values(&dirs) {
        let Some(d) = d.payload::<PyStr>() else { continue };
        let mut full = d.get().bytes().to_vec();
        if full.last().is_some_and(|c| *c != b'/') {
            full.push(b'/');
        }
        full.extend_from_slice(&tail);
        let candidate = full.clone();
        if !full.contains(&0) && th.outside(move || exists(&candidate))? {
            return line(th, &full, n);
        }
    }
    Ok(None)
}

fn exists(path: &[u8]) -> bool {
    std::fs::metadata(std::ffi::OsStr::from_bytes(path)).is_ok_and(|m| m.is_file())
}

fn read_line(path: &[u8], n: usize) -> Option<Vec<u8>> {
    let path = std::ffi::OsStr::from_bytes(path);
    if !std::fs::metadata(path).is_ok_and(|m| m.is_file()) {
        return None;
    }
    nth_line(&std::fs::read(path).ok()?, n)
}

/// Lines end with `\n`, `\r\n` or `\r`; the result ends with `\n` if the line has an end.
fn nth_line(text: &[u8], n: usize) -> Option<Vec<u8>> {
    let mut rest = text;
    for i in 1.. {
        if rest.is_empty() {
            return None;
        }
        let end = memchr::memchr2(b'\n', b'\r', rest);
        let (len, next) = match end {
            Some(e) if rest[e] == b'\r' && rest.get(e + 1) == Some(&b'\n') => (e, e + 2),
            Some(e) => (e, e + 1),
            None => (rest.len(), rest.len()),
        };
        if i == n {
            let mut l = rest[..len].to_vec();
            if end.is_some() {
                l.push(b'\n');
            }
            return Some(l);
        }
        rest = &rest[next..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::nth_line;

    #[test]
    fn lines_of_all_ends() {
        let t = b"a\nb\r\nc\rd";
        assert_eq!(nth_line(t, 1), Some(b"a\n".to_vec()));
        assert_eq!(nth_line(t, 2), Some(b"b\n".to_vec()));
        assert_eq!(nth_line(t, 3), Some(b"c\n".to_vec()));
        assert_eq!(nth_line(t, 4), Some(b"d".to_vec()));
        assert_eq!(nth_line(t, 5), None);
        assert_eq!(nth_line(b"", 1), None);
    }
}
