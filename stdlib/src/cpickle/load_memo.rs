//! What a pickle has put into its memo.
//!
//! The memo of an `Unpickler` is a dict that programs see; `load` and `loads` keep theirs in a vector by number, with a
//! dict for what is numbered wildly.

use gc_stm::RootVec;
use interpreter::layout::{PyDict, Ref};
use interpreter::{PyResult, Slot, Thread, Value, objects as o};

/// See the module text.
pub enum LoadMemo {
    Own { numbered: RootVec, others: Ref<PyDict> },
    Shown(Ref<PyDict>),
}

/// How far past the end of the vector a number may lie.
const GAP: usize = 1 << 16;

impl LoadMemo {
    /// An empty memo for one call.
    pub fn new(th: &mut Thread) -> PyResult<LoadMemo> {
        match th.new_dict().cast::<PyDict>() {
            Some(others) => Ok(LoadMemo::Own { numbered: th.m.root_vec(), others }),
            None => Err(th.system_error("no dict")),
        }
    }

    #[inline]
    pub fn get(&self, th: &mut Thread, n: usize) -> PyResult<Slot> {
        let d = match self {
            LoadMemo::Own { numbered, others } => match numbered.get(n) {
                Some(0) | None => others,
                Some(bits) => return Ok(Value::from_bits(bits)),
            },
            LoadMemo::Shown(d) => d,
        };
        let key = th.int(n as i64);
        o::dict::get(th, *d, key)
    }

    #[inline]
    pub fn put(&self, th: &mut Thread, n: usize, v: Value) -> PyResult<()> {
        let d = match self {
            LoadMemo::Own { numbered, others } => {
                if n == numbered.len() {
                    numbered.push(v.bits());
                    return Ok(());
                }
                if n <= numbered.len() + GAP {
                    while numbered.len() <= n {
                        numbered.push(0);
                    }
                    numbered.set(n, v.bits());
                    return Ok(());
                }
                others
            }
            LoadMemo::Shown(d) => d,
        };
        let key = th.int(n as i64);
        o::dict::set(th, *d, key, v)
    }

    /// The dict whose keys are the texts of GET and PUT.
    fn by_text(&self) -> Ref<PyDict> {
        match self {
            LoadMemo::Own { others, .. } => *others,
            LoadMemo::Shown(d) => *d,
        }
    }

    /// In the text form of a memo of one call, plain numbers mean places in the vector.
    fn plain_number(&self, text: &[u8]) -> Option<usize> {
        if let LoadMemo::Shown(_) = self {
            return None;
        }
        let plain = !text.is_empty() && text.len() < 8 && (text[0] != b'0' || text.len() == 1);
        if !plain {
            return None;
        }
        text.iter().try_fold(0, |n, c| c.is_ascii_digit().then(|| n * 10 + usize::from(c - b'0')))
    }

    pub fn get_text(&self, th: &mut Thread, text: &[u8]) -> PyResult<(Slot, Value)> {
        let key = th.try_str(text)?;
        let found = match self.plain_number(text) {
            Some(n) => self.get(th, n)?,
            None => o::dict::get(th, self.by_text(), key)?,
        };
        Ok((found, key))
    }

    pub fn put_text(&self, th: &mut Thread, text: &[u8], v: Value) -> PyResult<()> {
        match self.plain_number(text) {
            Some(n) => self.put(th, n, v),
            None => {
                let key = th.try_str(text)?;
                o::dict::set(th, self.by_text(), key, v)
            }
        }
    }
}
