//! The heap under the transactions: object headers, allocation, barriers, minor and full collection, roots,
//! weak references, finalizers. It knows no Python. See ARCHITECTURE.md.

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
pub use fork::HeapForkGuard;
pub use heap::{Heap, HeapFull, HeapStatistics, RootFn, RootSource};
pub use kind::{Kind, KindInfo, KindsError, info_of, kind_info, register_kinds, size_of_object};
pub use mutator::{Mutator, offsets};
pub use object::{
    CLASS_MASK, FINALIZABLE, HAS_WEAKREF, KIND_SHIFT, LARGE, NATIVE, ObjRef, STAMPED, WEAK, WEAK_CALLBACK,
    WEAK_REFERENT, YOUNG, class, header, is_reference, is_stamped, is_young, kind, set_class,
};
pub use roots::RootVec;
pub use space::{BLOCK, GRANULE, LARGE_LIMIT, LINE};
pub use stm_core::{Conflict, Transaction};
pub use trace::Tracer;
