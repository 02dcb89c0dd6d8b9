//! The JSON Schema of the configuration, made from the table of its keys.

use serde_json::{Map, Value, json};

use super::form::{Form, Key};
use super::keys::FILE;

/// Where the schema of this release is found; `init` names it in the files that it writes.
pub const SCHEMA_URL: &str = concat!(
    "https://raw.githubusercontent.com/mcpsentry/mcpsentry/v",
    env!("CARGO_PKG_VERSION"),
    "/rules/mcpsentry.schema.json"
);

/// The schema, JSON Schema draft 7, which editors understand best.
pub fn schema() -> Value {
    let mut schema = keys(FILE);
    let head = [
        ("$schema", "http://json-schema.org/draft-07/schema#"),
        ("$id", SCHEMA_URL),
        ("title", "Configuration of mcpsentry"),
        ("description", "mcpsentry.yaml: what of an API becomes tools, and what of that is accepted."),
    ];
    if let Some(schema) = schema.as_object_mut() {
        schema.extend(head.map(|(key, text)| (key.to_owned(), json!(text))));
    }
    schema
}

fn keys(keys: &[Key]) -> Value {
    let mut properties = Map::new();
    for key in keys {
        let mut value = form(&key.form);
        if !key.required {
            nullable(&mut value);
        }
        value["description"] = json!(key.about);
        properties.insert(key.name.to_owned(), value);
    }
    let mut schema = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    let required: Vec<&str> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// Allows null as well: a key whose values are all commented out says nothing.
fn nullable(value: &mut Value) {
    let null = json!({ "type": "null" });
    if let Some(Value::Array(choices)) = value.get_mut("anyOf") {
        choices.push(null);
    } else if let Some(Value::Array(words)) = value.get_mut("enum") {
        words.push(Value::Null);
    } else if let Some(types) = value.get_mut("type") {
        let mut all = types.as_array().cloned().unwrap_or_else(|| vec![types.clone()]);
        all.push(json!("null"));
        *types = Value::Array(all);
    }
}

fn form(of: &Form) -> Value {
    match of {
        // `200` and `true` are texts to YAML's writers.
        Form::Text => json!({ "type": ["string", "number", "boolean"], "pattern": "\\S" }),
        Form::Count => json!({ "type": "integer", "minimum": 0 }),
        Form::Truth => json!({ "type": "boolean" }),
        Form::Day => json!({ "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$", "examples": ["2027-01-31"] }),
        Form::OneOf(words) => json!({ "enum": words }),
        Form::List(inner) => json!({ "type": "array", "items": form(inner) }),
        Form::Some(inner) => json!({ "anyOf": [form(inner), { "type": "array", "items": form(inner) }] }),
        Form::Map(inner) => json!({ "type": "object", "additionalProperties": form(inner) }),
        Form::Keys(inner) => keys(inner),
        Form::TextOr(inner) => json!({ "anyOf": [form(&Form::Text), keys(inner)] }),
    }
}
