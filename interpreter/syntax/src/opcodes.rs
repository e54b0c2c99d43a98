//! The bytecode of Python 2.7: one row per opcode.
//!
//! A row holds the name as a Rust identifier, the number, the name as `dis` and `opcode` show it, what the operand means,
//! and the change of stack depth the compiler reckons with. Opcodes from [`HAVE_ARGUMENT`] on carry a 16-bit operand.
//! To add an opcode write a row; the enum, the decoder and the names follow, and every `match` that has to know it stops compiling.
//! Other crates get the table by calling [`for_each_opcode!`](crate::for_each_opcode) with a macro of their own.
//!
//! The stack change of an opcode that jumps is that of falling through; `compiler::stack_depth` knows the other side.

/// What an operand means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// The opcode has none.
    None,
    /// Index into `co_consts`.
    Const,
    /// Index into `co_names`.
    Name,
    /// Index into `co_varnames`.
    Local,
    /// Index into `co_cellvars + co_freevars`.
    Free,
    /// Distance from the next instruction.
    JumpForward,
    /// Offset in the code.
    JumpAbsolute,
    /// Index into [`COMPARE_NAMES`].
    Compare,
    /// Positional arguments in the low byte, keyword arguments in the high byte.
    Call,
    /// A number that stands for itself.
    Count,
}

/// The first opcode with an operand.
pub const HAVE_ARGUMENT: u8 = 90;

/// The comparisons of `COMPARE_OP`, by operand.
pub const COMPARE_NAMES: [&str; 12] =
    ["<", "<=", "==", "!=", ">", ">=", "in", "not in", "is", "is not", "exception match", "BAD"];

/// The values a call takes off the stack besides the callable and the starred arguments.
const fn call_operands(arg: i32) -> i32 {
    arg % 256 + 2 * (arg / 256)
}

