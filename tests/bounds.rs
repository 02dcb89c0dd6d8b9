//! Documents made to cost more than they weigh, or to say what they must not: within a bound of memory they end in a report
//! or a clear refusal, in every format.

#![cfg(target_os = "linux")]

mod support;

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;
use support::Scratch;

const FORMATS: [&str; 8] = ["text", "json", "sarif", "github", "markdown", "junit", "html", "agent"];

/// What ended within its bound of memory.
struct Ended {
    code: i32,
    stdout: String,
    stderr: String,
}

/// Audits a document with all rules, in an address space of so many megabytes.
fn audit(document: impl AsRef<[u8]>, format: &str, megabytes: u32) -> Ended {
    let scratch = Scratch::new();
    let path = scratch.write("document", document);
    let output = Command::new("sh")
        .args(["-c", &format!("ulimit -v {}; exec \"$0\" \"$@\"", megabytes * 1024)])
        .arg(env!("CARGO_BIN_EXE_mcpsentry"))
        .args(["audit", "document", "--select", "strict", "--persona", "auditor", "--show-source", "--format", format])
        .current_dir(path.parent().unwrap_or(Path::new(".")))
        .stdin(Stdio::null())
        .output()
        .expect("the program starts");
    let code = output.status.code().unwrap_or(-1);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let ended = Ended { code, stdout: text(output.stdout), stderr: text(output.stderr) };
    assert!((0..=3).contains(&ended.code), "{format}: {}: {}", ended.code, cut(&ended.stderr));
    assert!(!ended.stderr.contains("panicked"), "{format}: {}", cut(&ended.stderr));
    ended
}

fn cut(text: &str) -> String {
    text.chars().take(400).collect()
}

