use super::*;
use crate::source::SourceId;

fn read(text: &str) -> Result<Tree, SyntaxError> {
    parse(&Source::new(SourceId(0), "t", text))
}

#[test]
fn what_the_standard_allows_is_read() {
    let texts = [
        "null",
        " true ",
        "\t\r\nfalse\n",
        "\"\"",
        "\"a\"",
        "0",
        "-0",
        "-0.0",
        "1E+2",
        "1e-2",
        "1.5e3",
        "[]",
        "{}",
        "[ ]",
        "{ }",
        "[1]",
        "[[[[]]]]",
        "[1 , 2]",
        "{\"\":0}",
        "{\"a\":{\"a\":[]}}",
        "{\"a\" : 1 , \"b\" :2}",
        "{\"a\":1,\"a\":2}",
        "\u{FEFF}[1]",
        "[\"\\u0000\\u001F\\/\\\\\\\"\\b\\f\\n\\r\\t\"]",
        "[\"\u{7F}\u{2028}é😀\"]",
        "[\"\\uD83D\\uDE00\"]",
        "[\"\\uDC00\\uD800x\"]",
        "[123456789012345678901234567890]",
        "[1e99999]",
        "[0.4e00669999999999999999999999999999]",
    ];
    for text in texts {
        assert!(read(text).is_ok(), "{text}: {:?}", read(text));
    }
}

#[test]
fn what_the_standard_forbids_is_an_error() {
    let texts = [
        "",
        " ",
        "\u{FEFF}",
        "{",
        "[",
        "]",
        "}",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1,,2]",
        "[1 2]",
        "[1}",
        "{1:2}",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{,}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1]",
        "{\"a\"}",
        "{\"a\"::1}",
        "[:]",
        "[1]]",
        "{}{}",
        "1 2",
        "[1]x",
        "nul",
        "nulll",
        "true1",
        "True",
        "NaN",
        "[-NaN]",
        "Infinity",
        "[-Infinity]",
        "undefined",
        "01",
        "-01",
        "00",
        "-",
        "+1",
        ".5",
        "1.",
        "1.e1",
        "1e",
        "1e+",
        "1eE2",
        "0x1",
        "1_000",
        "[1a]",
        "'a'",
        "\"",
        "\"a",
        "\"\\",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u\"",
        "\"\\u12\"",
        "\"\\u12G4\"",
        "\"\\U0041\"",
        "\"\\\u{e9}\"",
        "\"a\nb\"",
        "\"a\tb\"",
        "\"\0\"",
        "[1]\0",
        "[\u{A0}1]",
        "[1\u{C}]",
        "[\u{FEFF}]",
        "// a\n1",
        "[1] // a",
        "[/* a */1]",
        "# a\n1",
        "\"a\\\n\"",
    ];
    for text in texts {
        assert!(read(text).is_err(), "{text}");
    }
}

#[test]
fn strings_are_decoded() {
    let text = |source: &str| read(source).expect("valid").root().text().into_owned();
    assert_eq!(text(r#""a\u00e9\n\u0041\/""#), "aé\nA/");
    assert_eq!(text(r#""\ud83d\ude00 \uD83D\uDE00""#), "😀 😀");
    assert_eq!(text(r#""\ud83d|\ude00|\ud83d\u0041""#), "\u{FFFD}|\u{FFFD}|\u{FFFD}A");
    assert_eq!(text("\"0123456789é\\\"01234567\\\\\""), "0123456789é\"01234567\\");
}

#[test]
fn an_error_says_what_is_wrong_and_exactly_where() {
    for (text, at, message) in [
        ("{\"a\": 1 \"b\"}", 8..9, "expected `,` or `}` after a value, found `\"`"),
        ("[1 true]", 3..7, "expected `,` or `]` after a value, found `true`"),
        ("{\"a\": NaN}", 6..9, "expected a value, found `NaN`"),
        ("{\"a\" 1}", 5..6, "expected `:` after a key, found `1`"),
        ("{a: 1}", 1..2, "expected a key in double quotes or `}`, found `a`"),
        ("[1, ]", 2..3, "a comma with no value after it"),
        ("[\"a\u{1b}b\"]", 3..4, "the character U+001B inside a string"),
        ("[\u{202e}1]", 1..4, "expected a value, found the character U+202E"),
        ("[\"a\nb\"]", 3..4, "the end of the line inside a string"),
        ("[\"a\\q\"]", 3..4, "expected an escape after `\\`, found `q`"),
        ("[-]", 2..3, "expected a digit, found `]`"),
        ("[007]", 1..4, "a number with a leading zero"),
        ("[\"abc", 1..2, "a string that is never closed"),
        ("{\"a\": [1", 8..8, "the document ends inside a list"),
        ("{\"a\": ", 6..6, "the document ends inside an object"),
        ("1 2", 2..3, "expected the end of the document, found `2`"),
        ("\n", 0..0, "the document is empty"),
    ] {
        let error = read(text).expect_err(text);
        assert_eq!((error.span.start..error.span.end, &*error.message), (at, message), "{text}");
        assert!(!error.help.is_empty());
    }
}

#[test]
fn nesting_has_a_limit() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(read(&nested(MAX_DEPTH)).is_ok());
    let error = read(&nested(MAX_DEPTH + 1)).expect_err("too deep");
    assert_eq!(error.span.start as usize, MAX_DEPTH);
    assert!(read(&"{\"a\":".repeat(100_000)).is_err());
}
