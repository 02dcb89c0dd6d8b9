//! Descriptions of APIs in any size, the same in every run: shops of things that hold each other, as large providers
//! describe them.

use serde_json::{Map, Value, json};

/// What the things of an API are called.
const THINGS: [&str; 12] = [
    "customer", "order", "invoice", "product", "shipment", "refund", "session", "coupon", "account", "address",
    "event", "report",
];

/// Fields of a thing, with their types.
const FIELDS: [(&str, &str); 12] = [
    ("id", "string"),
    ("created_at", "string"),
    ("email", "string"),
    ("display_name", "string"),
    ("phone_number", "string"),
    ("amount", "integer"),
    ("currency", "string"),
    ("is_active", "boolean"),
    ("metadata", "object"),
    ("last_four_digits", "string"),
    ("webhook_url", "string"),
    ("notes", "string"),
];

/// Words of descriptions.
const WORDS: [&str; 24] = [
    "returns",
    "the",
    "object",
    "that",
    "was",
    "created",
    "with",
    "a",
    "valid",
    "identifier",
    "and",
    "its",
    "current",
    "state",
    "if",
    "present",
    "otherwise",
    "an",
    "error",
    "is",
    "given",
    "for",
    "each",
    "entry",
];

/// A generator that gives the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    fn sentence(&mut self) -> String {
        let words: Vec<&str> = (0..6 + self.below(20)).map(|_| WORDS[self.below(WORDS.len())]).collect();
        let mut text = words.join(" ");
        text[..1].make_ascii_uppercase();
        text + "."
    }
}

/// A description with this many operations, five for each thing.
pub(crate) fn description(operations: usize) -> Value {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let things = operations.div_ceil(5);
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    for number in 0..things {
        let name = thing(number);
        schemas.insert(name.clone(), schema(&mut random, number, things));
        let methods = [("get", "list"), ("post", "create"), ("get", "get"), ("put", "update"), ("delete", "delete")];
        let (mut all, mut one) = (Map::new(), Map::new());
        for (index, (method, verb)) in methods.into_iter().enumerate().take(operations - number * 5) {
            let of_one = index > 1;
            let operation = operation(&mut random, verb, &name, of_one);
            let place = if of_one { &mut one } else { &mut all };
            place.insert(method.to_owned(), operation);
        }
        paths.insert(format!("/v1/{name}s"), Value::Object(all));
        if !one.is_empty() {
            paths.insert(format!("/v1/{name}s/{{id}}"), Value::Object(one));
        }
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Generated", "version": "1.0.0", "description": random.sentence()},
        "servers": [{"url": "https://api.example.com"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"bearer": []}],
    })
}

fn thing(number: usize) -> String {
    format!("{}_{number}", THINGS[number % THINGS.len()])
}

fn schema(random: &mut Random, number: usize, things: usize) -> Value {
    let mut properties = Map::new();
    for (name, kind) in FIELDS {
        properties.insert(name.into(), json!({"type": kind, "description": random.sentence()}));
    }
    for _ in 0..3 {
        let other = thing((number + 1 + random.below(8)) % things);
        properties.insert(other.clone(), json!({"$ref": format!("#/components/schemas/{other}")}));
    }
    let other = thing((number + 1 + random.below(8)) % things);
    properties.insert(
        "related".into(),
        json!({"type": "array", "description": random.sentence(), "items": {"anyOf": [
            {"type": "string", "maxLength": 5000},
            {"$ref": format!("#/components/schemas/{other}")},
        ]}}),
    );
    json!({"type": "object", "description": random.sentence(), "required": ["id"], "properties": properties})
}

fn operation(random: &mut Random, verb: &str, name: &str, of_one: bool) -> Value {
    let reference = json!({"$ref": format!("#/components/schemas/{name}")});
    let mut parameters = vec![];
    if of_one {
        parameters.push(json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}));
    } else {
        for query in ["limit", "cursor", "email", "expand"] {
            let schema = json!({"type": "string", "maxLength": 500});
            parameters.push(json!({"name": query, "in": "query", "description": random.sentence(), "schema": schema}));
        }
    }
    let content = json!({"application/json": {"schema": reference}});
    let mut operation = json!({
        "operationId": format!("{verb}_{name}"),
        "summary": format!("{verb} {name}"),
        "description": random.sentence(),
        "tags": [name],
        "parameters": parameters,
        "responses": {
            "200": {"description": "OK", "content": content},
            "default": {"description": random.sentence()},
        },
    });
    if matches!(verb, "create" | "update") {
        operation["requestBody"] = json!({"required": true, "content": content});
    }
    operation
}
