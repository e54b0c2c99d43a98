//! The module's constants and the words of errors.

use super::{ERROR, PARSER};
use interpreter::native::Args;
use interpreter::objects::module;
use interpreter::{PyResult, Thread, Value, import, ops};

/// By number; the name is empty where the module has none.
const ERRORS: &[(&str, &str)] = &[
    ("", ""),
    ("XML_ERROR_NO_MEMORY", "out of memory"),
    ("XML_ERROR_SYNTAX", "syntax error"),
    ("XML_ERROR_NO_ELEMENTS", "no element found"),
    ("XML_ERROR_INVALID_TOKEN", "not well-formed (invalid token)"),
    ("XML_ERROR_UNCLOSED_TOKEN", "unclosed token"),
    ("XML_ERROR_PARTIAL_CHAR", "partial character"),
    ("XML_ERROR_TAG_MISMATCH", "mismatched tag"),
    ("XML_ERROR_DUPLICATE_ATTRIBUTE", "duplicate attribute"),
    ("XML_ERROR_JUNK_AFTER_DOC_ELEMENT", "junk after document element"),
    ("XML_ERROR_PARAM_ENTITY_REF", "illegal parameter entity reference"),
    ("XML_ERROR_UNDEFINED_ENTITY", "undefined entity"),
    ("XML_ERROR_RECURSIVE_ENTITY_REF", "recursive entity reference"),
    ("XML_ERROR_ASYNC_ENTITY", "asynchronous entity"),
    ("XML_ERROR_BAD_CHAR_REF", "reference to invalid character number"),
    ("XML_ERROR_BINARY_ENTITY_REF", "reference to binary entity"),
    ("XML_ERROR_ATTRIBUTE_EXTERNAL_ENTITY_REF", "reference to external entity in attribute"),
    ("XML_ERROR_MISPLACED_XML_PI", "XML or text declaration not at start of entity"),
    ("XML_ERROR_UNKNOWN_ENCODING", "unknown encoding"),
    ("XML_ERROR_INCORRECT_ENCODING", "encoding specified in XML declaration is incorrect"),
    ("XML_ERROR_UNCLOSED_CDATA_SECTION", "unclosed CDATA section"),
    ("XML_ERROR_EXTERNAL_ENTITY_HANDLING", "error in processing external entity reference"),
    ("XML_ERROR_NOT_STANDALONE", "document is not standalone"),
    ("XML_ERROR_UNEXPECTED_STATE", "unexpected parser state - please send a bug report"),
    ("XML_ERROR_ENTITY_DECLARED_IN_PE", "entity declared in parameter entity"),
    ("XML_ERROR_FEATURE_REQUIRES_XML_DTD", "requested feature requires XML_DTD support in Expat"),
    ("XML_ERROR_CANT_CHANGE_FEATURE_ONCE_PARSING", "cannot change setting once parsing has begun"),
    ("XML_ERROR_UNBOUND_PREFIX", "unbound prefix"),
    ("XML_ERROR_UNDECLARING_PREFIX", "must not undeclare prefix"),
    ("XML_ERROR_INCOMPLETE_PE", "incomplete markup in parameter entity"),
    ("XML_ERROR_XML_DECL", "XML declaration not well-formed"),
    ("XML_ERROR_TEXT_DECL", "text declaration not well-formed"),
    ("XML_ERROR_PUBLICID", "illegal character(s) in public id"),
    ("XML_ERROR_SUSPENDED", "parser suspended"),
    ("XML_ERROR_NOT_SUSPENDED", "parser not suspended"),
    ("XML_ERROR_ABORTED", "parsing aborted"),
    ("XML_ERROR_FINISHED", "parsing finished"),
    ("XML_ERROR_SUSPEND_PE", "cannot suspend in external parameter entity"),
    ("", "reserved prefix (xml) must not be undeclared or bound to another namespace name"),
    ("", "reserved prefix (xmlns) must not be declared or undeclared"),
    ("", "prefix must not be bound to one of the reserved namespace names"),
    ("", "invalid argument"),
];

/// The words of an error.
pub(super) fn words(code: u8) -> Option<&'static str> {
    ERRORS.get(usize::from(code)).map(|e| e.1).filter(|w| !w.is_empty())
}

pub(super) fn error_string(th: &mut Thread, args: Args<'_>) -> PyResult {
    let code = ops::integer_arg(th, args.pos[0])?;
    match u8::try_from(code).ok().and_then(words) {
        Some(w) => Ok(th.new_str(w.as_bytes())),
        None => Ok(Value::NONE),
    }
}

fn submodule(th: &mut Thread, m: Value, name: &str, doc: &str) -> PyResult {
    let full = th.intern(format!("pyexpat.{name}").as_bytes());
    let sub = import::add_module(th, full)?;
    module::add_str(th, sub, "__doc__", doc.as_bytes())?;
    module::add(th, m, name, sub)?;
    Ok(sub)
}

/// Adds what tables cannot say.
pub(super) fn fill(th: &mut Thread, m: Value) -> PyResult<()> {
    module::add(th, m, "error", ERROR.class())?;
    let parser = interpreter::types::ready::ready(th, &PARSER)?;
    module::add(th, m, "XMLParserType", parser)?;
    module::add_str(th, m, "__version__", b"2.7.18")?;
    module::add_str(th, m, "EXPAT_VERSION", b"expat_2.2.8")?;
    module::add_str(th, m, "native_encoding", b"UTF-8")?;
    let numbers = [th.int(2), th.int(2), th.int(8)];
    let version = th.new_tuple(&numbers);
    module::add(th, m, "version_info", version)?;
    let features = th.m.root_vec();
    for (name, n) in [
        ("sizeof(XML_Char)", 1),
        ("sizeof(XML_LChar)", 1),
        ("XML_DTD", 0),
        ("XML_CONTEXT_BYTES", 1024),
        ("XML_NS", 0),
    ] {
        let pair = [th.new_str(name.as_bytes()), th.int(n)];
        features.push(th.new_tuple(&pair).bits());
    }
    let features = th.new_list(ops::values(&features))?;
    module::add(th, m, "features", features)?;
    for (name, n) in [
        ("XML_PARAM_ENTITY_PARSING_NEVER", 0),
        ("XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE", 1),
        ("XML_PARAM_ENTITY_PARSING_ALWAYS", 2),
    ] {
        module::add_int(th, m, name, n)?;
    }
    let errors = submodule(th, m, "errors", "Constants used to describe error conditions.")?;
    for (name, words) in ERRORS.iter().filter(|e| !e.0.is_empty()) {
        module::add_str(th, errors, name, words.as_bytes())?;
    }
    let model = submodule(th, m, "model", "Constants used to interpret content model information.")?;
    for (name, n) in [
        ("XML_CTYPE_EMPTY", 1),
        ("XML_CTYPE_ANY", 2),
        ("XML_CTYPE_MIXED", 3),
        ("XML_CTYPE_NAME", 4),
        ("XML_CTYPE_CHOICE", 5),
        ("XML_CTYPE_SEQ", 6),
        ("XML_CQUANT_NONE", 0),
        ("XML_CQUANT_OPT", 1),
        ("XML_CQUANT_REP", 2),
        ("XML_CQUANT_PLUS", 3),
    ] {
        module::add_int(th, model, name, n)?;
    }
    Ok(())
}