/// A document with these paths, and components.
fn openapi(paths: &serde_json::Value, schemas: &serde_json::Value) -> String {
    json!({"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}}).to_string()
}

/// A path with one GET that gives the schema `S0`.
fn gets_s0() -> serde_json::Value {
    let schema = json!({"$ref": "#/components/schemas/S0"});
    json!({"get": {"operationId": "get_it", "description": "Gets it.",
        "responses": {"200": {"content": {"application/json": {"schema": schema}}}}}})
}

#[test]
fn a_hundred_thousand_operations_are_all_audited() {
    let mut document = String::from("{\"openapi\": \"3.0.0\", \"paths\": {");
    for number in 0..100_000 {
        let _ = write!(document, "\"/p{number}\": {{\"get\": {{\"description\": \"G.\"}}}},");
    }
    document += "\"/login\": {\"post\": {\"description\": \"Logs in.\"}}}}";
    let ended = audit(&document, "github", 900);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(ended.stdout.contains("exposed-auth"), "{}", cut(&ended.stdout));
}

#[test]
fn one_operation_may_have_very_many_parts() {
    let count = 30_000;
    let parameters: Vec<_> = (0..count).map(|n| json!({"name": format!("password{n}"), "in": "query"})).collect();
    let fields: serde_json::Map<_, _> =
        (0..count).map(|n| (format!("a{n}_email"), json!({"type": "string"}))).collect();
    let values: Vec<_> = (0..count * 5).map(|n| format!("v{n}")).collect();
    for (operation, rule) in [
        (json!({"description": "G.", "parameters": parameters}), "sensitive-parameter"),
        (
            json!({"responses": {"200": {"content": {"application/json": {"schema": {"properties": fields}}}}}}),
            "pii-in-response",
        ),
        (json!({"parameters": [{"name": "mode", "in": "query", "schema": {"enum": values}}]}), "missing-description"),
    ] {
        let document = openapi(&json!({"/x": {"post": operation}}), &json!({}));
        let ended = audit(document, "text", 400);
        assert!(ended.stdout.contains(rule), "{}", cut(&ended.stdout));
    }
}

#[test]
fn texts_of_a_megabyte_are_names_too() {
    let long = "a".repeat(1 << 20);
    let document = json!({"openapi": "3.0.0", "paths": {format!("/login/{long}"): {"post": {"operationId": long,
        "parameters": [{"name": format!("password_{long}"), "in": "query"}]}}}});
    audit(document.to_string(), "text", 400);
    audit(format!("openapi: 3.0.0\npaths:\n  ? /login/{long}\n  : post: {{operationId: {long}}}\n"), "json", 400);
}

#[test]
fn towers_chains_and_knots_of_schemas_end() {
    let reference = |n: usize| json!({"$ref": format!("#/components/schemas/S{n}")});
    let email = json!({"type": "object", "properties": {"email": {"type": "string"}}});
    let schemas = |count: usize, schema: &dyn Fn(usize) -> serde_json::Value| {
        let all = (0..count).map(|n| (format!("S{n}"), schema(n)));
        let mut all: serde_json::Map<_, _> = all.collect();
        all.insert(format!("S{count}"), email.clone());
        serde_json::Value::Object(all)
    };
    let one = json!({"/x": gets_s0()});
    // A thousand levels of `allOf`, by reference.
    let tower = audit(openapi(&one, &schemas(1_000, &|n| json!({"allOf": [reference(n + 1)]}))), "json", 400);
    assert!(tower.stdout.contains("pii-in-response"), "{}", cut(&tower.stdout));
    // The same in place is nested deeper than any description is.
    let schema = format!("{}{email}{}", "{\"allOf\":[".repeat(1_000), "]}".repeat(1_000));
    let inline = audit(
        openapi(&one, &json!({})).replace("\"schemas\":{", &format!("\"schemas\":{{\"S0\":{schema}")),
        "text",
        400,
    );
    assert!(inline.code == 2 && inline.stderr.contains("512 levels"), "{}", cut(&inline.stderr));
    // References that are nothing but references.
    let chain = audit(openapi(&one, &schemas(10_000, &|n| reference(n + 1))), "text", 400);
    assert!(chain.code == 3 && chain.stdout.contains("through too many others"), "{}", cut(&chain.stdout));
    // Schemas that all hold each other, from many operations.
    let knot = schemas(
        300,
        &|n| json!({"allOf": [reference((n + 1) % 300), reference(n * 7 % 300)], "properties": {"a": reference(n * 3 % 300)}}),
    );
    let many: serde_json::Map<_, _> = (0..200).map(|n| (format!("/x{n}"), gets_s0())).collect();
    assert_eq!(audit(openapi(&many.into(), &knot), "text", 400).code, 0);
}

#[test]
fn aliases_and_merge_keys_cost_what_they_weigh() {
    let mut texts = String::from("openapi: 3.0.0\nx0: &a0 [word, word]\n");
    let mut schemas = String::from("openapi: 3.0.0\nx0: &a0 {properties: {email: {type: string}}}\n");
    let mut merges = String::from("openapi: 3.0.0\nx0: &a0 {/a: {get: {}}, /b: {get: {}}}\n");
    for level in 1..40 {
        let before = level - 1;
        let ten = vec![format!("*a{before}"); 10].join(", ");
        let _ = writeln!(texts, "x{level}: &a{level} [{ten}]");
        let fields: Vec<String> = (0..10).map(|field| format!("p{field}: *a{before}")).collect();
        let _ = writeln!(schemas, "x{level}: &a{level} {{properties: {{{}}}}}", fields.join(", "));
        let _ = writeln!(merges, "x{level}: &a{level} {{<<: [{ten}]}}");
    }
    texts += "paths: {/x: {get: {tags: *a39, parameters: *a39, security: *a39, description: G., requestBody: {content: \
              {application/json: {schema: {enum: *a39, example: *a39, required: *a39}}}}}}}\n";
    schemas += "paths: {/x: {get: {description: G., responses: {'200': {content: {application/json: {schema: *a39, \
                example: *a39}}}}}}}\n";
    merges += "paths: {<<: *a39}\n";
    for document in [&texts, &schemas, &merges] {
        for format in ["text", "json", "sarif"] {
            audit(document, format, 400);
        }
    }
    let own = audit("openapi: 3.0.0\npaths: &p\n  <<: *p\n  /x: {get: {}}\n", "text", 400);
    assert!(own.code == 2 && own.stderr.contains(":3:7: "), "{}", own.stderr);
}

#[test]
fn ten_megabytes_on_one_line_are_read() {
    let words = "Gets it. ".repeat(400);
    let paths: Vec<String> =
        (0..2_700).map(|n| format!("\"/p{n}\": {{\"get\": {{\"description\": \"{words}\"}}}}")).collect();
    let document = format!(
        "{{\"openapi\": \"3.0.0\", \"paths\": {{{}, \"/login\": {{\"post\": {{\"description\": \"L.\"}}}}}}}}",
        paths.join(", ")
    );
    // JSON, and the same as YAML, which it is too behind a comment.
    for document in [document.clone(), format!("# YAML\n{document}\n")] {
        let ended = audit(&document, "text", 400);
        assert!(ended.code == 1 && ended.stdout.contains("exposed-auth"), "{}", cut(&ended.stderr));
        assert!(ended.stdout.lines().all(|line| line.len() < 400), "a line of the report is long");
    }
}

#[test]
fn odd_bytes_and_numbers_are_refused_or_read() {
    let middle = [b"{\"openapi\": \"3.0.0\",\n \"paths\": {\"/a".as_slice(), b"\xff\xc3", b"\": {}}}"].concat();
    let nines = "9".repeat(100_000);
    for (document, code, words) in [
        (middle.as_slice(), 2, "document:2:15"),
        (b"{\"openapi\": \"3.0.0\", \"paths\": {\"/a\0\": {}}}".as_slice(), 2, "document:1:"),
        (b"openapi: 3.0.0\npaths:\n  /a\0: {}\n", 2, "document:3:"),
        (b"openapi: 3.0.0\npaths:\n  \"/a\\ud800\": {get: {}}\n", 2, "document:3:"),
        (br#"{"openapi": "3.0.0", "paths": {"/login\u0000\ud800": {"post": {"operationId": "\udfff"}}}}"#, 1, ""),
        (b"\xef\xbb\xbfopenapi: 3.0.0\r\npaths:\r\n  /login:\r\n    post: {}\r\n", 1, ""),
        (b"openapi: 3.0.0\rpaths:\r  /login:\r    post: {}\r", 1, ""),
        (
            format!(
                r#"{{"openapi": 3.1, "paths": {{"/login": {{"post": {{"x": {nines}, "parameters":
                [{{"name": 1e999, "in": "query", "schema": {{"maxLength": {nines}, "minimum": -1e-9999}}}}],
                "responses": {{"{nines}": {{}}, "2e2": {{}}}}}}}}}}}}"#
            )
            .as_bytes(),
            1,
            "",
        ),
    ] {
        for format in FORMATS {
            let ended = audit(document, format, 400);
            assert_eq!(ended.code, code, "{}: {}", String::from_utf8_lossy(&document[..60]), cut(&ended.stderr));
            assert!(ended.stderr.contains(words), "{}", cut(&ended.stderr));
        }
    }
}

