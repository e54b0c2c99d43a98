//! Which objects have been written, under which number.
//!
//! The memo of a `Pickler` is a dict that programs see: address to `(number, object)`. The functions `dump` and `dumps`
//! need theirs no longer than the call, and use a hash table of addresses. Both keep the objects alive, so that no
//! address can come to mean another object.

use gc_stm::RootVec;
use interpreter::layout::{PyDict, PyTuple, Ref};
use interpreter::{PyResult, Thread, Value, objects as o, ops};

/// See the module text.
pub enum Memo {
    Own(Addresses),
    Shown(Ref<PyDict>),
}

/// Open-addressed table from addresses to numbers.
pub struct Addresses {
    /// Address and number; address 0: free. The length is a power of two, at most half is used.
    slots: Vec<(u64, u32)>,
    /// The objects in order of number.
    objects: RootVec,
}

fn place(address: u64, mask: usize) -> usize {
    (address.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize & mask
}

impl Addresses {
    fn find(&self, address: u64) -> Result<u32, usize> {
        let mask = self.slots.len() - 1;
        let mut i = place(address, mask);
        loop {
            match self.slots[i] {
                (0, _) => return Err(i),
                (a, n) if a == address => return Ok(n),
                _ => i = (i + 1) & mask,
            }
        }
    }

    fn insert(&mut self, address: u64) -> usize {
        let n = self.objects.len() + 1;
        if n * 2 > self.slots.len() {
            let bigger = vec![(0, 0); self.slots.len() * 4];
            for (a, n) in std::mem::replace(&mut self.slots, bigger) {
                if a != 0
                    && let Err(i) = self.find(a)
                {
                    self.slots[i] = (a, n);
                }
            }
        }
        match self.find(address) {
            // Written again by a recursive reduction: the later number counts.
            Ok(_) => {
                let mask = self.slots.len() - 1;
                let mut i = place(address, mask);
                while self.slots[i].0 != address {
                    i = (i + 1) & mask;
                }
                self.slots[i].1 = n as u32;
            }
            Err(i) => self.slots[i] = (address, n as u32),
        }
        self.objects.push(address);
        n
    }
}

impl Memo {
    /// An empty memo for one call.
    pub fn new(th: &mut Thread) -> Memo {
        Memo::Own(Addresses { slots: vec![(0, 0); 64], objects: th.m.root_vec() })
    }

    /// The number under which an object was written.
    pub fn get(&self, th: &mut Thread, v: Value) -> PyResult<Option<i64>> {
        match self {
            Memo::Own(a) => Ok(a.find(v.bits()).ok().map(i64::from)),
            Memo::Shown(d) => {
                let key = th.integer_i128(v.bits().into())?;
                let Some(found) = o::dict::get(th, *d, key)? else { return Ok(None) };
                let first = found.payload::<PyTuple>().and_then(|t| t.get().items().first().copied());
                match first.and_then(ops::int_value) {
                    Some(n) => Ok(Some(n)),
                    None => Err(super::errors::pickling_error(th, "no int where int expected in memo", &[])),
                }
            }
        }
    }

    /// Gives an object the next number.
    pub fn put(&mut self, th: &mut Thread, v: Value) -> PyResult<usize> {
        match self {
            Memo::Own(a) => Ok(a.insert(v.bits())),
            Memo::Shown(d) => {
                let n = o::dict::len(th, *d)? + 1;
                let key = th.integer_i128(v.bits().into())?;
                let number = th.int(n as i64);
                let entry = th.new_tuple(&[number, v]);
                o::dict::set(th, *d, key, entry)?;
                Ok(n)
            }
        }
    }
}