/// Calls `$m!` with all rows: `NAME = number, "text", OperandKind, |arg| stack change;`, each with a doc comment.
#[macro_export]
macro_rules! for_each_opcode {
    ($m:ident) => {
        $m! {
            /// Never executed: what an unset byte means.
            STOP_CODE = 0, "STOP_CODE", None, |_| 0;
            /// Drop the top.
            POP_TOP = 1, "POP_TOP", None, |_| -1;
            /// Swap the two top values.
            ROT_TWO = 2, "ROT_TWO", None, |_| 0;
            /// Move the top below the next two.
            ROT_THREE = 3, "ROT_THREE", None, |_| 0;
            /// Push the top once more.
            DUP_TOP = 4, "DUP_TOP", None, |_| 1;
            /// Move the top below the next three.
            ROT_FOUR = 5, "ROT_FOUR", None, |_| 0;
            /// Nothing; the peephole pass leaves none behind.
            NOP = 9, "NOP", None, |_| 0;
            /// `+top`.
            UNARY_POSITIVE = 10, "UNARY_POSITIVE", None, |_| 0;
            /// `-top`.
            UNARY_NEGATIVE = 11, "UNARY_NEGATIVE", None, |_| 0;
            /// `not top`.
            UNARY_NOT = 12, "UNARY_NOT", None, |_| 0;
            /// `repr(top)`, written with backquotes.
            UNARY_CONVERT = 13, "UNARY_CONVERT", None, |_| 0;
            /// `~top`.
            UNARY_INVERT = 15, "UNARY_INVERT", None, |_| 0;
            /// `second ** top`.
            BINARY_POWER = 19, "BINARY_POWER", None, |_| -1;
            /// `second * top`.
            BINARY_MULTIPLY = 20, "BINARY_MULTIPLY", None, |_| -1;
            /// `second / top`, classic division.
            BINARY_DIVIDE = 21, "BINARY_DIVIDE", None, |_| -1;
            /// `second % top`.
            BINARY_MODULO = 22, "BINARY_MODULO", None, |_| -1;
            /// `second + top`.
            BINARY_ADD = 23, "BINARY_ADD", None, |_| -1;
            /// `second - top`.
            BINARY_SUBTRACT = 24, "BINARY_SUBTRACT", None, |_| -1;
            /// `second[top]`.
            BINARY_SUBSCR = 25, "BINARY_SUBSCR", None, |_| -1;
            /// `second // top`.
            BINARY_FLOOR_DIVIDE = 26, "BINARY_FLOOR_DIVIDE", None, |_| -1;
            /// `second / top` under the future division.
            BINARY_TRUE_DIVIDE = 27, "BINARY_TRUE_DIVIDE", None, |_| -1;
            /// `second //= top`.
            INPLACE_FLOOR_DIVIDE = 28, "INPLACE_FLOOR_DIVIDE", None, |_| -1;
            /// `second /= top` under the future division.
            INPLACE_TRUE_DIVIDE = 29, "INPLACE_TRUE_DIVIDE", None, |_| -1;
            /// `top[:]`.
            SLICE_0 = 30, "SLICE+0", None, |_| 0;
            /// `second[top:]`.
            SLICE_1 = 31, "SLICE+1", None, |_| -1;
            /// `second[:top]`.
            SLICE_2 = 32, "SLICE+2", None, |_| -1;
            /// `third[second:top]`.
            SLICE_3 = 33, "SLICE+3", None, |_| -2;
            /// `top[:] = second`.
            STORE_SLICE_0 = 40, "STORE_SLICE+0", None, |_| -2;
            /// `second[top:] = third`.
            STORE_SLICE_1 = 41, "STORE_SLICE+1", None, |_| -3;
            /// `second[:top] = third`.
            STORE_SLICE_2 = 42, "STORE_SLICE+2", None, |_| -3;
            /// `third[second:top] = fourth`.
            STORE_SLICE_3 = 43, "STORE_SLICE+3", None, |_| -4;
            /// `del top[:]`.
            DELETE_SLICE_0 = 50, "DELETE_SLICE+0", None, |_| -1;
            /// `del second[top:]`.
            DELETE_SLICE_1 = 51, "DELETE_SLICE+1", None, |_| -2;
            /// `del second[:top]`.
            DELETE_SLICE_2 = 52, "DELETE_SLICE+2", None, |_| -2;
            /// `del third[second:top]`.
            DELETE_SLICE_3 = 53, "DELETE_SLICE+3", None, |_| -3;
            /// Put key (top) and value (second) into the dict below, which stays.
            STORE_MAP = 54, "STORE_MAP", None, |_| -2;
            /// `second += top`.
            INPLACE_ADD = 55, "INPLACE_ADD", None, |_| -1;
            /// `second -= top`.
            INPLACE_SUBTRACT = 56, "INPLACE_SUBTRACT", None, |_| -1;
            /// `second *= top`.
            INPLACE_MULTIPLY = 57, "INPLACE_MULTIPLY", None, |_| -1;
            /// `second /= top`, classic division.
            INPLACE_DIVIDE = 58, "INPLACE_DIVIDE", None, |_| -1;
            /// `second %= top`.
            INPLACE_MODULO = 59, "INPLACE_MODULO", None, |_| -1;
            /// `second[top] = third`.
            STORE_SUBSCR = 60, "STORE_SUBSCR", None, |_| -3;
            /// `del second[top]`.
            DELETE_SUBSCR = 61, "DELETE_SUBSCR", None, |_| -2;
            /// `second << top`.
            BINARY_LSHIFT = 62, "BINARY_LSHIFT", None, |_| -1;
            /// `second >> top`.
            BINARY_RSHIFT = 63, "BINARY_RSHIFT", None, |_| -1;
            /// `second & top`.
            BINARY_AND = 64, "BINARY_AND", None, |_| -1;
            /// `second ^ top`.
            BINARY_XOR = 65, "BINARY_XOR", None, |_| -1;
            /// `second | top`.
            BINARY_OR = 66, "BINARY_OR", None, |_| -1;
            /// `second **= top`.
            INPLACE_POWER = 67, "INPLACE_POWER", None, |_| -1;
            /// `iter(top)`.
            GET_ITER = 68, "GET_ITER", None, |_| 0;
            /// Hand the top to `sys.displayhook`.
            PRINT_EXPR = 70, "PRINT_EXPR", None, |_| -1;
            /// Print the top to `sys.stdout`.
            PRINT_ITEM = 71, "PRINT_ITEM", None, |_| -1;
            /// Print a newline to `sys.stdout`.
            PRINT_NEWLINE = 72, "PRINT_NEWLINE", None, |_| 0;
            /// Print second to the file on top.
            PRINT_ITEM_TO = 73, "PRINT_ITEM_TO", None, |_| -2;
            /// Print a newline to the file on top.
            PRINT_NEWLINE_TO = 74, "PRINT_NEWLINE_TO", None, |_| -1;
            /// `second <<= top`.
            INPLACE_LSHIFT = 75, "INPLACE_LSHIFT", None, |_| -1;
            /// `second >>= top`.
            INPLACE_RSHIFT = 76, "INPLACE_RSHIFT", None, |_| -1;
            /// `second &= top`.
            INPLACE_AND = 77, "INPLACE_AND", None, |_| -1;
            /// `second ^= top`.
            INPLACE_XOR = 78, "INPLACE_XOR", None, |_| -1;
            /// `second |= top`.
            INPLACE_OR = 79, "INPLACE_OR", None, |_| -1;
            /// Leave the innermost loop block.
            BREAK_LOOP = 80, "BREAK_LOOP", None, |_| 0;
            /// Call the `__exit__` kept under the unwinding state.
            WITH_CLEANUP = 81, "WITH_CLEANUP", None, |_| -1;
            /// Push the dict of the local scope (class bodies).
            LOAD_LOCALS = 82, "LOAD_LOCALS", None, |_| 1;
            /// Return the top.
            RETURN_VALUE = 83, "RETURN_VALUE", None, |_| -1;
            /// Bind every public name of the module on top.
            IMPORT_STAR = 84, "IMPORT_STAR", None, |_| -1;
            /// `exec third in second, top`.
            EXEC_STMT = 85, "EXEC_STMT", None, |_| -3;
            /// Hand out the top; what is sent replaces it.
            YIELD_VALUE = 86, "YIELD_VALUE", None, |_| 0;
            /// Leave a block the ordinary way.
            POP_BLOCK = 87, "POP_BLOCK", None, |_| 0;
            /// End of a handler: resume what was interrupted.
            END_FINALLY = 88, "END_FINALLY", None, |_| -3;
            /// Make a class of name, bases and dict.
            BUILD_CLASS = 89, "BUILD_CLASS", None, |_| -2;
            /// Bind in the local scope, by name.
            STORE_NAME = 90, "STORE_NAME", Name, |_| -1;
            /// Unbind in the local scope, by name.
            DELETE_NAME = 91, "DELETE_NAME", Name, |_| 0;
            /// Replace the top by its elements.
            UNPACK_SEQUENCE = 92, "UNPACK_SEQUENCE", Count, |arg| arg - 1;
            /// Push the next item, or pop the iterator and jump.
            FOR_ITER = 93, "FOR_ITER", JumpForward, |_| 1;
            /// Append the top to the list `arg` below.
            LIST_APPEND = 94, "LIST_APPEND", Count, |_| -1;
            /// `top.name = second`.
            STORE_ATTR = 95, "STORE_ATTR", Name, |_| -2;
            /// `del top.name`.
            DELETE_ATTR = 96, "DELETE_ATTR", Name, |_| -1;
            /// Bind in the globals.
            STORE_GLOBAL = 97, "STORE_GLOBAL", Name, |_| -1;
            /// Unbind in the globals.
            DELETE_GLOBAL = 98, "DELETE_GLOBAL", Name, |_| 0;
            /// Push the `arg` top values once more.
            DUP_TOPX = 99, "DUP_TOPX", Count, |arg| arg;
            /// Push a constant.
            LOAD_CONST = 100, "LOAD_CONST", Const, |_| 1;
            /// Look up in locals, globals, builtins.
            LOAD_NAME = 101, "LOAD_NAME", Name, |_| 1;
            /// Make a tuple of the top values.
            BUILD_TUPLE = 102, "BUILD_TUPLE", Count, |arg| 1 - arg;
            /// Make a list of the top values.
            BUILD_LIST = 103, "BUILD_LIST", Count, |arg| 1 - arg;
            /// Make a set of the top values.
            BUILD_SET = 104, "BUILD_SET", Count, |arg| 1 - arg;
            /// Push an empty dict; the operand is its expected size.
            BUILD_MAP = 105, "BUILD_MAP", Count, |_| 1;
            /// `top.name`.
            LOAD_ATTR = 106, "LOAD_ATTR", Name, |_| 0;
            /// Compare second with top.
            COMPARE_OP = 107, "COMPARE_OP", Compare, |_| -1;
            /// Import a module; from list on top, level below.
            IMPORT_NAME = 108, "IMPORT_NAME", Name, |_| -1;
            /// Push an attribute of the module on top.
            IMPORT_FROM = 109, "IMPORT_FROM", Name, |_| 1;
            /// Jump.
            JUMP_FORWARD = 110, "JUMP_FORWARD", JumpForward, |_| 0;
            /// Jump keeping the top when false, else pop it.
            JUMP_IF_FALSE_OR_POP = 111, "JUMP_IF_FALSE_OR_POP", JumpAbsolute, |_| 0;
            /// Jump keeping the top when true, else pop it.
            JUMP_IF_TRUE_OR_POP = 112, "JUMP_IF_TRUE_OR_POP", JumpAbsolute, |_| 0;
            /// Jump; a backward one closes a loop.
            JUMP_ABSOLUTE = 113, "JUMP_ABSOLUTE", JumpAbsolute, |_| 0;
            /// Pop; jump when false.
            POP_JUMP_IF_FALSE = 114, "POP_JUMP_IF_FALSE", JumpAbsolute, |_| -1;
            /// Pop; jump when true.
            POP_JUMP_IF_TRUE = 115, "POP_JUMP_IF_TRUE", JumpAbsolute, |_| -1;
            /// Look up in globals, builtins.
            LOAD_GLOBAL = 116, "LOAD_GLOBAL", Name, |_| 1;
            /// Unwind to the innermost loop block, then jump.
            CONTINUE_LOOP = 119, "CONTINUE_LOOP", JumpAbsolute, |_| 0;
            /// Enter a loop block.
            SETUP_LOOP = 120, "SETUP_LOOP", JumpForward, |_| 0;
            /// Enter a block with exception handlers.
            SETUP_EXCEPT = 121, "SETUP_EXCEPT", JumpForward, |_| 0;
            /// Enter a block with a finally clause.
            SETUP_FINALLY = 122, "SETUP_FINALLY", JumpForward, |_| 0;
            /// Push a local variable.
            LOAD_FAST = 124, "LOAD_FAST", Local, |_| 1;
            /// Bind a local variable.
            STORE_FAST = 125, "STORE_FAST", Local, |_| -1;
            /// Unbind a local variable.
            DELETE_FAST = 126, "DELETE_FAST", Local, |_| 0;
            /// Raise with 0 to 3 values.
            RAISE_VARARGS = 130, "RAISE_VARARGS", Count, |arg| -arg;
            /// Call; the low byte counts positional, the high byte keyword arguments.
            CALL_FUNCTION = 131, "CALL_FUNCTION", Call, |arg| -call_operands(arg);
            /// Make a function of the code on top and `arg` defaults.
            MAKE_FUNCTION = 132, "MAKE_FUNCTION", Count, |arg| -arg;
            /// Make a slice of 2 or 3 values.
            BUILD_SLICE = 133, "BUILD_SLICE", Count, |arg| if arg == 3 { -2 } else { -1 };
            /// As `MAKE_FUNCTION`, with a tuple of cells below the code.
            MAKE_CLOSURE = 134, "MAKE_CLOSURE", Count, |arg| -arg - 1;
            /// Push a cell.
            LOAD_CLOSURE = 135, "LOAD_CLOSURE", Free, |_| 1;
            /// Push the contents of a cell.
            LOAD_DEREF = 136, "LOAD_DEREF", Free, |_| 1;
            /// Set the contents of a cell.
            STORE_DEREF = 137, "STORE_DEREF", Free, |_| -1;
            /// Call with `*args` on top.
            CALL_FUNCTION_VAR = 140, "CALL_FUNCTION_VAR", Call, |arg| -call_operands(arg) - 1;
            /// Call with `**kwargs` on top.
            CALL_FUNCTION_KW = 141, "CALL_FUNCTION_KW", Call, |arg| -call_operands(arg) - 1;
            /// Call with `*args` and `**kwargs` on top.
            CALL_FUNCTION_VAR_KW = 142, "CALL_FUNCTION_VAR_KW", Call, |arg| -call_operands(arg) - 2;
            /// Call `__enter__`, keep `__exit__`, enter a finally block.
            SETUP_WITH = 143, "SETUP_WITH", JumpForward, |_| 4;
            /// The high 16 bits of the next operand.
            EXTENDED_ARG = 145, "EXTENDED_ARG", Count, |_| 0;
            /// Add the top to the set `arg` below.
            SET_ADD = 146, "SET_ADD", Count, |_| -1;
            /// Put key (top) and value (second) into the dict `arg` below.
            MAP_ADD = 147, "MAP_ADD", Count, |_| -2;
        }
    };
}

