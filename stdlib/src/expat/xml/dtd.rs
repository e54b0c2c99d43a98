//! What declarations have said.

use super::event::Text;
use std::collections::HashMap;
use std::sync::Arc;

/// An entity.
#[derive(Clone, Debug)]
pub struct Entity {
    pub name: Text,
    /// Replacement text of an internal one.
    pub value: Option<Arc<Vec<u8>>>,
    pub system: Option<Text>,
    pub public: Option<Text>,
    pub notation: Option<Text>,
    /// Declared inside a parameter entity or the external subset.
    pub external_declaration: bool,
}

/// An attribute that an ATTLIST declares.
#[derive(Clone, Debug)]
pub struct Attribute {
    pub name: Text,
    pub cdata: bool,
    pub default: Option<Text>,
}

/// See the module text.
#[derive(Clone, Debug, Default)]
pub struct Dtd {
    pub entities: HashMap<Text, Arc<Entity>>,
    pub parameters: HashMap<Text, Arc<Entity>>,
    pub attributes: HashMap<Text, Vec<Attribute>>,
    /// There are declarations that may not have been read.
    pub incomplete: bool,
    pub standalone: bool,
    /// After an unread parameter entity, declarations no longer count.
    pub stopped: bool,
}

impl Dtd {
    /// The declaration of an element's attribute.
    pub fn attribute(&self, element: &[u8], name: &[u8]) -> Option<&Attribute> {
        self.attributes.get(element)?.iter().find(|a| a.name == name)
    }
}
