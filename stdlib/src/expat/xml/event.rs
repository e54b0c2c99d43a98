//! What the parser reports.

/// Text in UTF-8.
pub type Text = Vec<u8>;

/// Bits of the handlers that are set: what nobody wants may go to the default handler.
pub mod handler {
    pub const START_ELEMENT: u32 = 1;
    pub const END_ELEMENT: u32 = 1 << 1;
    pub const PROCESSING_INSTRUCTION: u32 = 1 << 2;
    pub const CHARACTER_DATA: u32 = 1 << 3;
    pub const UNPARSED_ENTITY_DECL: u32 = 1 << 4;
    pub const NOTATION_DECL: u32 = 1 << 5;
    pub const START_NAMESPACE_DECL: u32 = 1 << 6;
    pub const END_NAMESPACE_DECL: u32 = 1 << 7;
    pub const COMMENT: u32 = 1 << 8;
    pub const START_CDATA: u32 = 1 << 9;
    pub const END_CDATA: u32 = 1 << 10;
    pub const DEFAULT: u32 = 1 << 11;
    pub const DEFAULT_EXPAND: u32 = 1 << 12;
    pub const NOT_STANDALONE: u32 = 1 << 13;
    pub const EXTERNAL_ENTITY_REF: u32 = 1 << 14;
    pub const START_DOCTYPE_DECL: u32 = 1 << 15;
    pub const END_DOCTYPE_DECL: u32 = 1 << 16;
    pub const ENTITY_DECL: u32 = 1 << 17;
    pub const XML_DECL: u32 = 1 << 18;
    pub const ELEMENT_DECL: u32 = 1 << 19;
    pub const ATTLIST_DECL: u32 = 1 << 20;
    pub const SKIPPED_ENTITY: u32 = 1 << 21;
    pub const ANY_DEFAULT: u32 = DEFAULT | DEFAULT_EXPAND;
}

/// Numbers of errors.
pub mod codes {
    pub const NO_MEMORY: u8 = 1;
    pub const SYNTAX: u8 = 2;
    pub const NO_ELEMENTS: u8 = 3;
    pub const INVALID_TOKEN: u8 = 4;
    pub const UNCLOSED_TOKEN: u8 = 5;
    pub const PARTIAL_CHAR: u8 = 6;
    pub const TAG_MISMATCH: u8 = 7;
    pub const DUPLICATE_ATTRIBUTE: u8 = 8;
    pub const JUNK_AFTER_DOC_ELEMENT: u8 = 9;
    pub const PARAM_ENTITY_REF: u8 = 10;
    pub const UNDEFINED_ENTITY: u8 = 11;
    pub const RECURSIVE_ENTITY_REF: u8 = 12;
    pub const ASYNC_ENTITY: u8 = 13;
    pub const BAD_CHAR_REF: u8 = 14;
    pub const BINARY_ENTITY_REF: u8 = 15;
    pub const ATTRIBUTE_EXTERNAL_ENTITY_REF: u8 = 16;
    pub const MISPLACED_XML_PI: u8 = 17;
    pub const UNKNOWN_ENCODING: u8 = 18;
    pub const INCORRECT_ENCODING: u8 = 19;
    pub const UNCLOSED_CDATA_SECTION: u8 = 20;
    pub const EXTERNAL_ENTITY_HANDLING: u8 = 21;
    pub const NOT_STANDALONE: u8 = 22;
    pub const CANT_CHANGE_FEATURE_ONCE_PARSING: u8 = 26;
    pub const UNBOUND_PREFIX: u8 = 27;
    pub const UNDECLARING_PREFIX: u8 = 28;
    pub const INCOMPLETE_PE: u8 = 29;
    pub const XML_DECL: u8 = 30;
    pub const TEXT_DECL: u8 = 31;
    pub const PUBLICID: u8 = 32;
    pub const FINISHED: u8 = 36;
    pub const RESERVED_PREFIX_XML: u8 = 38;
    pub const RESERVED_PREFIX_XMLNS: u8 = 39;
    pub const RESERVED_NAMESPACE_URI: u8 = 40;
}

/// An error and where it is, as an offset in the text at hand.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub code: u8,
    pub at: usize,
}

/// A content model: type, quantifier, name, parts; the numbers are those of `pyexpat.model`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    pub kind: u8,
    pub quantifier: u8,
    pub name: Option<Text>,
    pub children: Vec<Model>,
}

/// See the module text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    StartElement {
        name: Text,
        attributes: Vec<(Text, Text)>,
        specified: usize,
    },
    EndElement(Text),
    CharacterData(Text),
    ProcessingInstruction(Text, Text),
    Comment(Text),
    StartCdata,
    EndCdata,
    StartNamespace(Option<Text>, Option<Text>),
    EndNamespace(Option<Text>),
    XmlDecl {
        version: Option<Text>,
        encoding: Option<Text>,
        standalone: i32,
    },
    StartDoctype {
        name: Text,
        system: Option<Text>,
        public: Option<Text>,
        internal: bool,
    },
    EndDoctype,
    ElementDecl(Text, Model),
    AttlistDecl {
        element: Text,
        attribute: Text,
        kind: Text,
        default: Option<Text>,
        required: bool,
    },
    EntityDecl {
        name: Text,
        parameter: bool,
        value: Option<Text>,
        system: Option<Text>,
        public: Option<Text>,
        notation: Option<Text>,
    },
    UnparsedEntityDecl {
        name: Text,
        system: Option<Text>,
        public: Option<Text>,
        notation: Text,
    },
    NotationDecl {
        name: Text,
        system: Option<Text>,
        public: Option<Text>,
    },
    /// Answered with [`super::Parser::fail`] if the handler says no.
    NotStandalone,
    /// As [`Event::NotStandalone`].
    ExternalEntityRef {
        context: Option<Text>,
        system: Option<Text>,
        public: Option<Text>,
    },
    SkippedEntity(Text, bool),
    Default(Text),
    /// Answered with [`super::Parser::set_table`].
    UnknownEncoding(Text),
}

impl Event {
    /// The bit of its handler.
    pub fn handler(&self) -> u32 {
        use Event::*;
        match self {
            StartElement { .. } => handler::START_ELEMENT,
            EndElement(_) => handler::END_ELEMENT,
            CharacterData(_) => handler::CHARACTER_DATA,
            ProcessingInstruction(..) => handler::PROCESSING_INSTRUCTION,
            Comment(_) => handler::COMMENT,
            StartCdata => handler::START_CDATA,
            EndCdata => handler::END_CDATA,
            StartNamespace(..) => handler::START_NAMESPACE_DECL,
            EndNamespace(_) => handler::END_NAMESPACE_DECL,
            XmlDecl { .. } => handler::XML_DECL,
            StartDoctype { .. } => handler::START_DOCTYPE_DECL,
            EndDoctype => handler::END_DOCTYPE_DECL,
            ElementDecl(..) => handler::ELEMENT_DECL,
            AttlistDecl { .. } => handler::ATTLIST_DECL,
            EntityDecl { .. } => handler::ENTITY_DECL,
            UnparsedEntityDecl { .. } => handler::UNPARSED_ENTITY_DECL,
            NotationDecl { .. } => handler::NOTATION_DECL,
            NotStandalone => handler::NOT_STANDALONE,
            ExternalEntityRef { .. } => handler::EXTERNAL_ENTITY_REF,
            SkippedEntity(..) => handler::SKIPPED_ENTITY,
            Default(_) => handler::ANY_DEFAULT,
            UnknownEncoding(_) => u32::MAX,
        }
    }
}
