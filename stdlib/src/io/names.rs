//! Names of methods and attributes that streams use on each other.

use interpreter::name::Name;

macro_rules! names {
    ($($id:ident)*) => { $( #[allow(non_upper_case_globals)] pub static $id: Name = Name::new(stringify!($id)); )* };
}

names! {
    read readall readinto read1 readline peek write close closed flush seek tell truncate fileno isatty readable
    writable seekable name mode decode encode reset getstate setstate newlines errno characters_written
    incrementaldecoder incrementalencoder getpreferredencoding __IOBase_closed
}
