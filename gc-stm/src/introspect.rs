//! What the `gc` module asks for: all objects, who refers to whom.
//!
//! Young objects of other threads are theirs alone (and may be half made), so these list old objects and the
//! caller's own young ones. Call them in exclusive mode, after every stopped thread's minor collection, when
//! all objects are wanted (pitfall 6).

use crate::mutator::Mutator;
use crate::object::{self, ObjRef};
use crate::space::{OLD, Use};
use crate::trace::{Mode, Tracer};
use crate::world::with_world_stopped;

impl Mutator {
    /// Calls `f` for every old object and every young one of this thread, dead ones that have not been
    /// collected included; run `collect_full` first to be rid of those. `f` must not allocate or wait.
    pub fn for_each_object(&self, mut f: impl FnMut(ObjRef)) {
        let space = &self.heap.space;
        with_world_stopped(self, |_| {
            let (fresh, large): (u32, Vec<_>) = {
                let pool = space.pool.lock();
                (pool.fresh, pool.large.live.iter().map(|(a, l)| (*a, l.owner)).collect())
            };
            for block in 0..fresh {
                let meta = space.meta(block);
                if meta.usage() != Use::Free {
                    let mine = meta.owner() == self.id;
                    space.for_each_in_block(block, |obj, state| {
                        if state & OLD != 0 || mine {
                            f(obj);
                        }
                    });
                }
            }
            for (start, owner) in large {
                if owner == 0 || owner == self.id {
                    // SAFETY: a live large object.
                    f(unsafe { ObjRef::from_address(start) });
                }
            }
        });
    }

    /// How many runs of Values the running transaction has logged.
    pub fn logged_ranges(&self) -> usize {
        self.log.borrow().ranges.len()
    }

    /// The objects that refer to `target`, as `gc.get_referrers` wants them.
    pub fn referrers_of(&self, target: ObjRef) -> Vec<ObjRef> {
        let mut found = Vec::new();
        self.for_each_object(|obj| {
            if self.referents_of(obj).contains(&target) {
                found.push(obj);
            }
        });
        found
    }

    /// The objects that `obj` refers to strongly, its class first.
    pub fn referents_of(&self, obj: ObjRef) -> Vec<ObjRef> {
        let mut lister = Tracer::new(Mode::List, &self.heap.space);
        lister.fields(obj);
        lister.found
    }

    /// True when `address` is the address of an object that this thread may look at.
    pub fn is_object(&self, address: usize) -> bool {
        self.heap.space.find_object(address).is_some_and(|o| {
            o.address() == address
                && (!object::is_young(o) || self.heap.space.block_of(address).owner() == self.id)
        })
    }
}
