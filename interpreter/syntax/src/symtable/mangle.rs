//! Private names: `__x` in class `C` is `_C__x`.

use crate::ast::Ident;

/// The name as it is really stored, given the innermost class around it.
pub fn mangle(class: Option<&Ident>, name: &Ident) -> Ident {
    let bytes = name.as_bytes();
    let Some(class) = class else { return name.clone() };
    if !bytes.starts_with(b"__") || bytes.ends_with(b"__") || bytes.contains(&b'.') {
        return name.clone();
    }
    let class = class.as_bytes();
    let stripped = &class[class.iter().take_while(|&&b| b == b'_').count()..];
    if stripped.is_empty() {
        return name.clone();
    }
    let mut mangled = Vec::with_capacity(1 + stripped.len() + bytes.len());
    mangled.push(b'_');
    mangled.extend_from_slice(stripped);
    mangled.extend_from_slice(bytes);
    Ident::new(&mangled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_class_without_its_underscores() {
        let m = |class: &str, name: &str| mangle(Some(&class.into()), &name.into()).to_text();
        assert_eq!(m("_Foo", "__bar"), "_Foo__bar");
        assert_eq!(m("__", "__bar"), "__bar");
        assert_eq!(m("Foo", "__bar__"), "__bar__");
        assert_eq!(m("Foo", "__bar.baz"), "__bar.baz");
        assert_eq!(mangle(None, &"__x".into()).to_text(), "__x");
    }
}
