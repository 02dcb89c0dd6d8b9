use super::*;
use crate::source::SourceId;

fn read(text: &str) -> Result<Tree, SyntaxError> {
    parse(&Source::new(SourceId(0), "t", text))
}

/// The value of the key `a`: what it is, its text, and the text of its span.
fn value(text: &str) -> (Kind, String, String) {
    let tree = read(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    let node = tree.root().get("a").expect("a key `a`");
    let span = node.span();
    (node.kind(), node.text().into_owned(), text[span.start as usize..span.end as usize].to_owned())
}

#[test]
fn plain_scalars_follow_the_core_schema() {
    use Kind::{Bool, Null, Number, String};
    for (kind, texts) in [
        (Null, "null Null NULL ~"),
        (Bool, "true True TRUE false False FALSE"),
        (
            Number,
            "0 -0 +5 007 0o17 0x1F 1.0 1. .5 -1.5e+3 1E5 .inf -.INF +.Inf .nan .NaN 123456789012345678901234567890",
        ),
        (
            String,
            "no NO yes on off n y nUll tRUE 0b11 0o8 0xG 1_000 1e 1.2.3 - . .. +. 1:30 2024-01-01 02-x = << -.nan",
        ),
    ] {
        for text in texts.split(' ').filter(|&text| text != "-") {
            assert_eq!(value(&format!("a: {text}")), (kind, text.to_owned(), text.to_owned()));
            assert_eq!(value(&format!("a: '{text}'")).0, String);
        }
    }
}

#[test]
fn spans_and_texts_of_every_style() {
    for (text, expected, span) in [
        ("a: b c # d", "b c", "b c"),
        ("a: 'it''s'", "it's", "'it''s'"),
        ("a: \"x\"", "x", "\"x\""),
        ("a: \"\\u00e9\\ud83d\\ude00\"", "é😀", "\"\\u00e9\\ud83d\\ude00\""),
        ("a: b\n  c\n\n  d\ne: f", "b c\nd", "b\n  c\n\n  d"),
        ("a: |\n  b\n   c\n\ne: f", "b\n c\n", "b\n   c"),
        ("a: >-\n  b\n  c\n", "b c", "b\n  c"),
        ("a: |-\n  b\n", "b", "b"),
        ("a: |+\n\n\nb: 1\n", "\n\n", ""),
        ("\u{FEFF}a: é\r\nb: c\r\n", "é", "é"),
        ("x: |\r\n  y\r\na: 'b\r\n  c'\r\n", "b c", "'b\r\n  c'"),
        ("a: &n !!str b", "b", "b"),
        ("a: =", "=", "="),
    ] {
        assert_eq!(value(text), (Kind::String, expected.to_owned(), span.to_owned()), "{text}");
    }
    for text in ["a:", "a:\nb: 1", "{b: 1, a: , c: 2}", "{a}", "a: # c\n"] {
        assert_eq!(value(text), (Kind::Null, String::new(), String::new()), "{text}");
    }
    assert_eq!(value("a:\n  - b\n  - c: d # e\n\n# f\ng: h").2, "- b\n  - c: d");
    assert_eq!(value("a: [b, {c: d}] # e").2, "[b, {c: d}]");
}

#[test]
fn tags_are_obeyed_if_they_fit() {
    for (text, kind) in [
        ("a: !!str 200", Kind::String),
        ("a: ! 200", Kind::String),
        ("a: !!str", Kind::String),
        ("a: !!int '5'", Kind::Number),
        ("a: !!float 5", Kind::Number),
        ("a: !!bool \"true\"", Kind::Bool),
        ("a: !!int b", Kind::String),
        ("a: !b 200", Kind::Number),
        ("a: !!null ''", Kind::Null),
    ] {
        assert_eq!(value(text).0, kind, "{text}");
    }
    assert_eq!(value("a: !!int '5'").1, "5");
}

#[test]
fn keys_keep_their_text() {
    let tree = read("200: a\nnull: a\n1.0: a\ntrue: a\n'q': a\n? long\n: a\n&k x: a\n*k : b\n: c").expect("valid");
    let keys: Vec<_> = tree.root().members().filter_map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["200", "null", "1.0", "true", "q", "long", "x", "x", ""]);
    assert_eq!(tree.duplicates().len(), 1);
    for text in ["? [a]\n: b", "{a: b}: c", "a: &a [b]\n*a : c"] {
        assert_eq!(read(text).expect_err(text).message, "a list or mapping as a key is not supported");
    }
}

#[test]
fn aliases_and_merges() {
    assert_eq!(value("x: &n 1\ny: &n 2\na: *n").1, "2");
    assert_eq!(value("x: &n\na: *n").0, Kind::Null);
    let tree = read("x: &x {b: 1, c: 2}\na:\n  <<: *x\n  b: 3\n  '<<': 4").expect("valid");
    let a = tree.root().get("a").expect("a");
    let texts: Vec<_> = a.members().map(|(key, value)| format!("{}={}", key.text(), value.text())).collect();
    assert_eq!(texts, ["b=3", "<<=4", "c=2"]);
    for text in ["a: &x [*x]", "a: &x\n  b: {c: *x}", "&x a: {b: &y {*y : c}}"] {
        assert!(read(text).expect_err(text).message.contains("alias of a list or mapping that it stands in"));
    }
    let chain: String = (1..600).map(|i| format!("a{i}: &a{i} [*a{}]\n", i - 1)).collect();
    assert!(read(&format!("a0: &a0 x\n{chain}")).expect_err("deep").message.contains("deeper"));
    let keys = format!("a: &a {}\nb:\n{}", "x".repeat(2000), "  *a : 1\n".repeat(1000));
    assert!(read(&keys).expect_err("repeats").message.contains("repeat"));
}

#[test]
fn one_document_that_holds_something() {
    for text in ["---\na: 1", "a: 1\n---\n", "a: 1\n...\n", "---\n# b\n---\na: 1\n---\n---\n", "%YAML 1.2\n---\na: 1"] {
        assert_eq!(value(text).1, "1", "{text}");
    }
    for text in ["", " \n", "# a", "---", "---\n...\n", "\u{FEFF}", "\u{FEFF}# a"] {
        assert_eq!(read(text).expect_err(text).message, "the document is empty", "{text}");
    }
    let error = read("a: 1\n---\nb: 2\n").expect_err("two");
    assert_eq!((error.span.start, error.span.end), (5, 8));
}
