//! Questions about one value, answered by its schema and those that it is composed of.

use super::field::Direction;
use crate::rule::Need;
use crate::source::Quote;
use crate::surface::{Property, Schema, SchemaId, Schemas, Types};

/// The values of a surface.
#[derive(Clone, Copy)]
pub(super) struct Values<'s>(pub(super) &'s Schemas);

impl<'s> Values<'s> {
    pub(super) fn schema(self, id: SchemaId) -> &'s Schema {
        self.0.get(id)
    }

    /// Whether a value satisfies a need, as far as the need is about values and not about names.
    pub(super) fn satisfies(self, id: SchemaId, need: &Need) -> bool {
        match need {
            Need::Open(wanted) => self.is_open(id) == *wanted,
            Need::Types(types) => self.has_type(id, *types),
            Need::Typed(wanted) => self.is_typed(id) == *wanted,
            Need::Listed(wanted) => self.is_listed(id) == *wanted,
            _ => true,
        }
    }

    /// Whether a value is an object of which nobody says what is in it.
    pub(super) fn is_open(self, id: SchemaId) -> bool {
        let schema = self.schema(id);
        self.is_leaf(id) && schema.types.any(Types::OBJECT) && !schema.closed
    }

    /// Whether values may have one of the types, or nothing is said. A list or map counts as what it holds.
    pub(super) fn has_type(self, id: SchemaId, wanted: Types) -> bool {
        let may_be = |id: SchemaId| {
            let types = self.0.types(id);
            types.any(wanted) || (types.is_unknown() && self.is_leaf(id))
        };
        may_be(id) || self.schema(id).items.iter().any(|&item| may_be(item))
    }

    /// Whether every value is known beforehand, from an enum or a const.
    pub(super) fn is_listed(self, id: SchemaId) -> bool {
        let schema = self.schema(id);
        let listed = |part: SchemaId| self.0.any_part(part, |part| part.listed);
        // One alternative that is any text is enough: some values by name, or else a text.
        let text = |part: SchemaId| self.0.types(part).is_unknown() || self.0.types(part).any(Types::STRING);
        schema.listed
            || schema.all_of.iter().any(|&part| listed(part))
            || (schema.any_of.iter().any(|&part| listed(part))
                && schema.any_of.iter().all(|&part| listed(part) || !text(part)))
    }

    /// Whether more than "some text" is known of a value.
    pub(super) fn is_typed(self, id: SchemaId) -> bool {
        let types = self.0.types(id).without_null();
        let bare = types == Types::STRING || (types.is_unknown() && self.is_leaf(id));
        !bare || self.0.any_part(id, |part| part.constrained)
    }

    /// A request does not carry what is read-only, a response not what is write-only.
    pub(super) fn is_sent(self, property: &Property, direction: Direction) -> bool {
        !self.0.any_part(property.schema, |part| match direction {
            Direction::Request => part.read_only,
            Direction::Response => part.write_only,
        })
    }

    /// Whether a value is either a plain text or something else: an identifier that the caller may ask to be expanded.
    pub(super) fn may_be_plain(self, schema: &Schema) -> bool {
        schema.any_of.iter().any(|&id| {
            let types = self.0.types(id);
            types.any(Types::STRING) && !types.any(Types::OBJECT.with(Types::ARRAY))
        })
    }

    pub(super) fn format(self, id: SchemaId) -> Option<Quote> {
        let schema = self.schema(id);
        let mut format = schema.format.clone();
        if format.is_some() || schema.all_of.is_empty() && schema.any_of.is_empty() {
            return format;
        }
        self.0.any_part(id, |part| {
            format = format.take().or_else(|| part.format.clone());
            false
        });
        format
    }

    /// Whether nothing lies below a schema.
    pub(super) fn is_leaf(self, id: SchemaId) -> bool {
        let schema = self.schema(id);
        schema.properties.is_empty() && schema.items.is_empty() && schema.all_of.is_empty() && schema.any_of.is_empty()
    }
}
