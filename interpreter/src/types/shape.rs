//! Shapes (hidden classes): which attribute lies in which slot of an instance.
//!
//! Every class that has instances owns a tree of shapes. The root has no attributes; setting a new attribute moves
//! an instance to the child shape for that name. A shape never changes once made, apart from its `id`.
//!
//! # Invariants
//! S1. A `Shape` lives as long as its class: the tree is freed with the class object, and instances keep their class
//!     alive. `&'static Shape` means that.
//! S2. Names in shapes are interned strings; they are compared by address and kept alive by the class's trace.
//! S3. `id` is unique for all time. Changing the class gives all its shapes fresh ids (in exclusive mode), which is
//!     what invalidates inline caches (PITFALLS 7).
//! S4. Transitions are found under the tree's mutex, a leaf lock; they are a runtime-wide cache, never undone.
//!
//! Attribute `i` lies in the instance's inline slot `first + i` while that is below `inline_slots`, else in the
//! overflow storage. `__slots__` come before, at fixed places `0..first`.

use crate::runtime::Runtime;
use crate::value::Value;
use gc_stm::Tracer;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Attributes kept in a shape before an instance goes over to a dict.
pub const MAX_ATTRIBUTES: usize = 96;

/// See the module text.
pub struct Shape {
    /// Validates inline caches.
    pub id: AtomicU64,
    pub tree: *const ShapeTree,
    pub parent: Option<&'static Shape>,
    /// Attribute names in order.
    pub names: Box<[Value]>,
    /// Instances keep their attributes in a dict instead.
    pub is_dict: bool,
    children: Mutex<Vec<(Value, &'static Shape)>>,
}

// SAFETY: immutable but for atomics and the mutex; values in it are old interned strings.
unsafe impl Sync for Shape {}
// SAFETY: as above.
unsafe impl Send for Shape {}

impl Shape {
    /// Position of an attribute among the shape's names.
    #[inline]
    pub fn find(&self, name: Value) -> Option<usize> {
        self.names.iter().position(|n| *n == name)
    }

    /// Number of attributes.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    #[inline(always)]
    pub fn id(&self) -> u64 {
        self.id.load(Ordering::Relaxed)
    }

    fn tree(&self) -> &'static ShapeTree {
        // SAFETY: S1.
        unsafe { &*self.tree }
    }

    /// The shape after adding `name`; none when the instance had better become a dict.
    pub fn with(&'static self, rt: &Runtime, name: Value) -> Option<&'static Shape> {
        if self.names.len() >= MAX_ATTRIBUTES {
            return None;
        }
        let mut children = self.children.lock();
        if let Some((_, s)) = children.iter().find(|(n, _)| *n == name) {
            return Some(s);
        }
        let tree = self.tree();
        if tree.count.fetch_add(1, Ordering::Relaxed) > 2000 {
            return None;
        }
        let mut names = self.names.to_vec();
        names.push(name);
        let s = tree.add(Shape {
            id: AtomicU64::new(rt.fresh_version()),
            tree: self.tree,
            parent: Some(self),
            names: names.into_boxed_slice(),
            is_dict: false,
            children: Mutex::new(Vec::new()),
        });
        children.push((name, s));
        tree.widest.fetch_max(s.names.len() as u32, Ordering::Relaxed);
        Some(s)
    }

    /// The dict shape of the same class.
    pub fn as_dict(&self) -> &'static Shape {
        self.tree().dict()
    }
}

/// All shapes of one class.
pub struct ShapeTree {
    all: Mutex<Vec<Box<Shape>>>,
    root: AtomicU64,
    dict: AtomicU64,
    count: AtomicU32,
    /// Most attributes any instance has had: how many slots new instances get inline.
    pub widest: AtomicU32,
    /// Slots taken by `__slots__`.
    pub first: usize,
}

impl ShapeTree {
    /// A tree with its root and dict shapes, for a class whose `__slots__` take `first` slots.
    pub fn new(rt: &Runtime, first: usize) -> Box<ShapeTree> {
        let tree = Box::new(ShapeTree {
            all: Mutex::new(Vec::new()),
            root: AtomicU64::new(0),
            dict: AtomicU64::new(0),
            count: AtomicU32::new(0),
            widest: AtomicU32::new(0),
            first,
        });
        for is_dict in [false, true] {
            let s = tree.add(Shape {
                id: AtomicU64::new(rt.fresh_version()),
                tree: &*tree,
                parent: None,
                names: Box::new([]),
                is_dict,
                children: Mutex::new(Vec::new()),
            });
            let place = if is_dict { &tree.dict } else { &tree.root };
            place.store(s as *const Shape as u64, Ordering::Release);
        }
        tree
    }

    fn add(&self, s: Shape) -> &'static Shape {
        let b = Box::new(s);
        let p: *const Shape = &*b;
        self.all.lock().push(b);
        // SAFETY: S1; the box is not moved out before the tree is dropped.
        unsafe { &*p }
    }

    pub fn root(&self) -> &'static Shape {
        // SAFETY: set by `new`; S1.
        unsafe { &*(self.root.load(Ordering::Acquire) as *const Shape) }
    }

    pub fn dict(&self) -> &'static Shape {
        // SAFETY: set by `new`; S1.
        unsafe { &*(self.dict.load(Ordering::Acquire) as *const Shape) }
    }

    /// Gives every shape a fresh id: the class has changed (S3).
    pub fn invalidate(&self, rt: &Runtime) {
        for s in self.all.lock().iter() {
            s.id.store(rt.fresh_version(), Ordering::Release);
        }
    }

    pub(crate) fn trace(&self, t: &mut Tracer) {
        for s in self.all.lock().iter() {
            for n in &s.names {
                t.word(n.bits());
            }
        }
    }
}
