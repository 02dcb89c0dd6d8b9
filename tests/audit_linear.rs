//! An audit costs in proportion to its document, and a schema costs once, however many operations lead to it.
//!
//! Work is counted, not timed, so a slow machine changes nothing.

#[path = "../benches/support/api.rs"]
mod api;

use mcpsentry::audit::{self, Context};
use mcpsentry::guard::{Catalogue, Guard, Options};
use mcpsentry::pack;
use mcpsentry::rule::Limits;
use mcpsentry::surface::{Documents, READERS};
use serde_json::{Map, Value, json};

/// What an audit did.
#[derive(Debug, PartialEq, Eq)]
struct Work {
    operations: usize,
    /// Schemas that were read.
    schemas: usize,
    /// Schemas that walks for fields entered.
    visits: usize,
}

fn work(document: &Value) -> Work {
    let documents = Documents::default();
    let root = documents.open_bytes("generated", document.to_string().into()).expect("readable");
    let reader = READERS.iter().find(|reader| reader.recognises(root)).expect("OpenAPI");
    let surface = reader.read(&documents, root);
    let guard = Guard::new(Catalogue::shipped(), Options::default());
    let context = Context { surface: &surface, documents: &documents, limits: Limits::default(), judge: &guard };
    let visits = audit::run(&pack::shipped_audit().expect("our rules").rules, &context, Some).visits;
    Work { operations: surface.operations.len(), schemas: surface.schemas.len(), visits }
}

#[test]
fn work_grows_as_the_document_does() {
    let (small, large) = (work(&api::description(300)), work(&api::description(1200)));
    assert_eq!((small.operations, large.operations), (300, 1200));
    assert!(large.schemas <= 4 * small.schemas + 100, "{small:?} {large:?}");
    assert!(large.visits <= 5 * small.visits, "{small:?} {large:?}");
}

#[test]
fn a_shared_schema_costs_once() {
    let (few, many) = (work(&shared(20)), work(&shared(200)));
    assert_eq!(few.schemas, many.schemas, "a reference is no schema of its own");
    assert_eq!(few.visits, many.visits, "the same body was walked again");
}

/// A document whose operations all return the same one of 200 schemas that refer to each other.
fn shared(operations: usize) -> Value {
    let schemas: Map<String, Value> = (0..200)
        .map(|number| {
            let reference = |step| json!({"$ref": format!("#/components/schemas/S{}", (number + step) % 200)});
            let properties = json!({"email": {"type": "string"}, "next": reference(1), "far": reference(17)});
            (format!("S{number}"), json!({"type": "object", "properties": properties}))
        })
        .collect();
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}});
    let paths: Map<String, Value> = (0..operations)
        .map(|number| {
            let responses = json!({"200": {"description": "OK", "content": content}});
            (format!("/things{number}"), json!({"get": {"responses": responses}}))
        })
        .collect();
    let info = json!({"title": "Shared", "version": "1"});
    json!({"openapi": "3.0.3", "info": info, "paths": paths, "components": {"schemas": schemas}})
}
