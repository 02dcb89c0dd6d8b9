//! Parameters, those of the path item included.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::super::{Fact, Parameter, Place, SchemaId};
use super::Reading;
use crate::source::Quote;
use crate::syntax::Node;

/// Keys by which a Swagger 2.0 parameter describes its type itself.
const INLINE: [&str; 6] = ["type", "format", "enum", "items", "pattern", "default"];

impl<'d> Reading<'_, 'd> {
    /// The parameters of an operation; its own replace those of the path item with the same name and place.
    pub(super) fn parameters(&mut self, item: Node<'d>, operation: Node<'d>) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut known: FxHashMap<(Quote, Place), usize> = FxHashMap::default();
        for holder in [item, operation] {
            for node in self.parameter_nodes(holder) {
                let Some(parameter) = self.parameter(node) else { continue };
                match known.entry((parameter.name.clone(), parameter.place)) {
                    Entry::Occupied(place) => parameters[*place.get()] = parameter,
                    Entry::Vacant(place) => {
                        place.insert(parameters.len());
                        parameters.push(parameter);
                    }
                }
            }
        }
        parameters
    }

    /// The parameters that a path item or an operation lists, references followed.
    pub(super) fn parameter_nodes(&self, holder: Node<'d>) -> Vec<Node<'d>> {
        let Some(list) = holder.get("parameters").and_then(|list| self.references.follow(list)) else {
            return Vec::new();
        };
        // Some documents give a mapping of names where a list belongs; its values are parameters all the same.
        let nodes: Vec<_> =
            if list.is_array() { list.items().collect() } else { list.members().map(|(_, v)| v).collect() };
        nodes.into_iter().filter_map(|node| self.references.follow(node)).collect()
    }

    fn parameter(&mut self, node: Node<'d>) -> Option<Parameter> {
        let place = match &*node.get("in").and_then(Node::as_scalar)? {
            "path" => Place::Path,
            "query" | "querystring" => Place::Query,
            "header" => Place::Header,
            "cookie" => Place::Cookie,
            "formData" => Place::Form,
            "body" => return None,
            _ => Place::Unknown,
        };
        let (key, name) = node.entry("name")?;
        name.as_scalar()?;
        let name = name.quote();
        Some(Parameter {
            span: key.span(),
            place,
            schema: self.parameter_schema(node, &name),
            default: node.get("default").is_some(),
            name,
        })
    }

    fn parameter_schema(&mut self, node: Node<'d>, name: &Quote) -> Fact<SchemaId> {
        let schema = node.get("schema").or_else(|| {
            let content = node.get("content")?.members().next()?.1;
            content.get("schema")
        });
        if let Some(schema) = schema {
            return Fact::Known(self.lowering.schema(schema, name));
        }
        if INLINE.iter().any(|key| node.get(key).is_some()) {
            return Fact::Known(self.lowering.schema(node, name));
        }
        Fact::Missing
    }
}
