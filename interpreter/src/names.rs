//! Interned names the runtime itself uses.

use crate::name::Name;

macro_rules! names {
    ($($id:ident)*) => { $( #[allow(non_upper_case_globals)] pub static $id: Name = Name::new(stringify!($id)); )* };
}

names! {
    __abs__ __add__ __and__ __base__ __bases__ __builtins__ __call__ __class__ __cmp__ __coerce__ __complex__ __contains__
    __debug__ __del__ __delattr__ __delete__ __delitem__ __delslice__ __dict__ __dir__ __div__ __divmod__ __doc__ __enter__ __eq__
    __exit__ __file__ __float__ __floordiv__ __format__ __ge__ __get__ __getattr__ __getattribute__
    __getitem__ __getslice__ __getnewargs__ __getstate__ __gt__ __hash__ __hex__ __iadd__ __iand__ __idiv__ __ifloordiv__
    __ilshift__ __imod__ __import__ __imul__ __index__ __init__ __instancecheck__ __int__ __invert__ __ior__
    __ipow__ __irshift__ __isub__ __iter__ __itruediv__ __ixor__ __le__ __len__ __length_hint__ __loader__ __long__
    __lshift__ __lt__ __main__ __members__ __metaclass__ __methods__ __missing__ __mod__ __module__ __mro__ __mul__ __name__ __ne__
    __neg__ __new__ __nonzero__ __oct__ __or__ __package__ __path__ __pos__ __pow__ __qualname__ __radd__ __rand__
    __rdiv__ __rdivmod__ __reduce__ __reduce_ex__ __repr__ __reversed__ __rfloordiv__ __rlshift__ __rmod__
    __rmul__ __ror__ __rpow__ __rrshift__ __rshift__ __rsub__ __rtruediv__ __rxor__ __self__ __set__
    __setattr__ __setitem__ __setslice__ __sizeof__ __slots__ __str__ __sub__ __subclasscheck__ __subclasses__ __subclasshook__ __truediv__
    __trunc__ __unicode__ __weakref__ __xor__ __all__ __import_hook__
    args append close code copy encoding encode decode errors exc_clear excepthook exc_type exc_value exc_traceback extend fileno filename flush get
    items iteritems iterkeys itervalues keys lineno message mode modules msg name next object offset pop print_file_and_line read readline reason
    send softspace start end stderr stdin stdout strict text throw update values write path_hooks path_importer_cache meta_path path displayhook
    last_type last_value last_traceback ps1 ps2 exitfunc tracebacklimit mro
}
