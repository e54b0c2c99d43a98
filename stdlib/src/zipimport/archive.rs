//! Reading zip archives: the directory, and a file's data. No Python objects here.

use crate::zlib::inflate_raw;
use interpreter::import::pyc::path;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// A file in an archive.
#[derive(Clone, Debug)]
pub struct Entry {
    pub name: Vec<u8>,
    pub method: u16,
    pub packed: u32,
    pub size: u32,
    /// Where its local header is.
    pub offset: i64,
    pub time: u16,
    pub date: u16,
    pub crc: u32,
}

fn u16_at(b: &[u8], i: usize) -> u16 {
    u16::from_le_bytes([b[i], b[i + 1]])
}

fn u32_at(b: &[u8], i: usize) -> u32 {
    u32::from_le_bytes([b[i], b[i + 1], b[i + 2], b[i + 3]])
}

/// The directory of an archive, which ends with its end record.
pub fn directory(archive: &[u8]) -> Result<Vec<Entry>, String> {
    let shown = String::from_utf8_lossy(archive);
    let unreadable = || format!("can't read Zip file: {shown}");
    let mut f = File::open(path(archive)).map_err(|_| format!("can't open Zip file: {shown}"))?;
    let end = f.seek(SeekFrom::End(-22)).map_err(|_| unreadable())?;
    let mut record = [0; 22];
    f.read_exact(&mut record).map_err(|_| unreadable())?;
    if record[..4] != *b"PK\x05\x06" {
        return Err(format!("not a Zip file: {shown}"));
    }
    let (size, offset) = (i64::from(u32_at(&record, 12)), i64::from(u32_at(&record, 16)));
    // What stands before the archive proper.
    let before = end as i64 - offset - size;
    if before < 0 {
        return Err(format!("bad central directory size or offset: {shown}"));
    }
    f.seek(SeekFrom::Start((offset + before) as u64)).map_err(|_| unreadable())?;
    let mut bytes = Vec::new();
    f.take(size as u64).read_to_end(&mut bytes).map_err(|_| unreadable())?;
    let mut out = Vec::new();
    let mut rest = &bytes[..];
    while rest.len() >= 46 && rest[..4] == *b"PK\x01\x02" {
        let name = usize::from(u16_at(rest, 28));
        let length = 46 + name + usize::from(u16_at(rest, 30)) + usize::from(u16_at(rest, 32));
        if rest.len() < 46 + name {
            return Err(unreadable());
        }
        out.push(Entry {
            name: rest[46..46 + name].to_vec(),
            method: u16_at(rest, 10),
            time: u16_at(rest, 12),
            date: u16_at(rest, 14),
            crc: u32_at(rest, 16),
            packed: u32_at(rest, 20),
            size: u32_at(rest, 24),
            offset: i64::from(u32_at(rest, 42)) + before,
        });
        rest = &rest[length.min(rest.len())..];
    }
    Ok(out)
}

/// Why a file's data could not be had.
pub enum Failure {
    /// ZipImportError.
    Archive(String),
    /// IOError.
    Io(String),
    /// What the decompressor said.
    Packed(String),
}

/// A file's contents.
pub fn data(archive: &[u8], offset: i64, method: i64, packed: usize) -> Result<Vec<u8>, Failure> {
    let shown = String::from_utf8_lossy(archive);
    let mut f = File::open(path(archive))
        .map_err(|_| Failure::Io(format!("zipimport: can not open file {shown}")))?;
    let unreadable = || Failure::Archive(format!("can't read Zip file: {shown}"));
    let mut header = [0; 30];
    let start = u64::try_from(offset).map_err(|_| unreadable())?;
    f.seek(SeekFrom::Start(start)).map_err(|_| unreadable())?;
    if f.read_exact(&mut header).is_err() || header[..4] != *b"PK\x03\x04" {
        return Err(Failure::Archive(format!("bad local file header in {shown}")));
    }
    let skip = i64::from(u16_at(&header, 26)) + i64::from(u16_at(&header, 28));
    f.seek(SeekFrom::Current(skip)).map_err(|_| unreadable())?;
    let mut bytes = Vec::new();
    f.take(packed as u64).read_to_end(&mut bytes).map_err(|_| unreadable())?;
    if bytes.len() != packed {
        return Err(Failure::Io("zipimport: can't read data".into()));
    }
    if method == 0 {
        return Ok(bytes);
    }
    inflate_raw(&bytes).map_err(Failure::Packed)
}
