//! The blob and the index that are embedded.
//!
//! The blob is the concatenation of compressed sources (deflate: read only by tracebacks, `inspect` and the like) and
//! compressed code objects (LZ4: read at start-up). The index is a generated table of plain numbers and string
//! constants, sorted by path, with a second table of module names sorted for binary search: nothing is parsed at start-up.

use super::{collect::File, compile};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Where a compressed piece lies in the blob; all zero when there is none.
#[derive(Default)]
struct Piece {
    start: usize,
    packed: usize,
    length: usize,
}

impl Piece {
    fn text(&self) -> String {
        format!("Piece {{ start: {}, packed: {}, length: {} }}", self.start, self.packed, self.length)
    }
}

/// Writes `library.blob` and `index.rs` under `out`.
pub fn pack(files: &[File], origin: &str, out: &Path) -> Result<(), String> {
    let mut blob = Vec::new();
    let mut index = String::new();
    let mut modules = Vec::new();
    let _ = writeln!(index, "/// Where the sources came from.\npub const ORIGIN: &str = {origin:?};");
    let _ = writeln!(index, "static FILES: [Record; {}] = [", files.len());
    let codes = compile::compile_all(files);
    for (position, (file, code)) in files.iter().zip(codes).enumerate() {
        let source = add(&mut blob, &miniz_oxide::deflate::compress_to_vec(&file.text, 9), file.text.len());
        let code = match code {
            Some(code) => add(&mut blob, &lz4_flex::block::compress(&code), code.len()),
            None => Piece::default(),
        };
        let _ = writeln!(
            index,
            "    Record {{ path: {:?}, module: {:?}, is_package: {}, source: {}, code: {} }},",
            file.path,
            file.module.as_deref().unwrap_or(""),
            file.is_package,
            source.text(),
            code.text()
        );
        if let Some(module) = &file.module {
            modules.push((module.as_str(), position));
        }
    }
    let _ = writeln!(index, "];");
    modules.sort();
    if let Some(twice) = modules.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(format!("module {} is there twice", twice[0].0));
    }
    let _ = writeln!(index, "/// Positions in `FILES`, sorted by module name.");
    let positions: Vec<String> = modules.iter().map(|(_, position)| position.to_string()).collect();
    let _ = writeln!(index, "static MODULES: [u16; {}] = [{}];", positions.len(), positions.join(", "));

    let write = |name: &str, bytes: &[u8]| {
        fs::write(out.join(name), bytes).map_err(|error| format!("{}: {error}", out.join(name).display()))
    };
    write("library.blob", &blob)?;
    write("index.rs", index.as_bytes())
}

fn add(blob: &mut Vec<u8>, packed: &[u8], length: usize) -> Piece {
    let start = blob.len();
    blob.extend_from_slice(packed);
    Piece { start, packed: packed.len(), length }
}