#[test]
fn no_name_steers_a_reader_in_any_format() {
    let evil = "\u{1b}[2J\u{1b}]0;t\u{7}\u{202e}\u{2066}\u{200b}\u{9b}31m\r\n::error::x\n##[error]x\u{8}\u{7f}\u{2028}\u{85}\
                </script><img src=x onerror=alert(1)>`|*_[a](javascript:x)\u{feff}\u{e0041}\0";
    let named = |name: &str| format!("{name} {evil}");
    let field = json!({named("email"): {"type": "string"}, named("api_key"): {"type": "string"}, "e": {"$ref": evil}});
    let content =
        json!({evil: {"schema": {"properties": field}}, "application/json": {"schema": {"properties": field}}});
    let operation = json!({
        "operationId": evil, "summary": evil, "description": evil, "tags": [evil], "security": [{evil: [evil]}],
        "parameters": [{"name": named("password"), "in": "query"}, {"name": named("callback url"), "in": "query"},
            {"name": evil, "in": evil, "schema": {"type": evil, "enum": [evil]}}],
        "responses": {"200": {"description": evil, "content": content}}});
    let openapi = json!({"openapi": "3.0.0", "info": {"title": evil, "version": evil}, "servers": [{"url": evil}],
        "tags": [{"name": evil}], "security": [{evil: [evil]}], "paths": {
            format!("/login/{evil}"): {"post": operation, evil: {}}, format!("/b{evil}"): {"$ref": evil}}});
    let manifest = json!({"mcpsentry": 1, "routes": [
        {"method": "POST", "path": format!("/login/{evil}"), "name": evil, "description": evil, "tags": [evil],
            "parameters": [{"name": named("password"), "type": evil}]},
        {"method": evil, "path": evil}], "unresolved": [{"where": evil, "reason": evil}]});
    let tools = json!({"tools": [
        {"name": named("login"), "description": evil, "annotations": {"title": evil, "readOnlyHint": true},
            "inputSchema": {"properties": {named("password"): {"type": "string"}}}},
        {"name": evil, "inputSchema": {"$ref": evil}}], "nextCursor": evil});
    let steers = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202e}' | '\u{2066}' | '\u{200b}' | '\u{2028}' | '\u{feff}' | '\u{e0041}')
    };
    for document in [openapi, manifest, tools] {
        for format in FORMATS {
            let ended = audit(document.to_string(), format, 400);
            assert!(ended.stdout.contains("login"), "{format}: {}", cut(&ended.stderr));
            for text in [&ended.stdout, &ended.stderr] {
                assert_eq!(text.find(steers), None, "{format}: {text:?}");
                let command = |line: &str| line.trim_start().starts_with("::error::x") || line.contains("##[error]x");
                assert!(!text.lines().any(command), "{format}: {text}");
            }
        }
    }
}
