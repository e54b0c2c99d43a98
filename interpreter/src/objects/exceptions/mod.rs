//! The exception classes. Instances are ordinary instances (kind INSTANCE) whose payload is a record of `args`,
//! `message` and what the class adds.

use crate::kinds::kind;
use crate::layout::PyType;
use crate::native::TypeDef;
use crate::thread::Thread;
use crate::types::is_subtype;
use crate::value::Value;

macro_rules! exceptions {
    ($($def:ident = $name:literal : $base:expr;)*) => {
        $( #[doc = concat!("`", $name, "`.")] pub static $def: TypeDef = TypeDef { module: "exceptions", base: $base, ..TypeDef::new($name, kind::INSTANCE) }; )*
        /// Every exception class, bases first.
        pub static ALL: &[&TypeDef] = &[ $( &$def, )* ];
    };
}

exceptions! {
    BASE_EXCEPTION = "BaseException": None;
    SYSTEM_EXIT = "SystemExit": Some(&BASE_EXCEPTION);
    KEYBOARD_INTERRUPT = "KeyboardInterrupt": Some(&BASE_EXCEPTION);
    GENERATOR_EXIT = "GeneratorExit": Some(&BASE_EXCEPTION);
    EXCEPTION = "Exception": Some(&BASE_EXCEPTION);
    STOP_ITERATION = "StopIteration": Some(&EXCEPTION);
    STANDARD_ERROR = "StandardError": Some(&EXCEPTION);
    BUFFER_ERROR = "BufferError": Some(&STANDARD_ERROR);
    ARITHMETIC_ERROR = "ArithmeticError": Some(&STANDARD_ERROR);
    FLOATING_POINT_ERROR = "FloatingPointError": Some(&ARITHMETIC_ERROR);
    OVERFLOW_ERROR = "OverflowError": Some(&ARITHMETIC_ERROR);
    ZERO_DIVISION_ERROR = "ZeroDivisionError": Some(&ARITHMETIC_ERROR);
    ASSERTION_ERROR = "AssertionError": Some(&STANDARD_ERROR);
    ATTRIBUTE_ERROR = "AttributeError": Some(&STANDARD_ERROR);
    ENVIRONMENT_ERROR = "EnvironmentError": Some(&STANDARD_ERROR);
    IO_ERROR = "IOError": Some(&ENVIRONMENT_ERROR);
    OS_ERROR = "OSError": Some(&ENVIRONMENT_ERROR);
    EOF_ERROR = "EOFError": Some(&STANDARD_ERROR);
    IMPORT_ERROR = "ImportError": Some(&STANDARD_ERROR);
    LOOKUP_ERROR = "LookupError": Some(&STANDARD_ERROR);
    INDEX_ERROR = "IndexError": Some(&LOOKUP_ERROR);
    KEY_ERROR = "KeyError": Some(&LOOKUP_ERROR);
    MEMORY_ERROR = "MemoryError": Some(&STANDARD_ERROR);
    NAME_ERROR = "NameError": Some(&STANDARD_ERROR);
    UNBOUND_LOCAL_ERROR = "UnboundLocalError": Some(&NAME_ERROR);
    REFERENCE_ERROR = "ReferenceError": Some(&STANDARD_ERROR);
    RUNTIME_ERROR = "RuntimeError": Some(&STANDARD_ERROR);
    NOT_IMPLEMENTED_ERROR = "NotImplementedError": Some(&RUNTIME_ERROR);
    SYNTAX_ERROR = "SyntaxError": Some(&STANDARD_ERROR);
    INDENTATION_ERROR = "IndentationError": Some(&SYNTAX_ERROR);
    TAB_ERROR = "TabError": Some(&INDENTATION_ERROR);
    SYSTEM_ERROR = "SystemError": Some(&STANDARD_ERROR);
    TYPE_ERROR = "TypeError": Some(&STANDARD_ERROR);
    VALUE_ERROR = "ValueError": Some(&STANDARD_ERROR);
    UNICODE_ERROR = "UnicodeError": Some(&VALUE_ERROR);
    UNICODE_DECODE_ERROR = "UnicodeDecodeError": Some(&UNICODE_ERROR);
    UNICODE_ENCODE_ERROR = "UnicodeEncodeError": Some(&UNICODE_ERROR);
    UNICODE_TRANSLATE_ERROR = "UnicodeTranslateError": Some(&UNICODE_ERROR);
    WARNING = "Warning": Some(&EXCEPTION);
    DEPRECATION_WARNING = "DeprecationWarning": Some(&WARNING);
    PENDING_DEPRECATION_WARNING = "PendingDeprecationWarning": Some(&WARNING);
    RUNTIME_WARNING = "RuntimeWarning": Some(&WARNING);
    SYNTAX_WARNING = "SyntaxWarning": Some(&WARNING);
    USER_WARNING = "UserWarning": Some(&WARNING);
    FUTURE_WARNING = "FutureWarning": Some(&WARNING);
    IMPORT_WARNING = "ImportWarning": Some(&WARNING);
    UNICODE_WARNING = "UnicodeWarning": Some(&WARNING);
    BYTES_WARNING = "BytesWarning": Some(&WARNING);
}

/// True if an exception of class (or instance) `exc` is matched by `class` in an except clause, without hooks.
pub fn class_matches(_th: &Thread, exc: Value, class: Value) -> bool {
    if exc == class {
        return true;
    }
    match (exc.cast::<PyType>(), class.cast::<PyType>()) {
        (Some(a), Some(b)) => is_subtype(a, b),
        _ => super::classobj::is_classobj(exc) && super::classobj::is_classobj(class) && super::classobj::is_subclass(exc, class),
    }
}