macro_rules! define_opcodes {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $text:literal, $operand:ident, $effect:expr;)*) => {
        /// An opcode.
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Opcode {
            $($(#[$doc])* $name = $number,)*
        }

        impl Opcode {
            /// Every opcode, by number.
            pub const ALL: &'static [Opcode] = &[$(Opcode::$name,)*];

            /// The opcode with this number.
            pub const fn from_u8(number: u8) -> Option<Opcode> {
                match number {
                    $($number => Some(Opcode::$name),)*
                    _ => None,
                }
            }

            /// The name `dis` shows.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Opcode::$name => $text,)*
                }
            }

            /// What the operand means.
            pub const fn operand(self) -> Operand {
                match self {
                    $(Opcode::$name => Operand::$operand,)*
                }
            }

            /// The change of stack depth when execution goes on with the next instruction.
            pub fn stack_effect(self, arg: i32) -> i32 {
                match self {
                    $(Opcode::$name => {
                        let effect: fn(i32) -> i32 = $effect;
                        effect(arg)
                    })*
                }
            }
        }
    };
}

for_each_opcode!(define_opcodes);

impl Opcode {
    /// Whether a 16-bit operand follows.
    pub const fn has_argument(self) -> bool {
        self as u8 >= HAVE_ARGUMENT
    }

    /// Bytes the instruction takes, without any `EXTENDED_ARG`.
    pub const fn size(self) -> usize {
        if self.has_argument() { 3 } else { 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_consistent() {
        for &op in Opcode::ALL {
            assert_eq!(Opcode::from_u8(op as u8), Some(op));
            assert_eq!(op.has_argument(), op.operand() != Operand::None, "{}", op.name());
        }
        assert_eq!(Opcode::from_u8(255), None);
        assert_eq!(Opcode::CALL_FUNCTION_VAR.stack_effect(0x0102), -5);
    }
}
