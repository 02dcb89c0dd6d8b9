//! What an operation takes and gives: request bodies and success responses.

use super::super::{Fact, SchemaId};
use super::Reading;
use crate::source::Quote;
use crate::syntax::Node;

impl<'d> Reading<'_, 'd> {
    /// The schemas of the request body, one for each media type.
    pub(super) fn request(&mut self, item: Node<'d>, operation: Node<'d>) -> Fact<Box<[SchemaId]>> {
        let mut schemas = Vec::new();
        if self.is_swagger() {
            for holder in [item, operation] {
                for node in self.parameter_nodes(holder) {
                    if node.get("in").is_some_and(|place| place.is("body"))
                        && let Some(schema) = node.get("schema")
                    {
                        schemas.push(self.lowering.schema(schema, &Quote::default()));
                    }
                }
            }
        } else if let Some(body) = operation.get("requestBody").and_then(|body| self.references.follow(body)) {
            self.content(body, &mut schemas);
        }
        fact(schemas)
    }

    /// The schemas of success responses: every 2xx, `2XX`, and `default` where there is no other success.
    pub(super) fn response(&mut self, operation: Node<'d>) -> Fact<Box<[SchemaId]>> {
        let mut schemas = Vec::new();
        let Some(responses) = operation.get("responses").and_then(|responses| self.references.follow(responses)) else {
            return Fact::Missing;
        };
        let success = |status: &str| status.len() == 3 && status.starts_with('2');
        let named = responses.members().any(|(status, _)| success(&status.text()));
        for (status, response) in responses.members() {
            let status = status.text();
            if !(success(&status) || (!named && status == "default")) {
                continue;
            }
            let Some(response) = self.references.follow(response) else { continue };
            if self.is_swagger() {
                if let Some(schema) = response.get("schema").filter(|schema| says(*schema)) {
                    schemas.push(self.lowering.schema(schema, &Quote::default()));
                }
            } else {
                self.content(response, &mut schemas);
            }
        }
        fact(schemas)
    }

    /// The schemas of every media type, vendor ones too; 3.2 describes streams by `itemSchema`.
    fn content(&mut self, holder: Node<'d>, into: &mut Vec<SchemaId>) {
        let Some(content) = holder.get("content").and_then(|content| self.references.follow(content)) else { return };
        for (kind, media) in content.members() {
            let Some(media) = self.references.follow(media) else { continue };
            if is_file(&kind.text()) && !tells_more(media) {
                let file = self.lowering.file(kind.span());
                into.push(file);
                continue;
            }
            for key in ["schema", "itemSchema"] {
                if let Some(schema) = media.get(key).filter(|schema| says(*schema)) {
                    let schema = self.lowering.schema(schema, &Quote::default());
                    if !into.contains(&schema) {
                        into.push(schema);
                    }
                }
            }
        }
    }
}

/// Whether a media type is that of files which are no text.
fn is_file(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Some((family, name)) = kind.split_once('/') else { return false };
    let packed = ["octet-stream", "pdf", "zip", "gzip", "x-gzip", "x-tar", "x-zip-compressed", "msword"];
    matches!(family, "audio" | "image" | "video")
        || (family == "application"
            && (packed.contains(&name) || name.starts_with("vnd.ms-") || name.starts_with("vnd.openxmlformats-")))
}

/// Whether the schema of a file says more than that it is written as a text.
fn tells_more(media: Node<'_>) -> bool {
    let Some(schema) = media.get("schema").filter(|schema| says(*schema)) else { return false };
    schema.members().any(|(key, value)| !(key.is("example") || (key.is("type") && value.is("string"))))
}

/// Whether a schema says anything: frameworks write `{}` where they know nothing.
fn says(schema: Node<'_>) -> bool {
    schema.members().next().is_some()
}

fn fact(schemas: Vec<SchemaId>) -> Fact<Box<[SchemaId]>> {
    if schemas.is_empty() { Fact::Missing } else { Fact::Known(schemas.into()) }
}
