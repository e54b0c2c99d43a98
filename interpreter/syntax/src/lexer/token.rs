//! Token kinds. The numbers below [`FIRST_KEYWORD`] are those of the `token` module, which programs see;
//! keywords, which that module calls names, come after them so that the parser's tables can be indexed by kind.

/// The kind of a token, or a label of the grammar.
pub type Kind = u8;

/// One token: a slice of the source buffer and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Start in the source buffer.
    pub start: u32,
    /// End in the source buffer.
    pub end: u32,
    /// The line on which it ends.
    pub lineno: u32,
    /// The column in bytes, or -1 when it began on an earlier line.
    pub col: i32,
}

/// Declares kinds: constants and the table of their spellings in the grammar, from one list.
macro_rules! kinds {
    ($table:ident: $($(#[$doc:meta])* $name:ident = $value:literal $text:literal,)*) => {
        $($(#[$doc])* pub const $name: Kind = $value;)*
        /// Spelling in the grammar, and kind.
        pub const $table: &[(&str, Kind)] = &[$(($text, $value)),*];
    };
}

kinds! { TOKENS:
    /// End of the input.
    ENDMARKER = 0 "ENDMARKER",
    /// An identifier.
    NAME = 1 "NAME",
    /// A number.
    NUMBER = 2 "NUMBER",
    /// A string literal with its prefix and quotes.
    STRING = 3 "STRING",
    /// End of a logical line.
    NEWLINE = 4 "NEWLINE",
    /// A line is indented deeper than the one before.
    INDENT = 5 "INDENT",
    /// A block ends.
    DEDENT = 6 "DEDENT",
    /// `(`
    LPAR = 7 "(",
    /// `)`
    RPAR = 8 ")",
    /// `[`
    LSQB = 9 "[",
    /// `]`
    RSQB = 10 "]",
    /// `:`
    COLON = 11 ":",
    /// `,`
    COMMA = 12 ",",
    /// `;`
    SEMI = 13 ";",
    /// `+`
    PLUS = 14 "+",
    /// `-`
    MINUS = 15 "-",
    /// `*`
    STAR = 16 "*",
    /// `/`
    SLASH = 17 "/",
    /// `|`
    VBAR = 18 "|",
    /// `&`
    AMPER = 19 "&",
    /// `<`
    LESS = 20 "<",
    /// `>`
    GREATER = 21 ">",
    /// `=`
    EQUAL = 22 "=",
    /// `.`
    DOT = 23 ".",
    /// `%`
    PERCENT = 24 "%",
    /// The backquote.
    BACKQUOTE = 25 "`",
    /// `{`
    LBRACE = 26 "{",
    /// `}`
    RBRACE = 27 "}",
    /// `==`
    EQEQUAL = 28 "==",
    /// `!=` and `<>`
    NOTEQUAL = 29 "!=",
    /// `<=`
    LESSEQUAL = 30 "<=",
    /// `>=`
    GREATEREQUAL = 31 ">=",
    /// `~`
    TILDE = 32 "~",
    /// `^`
    CIRCUMFLEX = 33 "^",
    /// `<<`
    LEFTSHIFT = 34 "<<",
    /// `>>`
    RIGHTSHIFT = 35 ">>",
    /// `**`
    DOUBLESTAR = 36 "**",
    /// `+=`
    PLUSEQUAL = 37 "+=",
    /// `-=`
    MINEQUAL = 38 "-=",
    /// `*=`
    STAREQUAL = 39 "*=",
    /// `/=`
    SLASHEQUAL = 40 "/=",
    /// `%=`
    PERCENTEQUAL = 41 "%=",
    /// `&=`
    AMPEREQUAL = 42 "&=",
    /// `|=`
    VBAREQUAL = 43 "|=",
    /// `^=`
    CIRCUMFLEXEQUAL = 44 "^=",
    /// `<<=`
    LEFTSHIFTEQUAL = 45 "<<=",
    /// `>>=`
    RIGHTSHIFTEQUAL = 46 ">>=",
    /// `**=`
    DOUBLESTAREQUAL = 47 "**=",
    /// `//`
    DOUBLESLASH = 48 "//",
    /// `//=`
    DOUBLESLASHEQUAL = 49 "//=",
    /// `@`
    AT = 50 "@",
}

/// A character that begins no token; no rule of the grammar takes it.
pub const OP: Kind = 51;

/// Kinds from here on are keywords.
pub const FIRST_KEYWORD: Kind = 64;

kinds! { KEYWORDS:
    /// `and`
    KW_AND = 64 "and",
    /// `as`
    KW_AS = 65 "as",
    /// `assert`
    KW_ASSERT = 66 "assert",
    /// `break`
    KW_BREAK = 67 "break",
    /// `class`
    KW_CLASS = 68 "class",
    /// `continue`
    KW_CONTINUE = 69 "continue",
    /// `def`
    KW_DEF = 70 "def",
    /// `del`
    KW_DEL = 71 "del",
    /// `elif`
    KW_ELIF = 72 "elif",
    /// `else`
    KW_ELSE = 73 "else",
    /// `except`
    KW_EXCEPT = 74 "except",
    /// `exec`
    KW_EXEC = 75 "exec",
    /// `finally`
    KW_FINALLY = 76 "finally",
    /// `for`
    KW_FOR = 77 "for",
    /// `from`
    KW_FROM = 78 "from",
    /// `global`
    KW_GLOBAL = 79 "global",
    /// `if`
    KW_IF = 80 "if",
    /// `import`
    KW_IMPORT = 81 "import",
    /// `in`
    KW_IN = 82 "in",
    /// `is`
    KW_IS = 83 "is",
    /// `lambda`
    KW_LAMBDA = 84 "lambda",
    /// `not`
    KW_NOT = 85 "not",
    /// `or`
    KW_OR = 86 "or",
    /// `pass`
    KW_PASS = 87 "pass",
    /// `print`, unless the print function was asked for
    KW_PRINT = 88 "print",
    /// `raise`
    KW_RAISE = 89 "raise",
    /// `return`
    KW_RETURN = 90 "return",
    /// `try`
    KW_TRY = 91 "try",
    /// `while`
    KW_WHILE = 92 "while",
    /// `with`
    KW_WITH = 93 "with",
    /// `yield`
    KW_YIELD = 94 "yield",
}

/// One past the last kind.
pub const KINDS: usize = 95;

/// The keyword a name is, or [`NAME`].
#[inline]
pub fn keyword_or_name(text: &[u8]) -> Kind {
    if text.len() < 2 || text.len() > 8 || !text[0].is_ascii_lowercase() {
        return NAME;
    }
    match text {
        b"and" => KW_AND,
        b"as" => KW_AS,
        b"assert" => KW_ASSERT,
        b"break" => KW_BREAK,
        b"class" => KW_CLASS,
        b"continue" => KW_CONTINUE,
        b"def" => KW_DEF,
        b"del" => KW_DEL,
        b"elif" => KW_ELIF,
        b"else" => KW_ELSE,
        b"except" => KW_EXCEPT,
        b"exec" => KW_EXEC,
        b"finally" => KW_FINALLY,
        b"for" => KW_FOR,
        b"from" => KW_FROM,
        b"global" => KW_GLOBAL,
        b"if" => KW_IF,
        b"import" => KW_IMPORT,
        b"in" => KW_IN,
        b"is" => KW_IS,
        b"lambda" => KW_LAMBDA,
        b"not" => KW_NOT,
        b"or" => KW_OR,
        b"pass" => KW_PASS,
        b"print" => KW_PRINT,
        b"raise" => KW_RAISE,
        b"return" => KW_RETURN,
        b"try" => KW_TRY,
        b"while" => KW_WHILE,
        b"with" => KW_WITH,
        b"yield" => KW_YIELD,
        _ => NAME,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_is_recognised() {
        for &(text, kind) in KEYWORDS {
            assert_eq!(keyword_or_name(text.as_bytes()), kind, "{text}");
        }
        assert_eq!(keyword_or_name(b"None"), NAME);
    }
}
