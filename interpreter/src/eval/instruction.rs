//! Instructions as the eval loop dispatches on them: Python's opcodes and those of our own, in one enumeration, so that
//! one jump finds any handler.

use super::code::own;

macro_rules! define {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $text:literal, $operand:ident, $effect:expr;)*) => {
        /// What the low byte of an instruction word is.
        // Made of instruction words only.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, dead_code)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Instruction {
            $($(#[$doc])* $name = $number,)*
            COMPARE_JUMP_FALSE = own::COMPARE_JUMP_FALSE,
            COMPARE_JUMP_TRUE = own::COMPARE_JUMP_TRUE,
            LOAD_FAST_PAIR = own::LOAD_FAST_PAIR,
            LOAD_FAST_CONST = own::LOAD_FAST_CONST,
            STORE_LOAD_FAST = own::STORE_LOAD_FAST,
            LOAD_METHOD = own::LOAD_METHOD,
            CALL_METHOD = own::CALL_METHOD,
        }

        impl Instruction {
            /// Whether some instruction has this number.
            pub fn is_valid(number: u8) -> bool {
                matches!(number, $($number)|* | own::COMPARE_JUMP_FALSE..=own::CALL_METHOD)
            }
        }
    };
}
syntax::for_each_opcode!(define);
