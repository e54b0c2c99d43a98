//! The exception classes. Instances are ordinary instances (kind INSTANCE) whose payload is a record of `args`,
//! `message` and what the class adds (`data`).
//!
//! Each class of the table names its *family*: the slots, methods and attributes it declares itself. Every class has
//! its own `__new__` and `__init__`, as programs with several exception bases can tell.

mod base;
pub mod data;
mod environment;
mod matching;
mod normalize;
mod raise;
mod syntax_error;
mod system_exit;
mod unicode_error;

pub use data::EXCEPTION_DATA;
pub use matching::{bad_raise, class_matches, class_of, is_exception_class, is_exception_instance, matches};
pub use normalize::{make, normalize};
pub use raise::{syntax_error_from, unicode_decode_error, unicode_encode_error, unicode_translate_error};

use crate::kinds::kind;
use crate::native::{BASETYPE, GetSetDef, HAS_DICT, MethodDef, PAYLOAD, TypeDef};
use crate::types::slots::SlotTable;

/// What a class declares itself.
struct Family {
    slots: SlotTable,
    methods: &'static [MethodDef],
    getset: &'static [GetSetDef],
}

/// Classes that add nothing.
const PLAIN: Family = Family {
    slots: SlotTable { new: Some(base::new), init: Some(base::init), ..SlotTable::EMPTY },
    methods: &[],
    getset: &[],
};

/// `KeyError`.
const KEY: Family = Family { slots: SlotTable { str: Some(base::key_error_str), ..PLAIN.slots }, ..PLAIN };

macro_rules! exceptions {
    ($($def:ident = $name:literal : $base:expr, $family:expr, $doc:literal;)*) => {
        $( #[doc = concat!("`", $name, "`.")] pub static $def: TypeDef = {
            const F: Family = $family;
            TypeDef {
                module: "exceptions",
                base: $base,
                flags: BASETYPE | HAS_DICT | PAYLOAD,
                doc: Some($doc),
                slots: F.slots,
                methods: F.methods,
                getset: F.getset,
                ..TypeDef::new($name, kind::INSTANCE)
            }
        }; )*
        /// Every exception class, bases first.
        pub static ALL: &[&TypeDef] = &[ $( &$def, )* ];
    };
}

