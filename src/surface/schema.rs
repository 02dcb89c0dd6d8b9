//! Schemas as the checks need them: a graph in which every shared schema is one node, however often it is used.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::source::{Quote, Span};

/// A schema in [`Schemas`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaId(pub u32);

/// The JSON types that a schema allows; empty means that it does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Types(u8);

impl Types {
    /// Text.
    pub const STRING: Self = Self(1);
    /// Whole numbers.
    pub const INTEGER: Self = Self(2);
    /// Numbers.
    pub const NUMBER: Self = Self(4);
    /// Truth values.
    pub const BOOLEAN: Self = Self(8);
    /// Mappings.
    pub const OBJECT: Self = Self(16);
    /// Lists.
    pub const ARRAY: Self = Self(32);
    /// Null.
    pub const NULL: Self = Self(64);
    /// Files, the type that Swagger 2.0 has besides.
    pub const FILE: Self = Self(128);

    /// The type that JSON Schema calls `name`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "string" => Self::STRING,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "boolean" => Self::BOOLEAN,
            "object" => Self::OBJECT,
            "array" => Self::ARRAY,
            "null" => Self::NULL,
            "file" => Self::FILE,
            _ => return None,
        })
    }

    /// Both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any type of `other` is among these.
    pub fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether nothing is said.
    pub fn is_unknown(self) -> bool {
        self.0 == 0
    }

    /// These without null: `type: [string, "null"]` is a string to a check.
    #[must_use]
    pub fn without_null(self) -> Self {
        Self(self.0 & !Self::NULL.0)
    }
}

/// One schema. Fields that no check reads are not kept; those of [`Parts`] read as if they were its own.
#[derive(Debug, Clone)]
pub struct Schema {
    /// Where it is written.
    pub span: Span,
    /// What its values are: the name of a shared component, else of the property that holds it; empty at the top of
    /// an unnamed body.
    pub subject: Quote,
    /// The types it names itself, not those of the schemas it is composed of.
    pub types: Types,
    /// `format`, lower case; or the kind of data that an extension says it is.
    pub format: Option<Quote>,
    /// Has an enum, const, pattern, length limit, format or default: more than the bare type is known.
    pub constrained: bool,
    /// Has an enum or const: every value is known beforehand.
    pub listed: bool,
    /// Has a `maxItems`: a list does not grow for ever.
    pub bounded: bool,
    /// `readOnly`: only ever in a response.
    pub read_only: bool,
    /// `writeOnly`: only ever in a request.
    pub write_only: bool,
    /// No other properties than those named: `additionalProperties: false`, or an empty list of properties.
    pub closed: bool,
    /// Says nothing at all: `{}` or `true`.
    pub empty: bool,
    /// What lies below it. Most schemas are of plain values, with nothing there.
    pub(super) parts: Option<Box<Parts>>,
}

/// What lies below a schema.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// Properties of an object.
    pub properties: Vec<Property>,
    /// The schemas of elements: of a list, or of an object whose keys are not fixed.
    pub items: Vec<SchemaId>,
    /// `allOf`, and the target of a `$ref` that has siblings.
    pub all_of: Vec<SchemaId>,
    /// `oneOf` and `anyOf`.
    pub any_of: Vec<SchemaId>,
}

impl Parts {
    const NONE: Self = Self { properties: Vec::new(), items: Vec::new(), all_of: Vec::new(), any_of: Vec::new() };

    /// As a schema keeps them: without room for more, and nothing if there are none.
    pub(super) fn kept(mut self) -> Option<Box<Self>> {
        self.properties.shrink_to_fit();
        for ids in [&mut self.items, &mut self.all_of, &mut self.any_of] {
            ids.shrink_to_fit();
        }
        let lists = [&self.items, &self.all_of, &self.any_of];
        let none = self.properties.is_empty() && lists.iter().all(|ids| ids.is_empty());
        (!none).then(|| Box::new(self))
    }
}

impl Deref for Schema {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        static NONE: Parts = Parts::NONE;
        self.parts.as_deref().unwrap_or(&NONE)
    }
}

/// A property of an object schema.
#[derive(Debug, Clone)]
pub struct Property {
    /// Its name.
    pub name: Quote,
    /// Where the name is written.
    pub span: Span,
    /// Its schema.
    pub schema: SchemaId,
}

/// Every schema of a surface.
#[derive(Debug, Clone, Default)]
pub struct Schemas(pub(super) Vec<Schema>);

impl Schemas {
    /// The schema with this number.
    pub fn get(&self, id: SchemaId) -> &Schema {
        &self.0[id.0 as usize]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The types of a schema with those of what it is composed of; unknown if nothing says.
    pub fn types(&self, id: SchemaId) -> Types {
        let mut types = Types::default();
        self.each_part(id, |part| types = types.with(part.types));
        types
    }

    /// Whether a predicate holds for the schema or any schema it is composed of (`allOf`, `oneOf`, `anyOf`).
    pub fn any_part(&self, id: SchemaId, mut predicate: impl FnMut(&Schema) -> bool) -> bool {
        let mut found = false;
        self.each_part(id, |part| found = found || predicate(part));
        found
    }

    /// Calls `visit` for the schema and every schema it is composed of, each once.
    fn each_part(&self, id: SchemaId, mut visit: impl FnMut(&Schema)) {
        let schema = self.get(id);
        visit(schema);
        if schema.all_of.is_empty() && schema.any_of.is_empty() {
            return;
        }
        let mut seen = vec![id];
        let mut next = 0;
        while next < seen.len() {
            let part = self.get(seen[next]);
            if next > 0 {
                visit(part);
            }
            for &inner in part.all_of.iter().chain(&part.any_of) {
                if !seen.contains(&inner) && seen.len() < 256 {
                    seen.push(inner);
                }
            }
            next += 1;
        }
    }
}
