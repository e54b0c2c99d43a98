//! What the compiler asks of the runtime while it reads a source: codecs it does not know itself, and warnings.
//!
//! The compiler knows nothing of exceptions. Of one that says that text does not fit its encoding it is told the message,
//! for its own SyntaxError; what must not be lost (an abort, a warning turned into an error) is kept here, and whoever
//! started the compilation passes it on.

use crate::codecs::{self, registry};
use crate::layout::{PyStr, PyUnicode};
use crate::objects as o;
use crate::ops;
use crate::raised::{PyResult, Raised};
use crate::thread::Thread;
use crate::value::Value;
use syntax::error::Error;
use syntax::lexer::encoding::{self, Category, CodecError, SourceHooks};
use syntax::lexer::source::Input;

/// Hooks that reach the codec registry.
pub struct Hooks<'a> {
    th: &'a mut Thread,
    filename: &'a [u8],
    input: Input,
    /// What ended the compilation, if it was no fault of the source.
    kept: Option<Raised>,
}

impl<'a> Hooks<'a> {
    /// Hooks for one source.
    pub fn new(th: &'a mut Thread, filename: &'a [u8], input: Input) -> Hooks<'a> {
        Hooks { th, filename, input, kept: None }
    }

    /// What was kept: it takes the place of whatever the compiler reported.
    pub fn finish(self) -> PyResult<()> {
        self.kept.map_or(Ok(()), Err)
    }

    fn failed(&mut self, e: Raised, bad_data: bool) -> CodecError {
        match message(self.th, e) {
            Ok(message) => CodecError { message, bad_data },
            Err(e) => {
                self.kept = Some(e);
                CodecError { message: String::new(), bad_data: false }
            }
        }
    }
}

impl SourceHooks for Hooks<'_> {
    fn decode(&mut self, encoding: &str, bytes: &[u8]) -> Result<Vec<u8>, CodecError> {
        if let Some(known) = encoding::decode_builtin(encoding, bytes) {
            return known;
        }
        if let Err(e) = registry::lookup(self.th, encoding) {
            return Err(self.failed(e, false));
        }
        match decode(self.th, encoding, bytes, self.input) {
            Ok(v) => match v.payload::<PyUnicode>() {
                Some(u) => Ok(codecs::utf8::encode_chars(u.get().chars())),
                None => Err(CodecError {
                    message: "codec did not return a unicode object".into(),
                    bad_data: true,
                }),
            },
            Err(e) => Err(self.failed(e, true)),
        }
    }

    fn encode(&mut self, encoding: &str, utf8: &[u8], replace: bool) -> Result<Vec<u8>, CodecError> {
        if let Some(known) = encoding::encode_builtin(encoding, utf8, replace) {
            return known;
        }
        match encode(self.th, encoding, utf8, replace) {
            Ok(s) => Ok(self.th.str_bytes(s).to_vec()),
            Err(e) => Err(self.failed(e, true)),
        }
    }

    fn warn_py3k(&mut self, category: Category, message: &str, lineno: i32) -> bool {
        let def = match category {
            Category::Deprecation => &o::exceptions::DEPRECATION_WARNING,
            Category::Syntax => &o::exceptions::SYNTAX_WARNING,
        };
        let Err(e) = crate::warnings::warn_at(self.th, def, message, self.filename, lineno as i64) else {
            return true;
        };
        self.kept = Some(match category {
            Category::Deprecation => e,
            Category::Syntax => match e.catch_if(self.th, def.class()) {
                Ok(_) => crate::source::raise_error(
                    self.th,
                    Error::syntax(message.to_string(), lineno),
                    self.filename,
                ),
                Err(e) => e,
            },
        });
        false
    }

    fn has_character_names(&mut self) -> bool {
        let name = self.th.intern(b"unicodedata");
        match crate::import::in_modules(self.th, name) {
            Ok(m) => m.is_none_or(|m| !m.is_none()),
            Err(e) => {
                self.kept = Some(e);
                true
            }
        }
    }

    fn warn_tabs(&mut self) {
        let line = [self.filename, b": inconsistent use of tab in indentation\n".as_slice()].concat();
        if let Err(e) = o::traceback::print::write_stderr(self.th, &line) {
            self.kept = Some(e);
        }
    }
}

/// The text of bytes. A file's lines come out of a stream reader, which does not look at what its codec gives.
fn decode(th: &mut Thread, encoding: &str, bytes: &[u8], input: Input) -> PyResult {
    let s = th.try_str(bytes)?;
    if input == Input::String {
        codecs::decode_to_unicode(th, s, Some(encoding), None)
    } else {
        codecs::decode(th, s, Some(encoding), None)
    }
}

fn encode(th: &mut Thread, encoding: &str, utf8: &[u8], replace: bool) -> PyResult {
    let (u, _) = codecs::utf8::decode(th, utf8, None, true)?;
    let s = codecs::encode_to_str(th, u, Some(encoding), replace.then_some("replace"))?;
    debug_assert!(s.cast::<PyStr>().is_some());
    Ok(s)
}

/// `str()` of the exception in flight; anything that is not an exception is handed back.
fn message(th: &mut Thread, e: Raised) -> PyResult<String> {
    let c = e.catch(th)?;
    let c = o::exceptions::normalize(th, c)?;
    let text: PyResult = ops::str(th, c.value.unwrap_or(Value::NONE));
    match text {
        Ok(s) => Ok(String::from_utf8_lossy(th.str_bytes(s)).into_owned()),
        Err(e) => {
            e.catch(th)?;
            Ok("unknown decode error".into())
        }
    }
}
