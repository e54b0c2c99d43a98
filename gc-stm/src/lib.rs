//! The heap under the transactions: object headers, allocation, barriers, minor and full collection, roots,
//! weak references, finalizers. It knows no Python.
//!
//! Objects never move. *Young* means allocated since its thread's last minor collection and private to that thread;
//! *old* means public. An object becomes old at the commit that makes it reachable for others (publishing), or by
//! surviving a minor collection. So old-to-young edges exist only from what the running transaction has written,
//! and its write log is the remembered set. Native stacks are scanned conservatively, all else precisely.
//!
//! The life of a thread, for the layer above:
//!
//! ```text
//! Transaction::new .. Mutator::new (in its final place) .. tx.enter .. register(stack base) .. add_root_source
//!   ( begin .. alloc, read, write, write_range, polls .. commit | abort .. safepoint_collect )*
//! detach (or drop)
//! ```
//!
//! What the layer above promises:
//! 1. Between allocation and the next commit point an object's size word and an immutable object's references are
//!    stored; `KindInfo` functions cope with zeroed and half-filled objects, because the world may be stopped there.
//! 2. All barriers of a step come before its first store (`collect_full` of another thread may intervene at each).
//! 3. Card stamps are zero or `private_stamp` when their storage is allocated, and zero when it becomes old
//!    (`Tracer::makes_old`); `write_range` follows the owner's `write`.
//! 4. Global root sources refer to old objects only: `make_old_now` before anything enters a runtime-wide table.
//! 5. Under the global lock (GIL mode) a thread commits before it lets go of the lock: that publishes.
//! 6. Before a second thread starts: commit, `leave_solo`, then start it.
//! 7. A thread that blocks does so outside (`tx.leave`), so that collections need not wait for it.
//!
//! | file | concept |
//! |---|---|
//! | `object.rs`, `kind.rs` | header, references; what the collector knows of layouts |
//! | `space.rs`, `large.rs`, `os.rs` | blocks, lines, state bytes; large objects; address space |
//! | `mutator.rs`, `alloc.rs`, `barrier.rs` | a thread's half: fast paths; their cold halves |
//! | `commit.rs` | begin, commit (publishing), abort, safepoints |
//! | `minor.rs`, `full.rs`, `trace.rs`, `finalize.rs` | the collections |
//! | `roots.rs`, `conservative.rs` | root vectors; native stacks |
//! | `world.rs`, `fork.rs` | the stopped world; `fork` |
//! | `heap.rs`, `config.rs`, `introspect.rs`, `verify.rs` | shared state, options, `gc` module, whole-heap checks |

mod alloc;
mod barrier;
mod commit;
mod config;
mod conservative;
mod finalize;
mod fork;
mod full;
mod heap;
mod introspect;
mod kind;
mod large;
mod minor;
mod mutator;
mod object;
mod os;
mod roots;
mod space;
mod trace;
mod verify;
mod world;

pub use config::HeapConfig;
pub use conservative::{StackMark, clear_dead_stack};
pub use fork::HeapForkGuard;
pub use heap::{Heap, HeapFull, HeapStatistics, RootFn, RootSource};
pub use kind::{Kind, KindInfo, KindsError, info_of, kind_info, register_kinds, size_of_object};
pub use mutator::{Mutator, offsets};
pub use object::{
    CLASS_MASK, FINALIZABLE, HAS_WEAKREF, KIND_SHIFT, LARGE, NATIVE, ObjRef, STAMPED, WEAK, WEAK_CALLBACK,
    WEAK_REFERENT, YOUNG, class, header, is_reference, is_stamped, is_young, kind, set_class,
};
pub use roots::RootVec;
pub use space::{BLOCK, GRANULE, LARGE_LIMIT, LINE, START as STATE_START};
pub use stm_core::{Conflict, Transaction};
pub use trace::Tracer;
