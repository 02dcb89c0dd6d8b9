//! Whether an operation returns a list, and whether a caller can ask for a part of it.

use super::Details;
use crate::surface::words::{split, stem};
use crate::surface::{Operation, Place, SchemaId, Types};

/// Properties of a response that hold the list which was asked for.
const HOLDERS: [&str; 16] = [
    "collection",
    "content",
    "data",
    "element",
    "entity",
    "entry",
    "hit",
    "item",
    "list",
    "member",
    "object",
    "record",
    "resource",
    "result",
    "row",
    "value",
];

/// Words of parameters that bound or page a list.
const PAGING: [&str; 29] = [
    "after",
    "before",
    "bookmark",
    "continuation",
    "continue",
    "count",
    "cursor",
    "first",
    "last",
    "limit",
    "marker",
    "max",
    "maximum",
    "next",
    "num",
    "number",
    "offset",
    "page",
    "pagination",
    "paging",
    "per",
    "position",
    "range",
    "row",
    "scroll",
    "size",
    "skip",
    "take",
    "top",
];

/// Parts of such words where nothing separates them.
const RUN_TOGETHER: [&str; 9] =
    ["maxresult", "maxitem", "pagesize", "perpage", "pagenum", "pagetoken", "nexttoken", "startindex", "skiptoken"];

/// Parameters that name the elements that are wanted.
const CHOICES: [&str; 4] = ["id", "ids", "uuid", "uuids"];

impl Details<'_> {
    /// Whether a success response is a list of things; none if the input does not say.
    pub fn lists(self, operation: &Operation) -> Option<bool> {
        if operation.response.is_unknown() {
            return None;
        }
        let last = operation.path.as_deref().and_then(|path| path.rsplit('/').find(|segment| !segment.is_empty()));
        // What stands behind an identifier is one thing, whatever lists it holds.
        if last.is_some_and(|segment| segment.ends_with('}')) {
            return Some(false);
        }
        let named: Vec<String> = last.map(split).unwrap_or_default();
        Some(operation.response.known().into_iter().flatten().any(|&schema| self.is_list(schema, &named)))
    }

    fn is_list(self, schema: SchemaId, named: &[String]) -> bool {
        if self.is_array_of_things(schema) {
            return true;
        }
        let subject = named.last().map(|word| stem(word));
        let mut holders: Vec<SchemaId> = Vec::new();
        self.surface.schemas.any_part(schema, |part| {
            holders.extend(part.properties.iter().filter_map(|property| {
                let words = split(&property.name);
                let name = words.last().map(|word| stem(word))?;
                (HOLDERS.contains(&&*name) || Some(&name) == subject.as_ref()).then_some(property.schema)
            }));
            false
        });
        holders.into_iter().any(|holder| self.is_array_of_things(holder))
    }

    /// Whether values are lists without a bound, of objects: lists of plain values are short.
    fn is_array_of_things(self, schema: SchemaId) -> bool {
        let schemas = &self.surface.schemas;
        let mut items: Vec<SchemaId> = Vec::new();
        let bounded = schemas.any_part(schema, |part| {
            if part.types.any(Types::ARRAY) {
                items.extend(&part.items);
            }
            part.bounded
        });
        !bounded
            && items.into_iter().any(|item| {
                schemas.types(item).any(Types::OBJECT) || schemas.any_part(item, |part| !part.properties.is_empty())
            })
    }

    /// Whether a caller can ask for a part of the list; none if the input does not say.
    pub fn paged(self, operation: &Operation) -> Option<bool> {
        let parameters = operation.parameters.known().into_iter().flatten();
        // What stands in the path says whose list it is, not how much of it.
        let parameters = parameters.filter(|parameter| parameter.place != Place::Path);
        let bodies = operation.request.known().into_iter().flatten();
        let found = parameters.map(|parameter| &*parameter.name).any(bounds)
            || bodies.copied().any(|body| self.any_field(body, 2));
        if found {
            return Some(true);
        }
        if operation.parameters.is_unknown() { None } else { Some(false) }
    }

    /// Whether a field of a body pages, at the top or in an object such as `page` or `options`.
    fn any_field(self, schema: SchemaId, depth: u32) -> bool {
        let mut below = Vec::new();
        let found = self.surface.schemas.any_part(schema, |part| {
            below.extend(part.properties.iter().map(|property| property.schema));
            part.properties.iter().any(|property| bounds(&property.name))
        });
        found || (depth > 1 && below.into_iter().take(64).any(|inner| self.any_field(inner, depth - 1)))
    }
}

fn bounds(name: &str) -> bool {
    let words = split(name);
    let plain = words.join(" ");
    // Names that run words together: `maxresults`, `pagesize`.
    if let [word] = words.as_slice()
        && RUN_TOGETHER.iter().any(|part| word.contains(part))
    {
        return true;
    }
    CHOICES.contains(&&*plain) || words.iter().any(|word| PAGING.contains(&&*stem(word)))
}