exceptions! {
    BASE_EXCEPTION = "BaseException": None, base::FAMILY, "Root of all exceptions.";
    SYSTEM_EXIT = "SystemExit": Some(&BASE_EXCEPTION), system_exit::FAMILY, "Asks the interpreter to exit.";
    KEYBOARD_INTERRUPT = "KeyboardInterrupt": Some(&BASE_EXCEPTION), PLAIN, "The user interrupted the program.";
    GENERATOR_EXIT = "GeneratorExit": Some(&BASE_EXCEPTION), PLAIN, "Asks a generator to exit.";
    EXCEPTION = "Exception": Some(&BASE_EXCEPTION), PLAIN, "Root of the exceptions that do not end the program by intent.";
    STOP_ITERATION = "StopIteration": Some(&EXCEPTION), PLAIN, "An iterator has no further item.";
    STANDARD_ERROR = "StandardError": Some(&EXCEPTION), PLAIN, "Root of the built-in exceptions other than StopIteration and SystemExit.";
    BUFFER_ERROR = "BufferError": Some(&STANDARD_ERROR), PLAIN, "A buffer operation failed.";
    ARITHMETIC_ERROR = "ArithmeticError": Some(&STANDARD_ERROR), PLAIN, "Root of the arithmetic errors.";
    FLOATING_POINT_ERROR = "FloatingPointError": Some(&ARITHMETIC_ERROR), PLAIN, "A floating point operation failed.";
    OVERFLOW_ERROR = "OverflowError": Some(&ARITHMETIC_ERROR), PLAIN, "A result is too large to be represented.";
    ZERO_DIVISION_ERROR = "ZeroDivisionError": Some(&ARITHMETIC_ERROR), PLAIN, "Division or modulo by zero.";
    ASSERTION_ERROR = "AssertionError": Some(&STANDARD_ERROR), PLAIN, "An assertion does not hold.";
    ATTRIBUTE_ERROR = "AttributeError": Some(&STANDARD_ERROR), PLAIN, "There is no such attribute.";
    ENVIRONMENT_ERROR = "EnvironmentError": Some(&STANDARD_ERROR), environment::FAMILY, "Root of the I/O related errors.";
    IO_ERROR = "IOError": Some(&ENVIRONMENT_ERROR), environment::DERIVED, "An I/O operation failed.";
    OS_ERROR = "OSError": Some(&ENVIRONMENT_ERROR), environment::DERIVED, "A system call failed.";
    EOF_ERROR = "EOFError": Some(&STANDARD_ERROR), PLAIN, "Reading hit the end of the file.";
    IMPORT_ERROR = "ImportError": Some(&STANDARD_ERROR), PLAIN, "An import found no such module or name.";
    LOOKUP_ERROR = "LookupError": Some(&STANDARD_ERROR), PLAIN, "Root of the lookup errors.";
    INDEX_ERROR = "IndexError": Some(&LOOKUP_ERROR), PLAIN, "A sequence index is out of range.";
    KEY_ERROR = "KeyError": Some(&LOOKUP_ERROR), KEY, "There is no such key in the mapping.";
    MEMORY_ERROR = "MemoryError": Some(&STANDARD_ERROR), PLAIN, "There is no memory left.";
    NAME_ERROR = "NameError": Some(&STANDARD_ERROR), PLAIN, "There is no such global name.";
    UNBOUND_LOCAL_ERROR = "UnboundLocalError": Some(&NAME_ERROR), PLAIN, "A local name is used before it is bound.";
    REFERENCE_ERROR = "ReferenceError": Some(&STANDARD_ERROR), PLAIN, "A weak proxy is used after its referent has gone.";
    RUNTIME_ERROR = "RuntimeError": Some(&STANDARD_ERROR), PLAIN, "An error of no other class.";
    NOT_IMPLEMENTED_ERROR = "NotImplementedError": Some(&RUNTIME_ERROR), PLAIN, "A method or function is not implemented yet.";
    SYNTAX_ERROR = "SyntaxError": Some(&STANDARD_ERROR), syntax_error::FAMILY, "The source text is not valid.";
    INDENTATION_ERROR = "IndentationError": Some(&SYNTAX_ERROR), syntax_error::DERIVED, "The indentation is not proper.";
    TAB_ERROR = "TabError": Some(&INDENTATION_ERROR), syntax_error::DERIVED, "Tabs and spaces are mixed improperly.";
    SYSTEM_ERROR = "SystemError": Some(&STANDARD_ERROR), PLAIN, "An internal error of the interpreter.";
    TYPE_ERROR = "TypeError": Some(&STANDARD_ERROR), PLAIN, "A value has the wrong type.";
    VALUE_ERROR = "ValueError": Some(&STANDARD_ERROR), PLAIN, "A value of the right type is not acceptable.";
    UNICODE_ERROR = "UnicodeError": Some(&VALUE_ERROR), PLAIN, "Root of the Unicode errors.";
    UNICODE_DECODE_ERROR = "UnicodeDecodeError": Some(&UNICODE_ERROR), unicode_error::DECODE, "Bytes cannot be decoded.";
    UNICODE_ENCODE_ERROR = "UnicodeEncodeError": Some(&UNICODE_ERROR), unicode_error::ENCODE, "Characters cannot be encoded.";
    UNICODE_TRANSLATE_ERROR = "UnicodeTranslateError": Some(&UNICODE_ERROR), unicode_error::TRANSLATE, "Characters cannot be translated.";
    WARNING = "Warning": Some(&EXCEPTION), PLAIN, "Root of the warning categories.";
    DEPRECATION_WARNING = "DeprecationWarning": Some(&WARNING), PLAIN, "Warns of deprecated features.";
    PENDING_DEPRECATION_WARNING = "PendingDeprecationWarning": Some(&WARNING), PLAIN, "Warns of features to be deprecated later.";
    RUNTIME_WARNING = "RuntimeWarning": Some(&WARNING), PLAIN, "Warns of dubious behaviour at run time.";
    SYNTAX_WARNING = "SyntaxWarning": Some(&WARNING), PLAIN, "Warns of dubious syntax.";
    USER_WARNING = "UserWarning": Some(&WARNING), PLAIN, "Warnings raised by user code.";
    FUTURE_WARNING = "FutureWarning": Some(&WARNING), PLAIN, "Warns of constructs whose meaning will change.";
    IMPORT_WARNING = "ImportWarning": Some(&WARNING), PLAIN, "Warns of probable mistakes in imports.";
    UNICODE_WARNING = "UnicodeWarning": Some(&WARNING), PLAIN, "Warns of mistakes with Unicode.";
    BYTES_WARNING = "BytesWarning": Some(&WARNING), PLAIN, "Warns of mistakes with bytes.";
}
