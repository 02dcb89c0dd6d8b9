//! The official schema of SARIF.

use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::Value;

/// Fails unless a log is SARIF 2.1.0.
pub(crate) fn validate(log: &Value) {
    static VALIDATOR: OnceLock<Validator> = OnceLock::new();
    let validator = VALIDATOR.get_or_init(validator);
    let errors: Vec<String> =
        validator.iter_errors(log).map(|error| format!("{} at {}", error, error.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
}

fn validator() -> Validator {
    let mut schema: Value = serde_json::from_str(include_str!("../schema/sarif-2.1.0.json")).expect("the schema");
    // The official schema has one pattern with a stray bracket, which a strict engine refuses.
    schema["definitions"]["run"]["properties"]["language"].as_object_mut().expect("a property").remove("pattern");
    schema["definitions"]["toolComponent"]["properties"]["language"]
        .as_object_mut()
        .expect("a property")
        .remove("pattern");
    jsonschema::draft7::new(&schema).expect("a schema")
}
