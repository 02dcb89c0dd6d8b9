//! Parameters, those of the path item included.

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
        for holder in [item, operation] {
            let nodes = self.parameter_nodes(holder);
            parameters.reserve_exact(nodes.len());
            parameters.extend(nodes.into_iter().filter_map(|node| self.parameter(node)));
        }
        settle(&mut parameters);
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

/// Puts the last of several parameters with the same name and place where the first of them stands.
fn settle(parameters: &mut Vec<Parameter>) {
    let key = |&number: &u32| {
        let parameter = &parameters[number as usize];
        (&*parameter.name, parameter.place, number)
    };
    let mut order: Vec<u32> = (0..parameters.len() as u32).collect();
    order.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
    let same = |a: &u32, b: &u32| {
        let (a, b) = (key(a), key(b));
        (a.0, a.1) == (b.0, b.1)
    };
    let repeated: Vec<Vec<u32>> =
        order.chunk_by(same).filter(|numbers| numbers.len() > 1).map(<[u32]>::to_vec).collect();
    let mut gone: Vec<u32> = Vec::new();
    for numbers in repeated {
        parameters.swap(numbers[0] as usize, numbers[numbers.len() - 1] as usize);
        gone.extend(&numbers[1..]);
    }
    gone.sort_unstable();
    let mut number = 0;
    parameters.retain(|_| {
        number += 1;
        gone.binary_search(&(number - 1)).is_err()
    });
}
