//! The short way and the full one give the same tree, for what documents hold and for damaged ones.

use std::path::Path;

use super::parse;
use crate::source::{Source, SourceId};
use crate::syntax::yaml::parse_fully;

/// Pieces that mean something to YAML.
const PIECES: [&str; 50] = [
    "a: ",
    "b:",
    "- ",
    "-",
    ":",
    " ",
    "  ",
    "    ",
    "\n",
    "\n\n",
    "\n  ",
    "\n    ",
    "\n- ",
    "\n  - ",
    "#",
    " # c",
    "'",
    "\"",
    "''",
    "\\",
    "\\n",
    "\\u00e9",
    "\\\n",
    "|",
    ">",
    "|-",
    ">+",
    "|2",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ",",
    "? ",
    "&a ",
    "*a",
    "!t ",
    "---",
    "...",
    "%",
    "~",
    "null",
    "12",
    "x",
    "é",
    "\t",
    "<<: ",
    "@",
    "text and more",
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
}

/// Whether the short way read it; it must not read it differently.
fn read(text: &str) -> bool {
    let source = Source::new(SourceId(0), "t", text);
    let Some(quick) = parse(&source) else { return false };
    match parse_fully(&source) {
        Ok(full) => assert!(quick == full, "{text:?}\nshort {quick:#?}\nfull {full:#?}"),
        Err(error) => panic!("{text:?}\nis refused: {}\nshort {quick:#?}", error.message),
    }
    true
}

#[test]
fn what_documents_hold_is_read_here() {
    for text in [
        "a: 1\nb: text here # note\nc:\n  d: 'it''s'\n  e: \"x\\ty\"\n",
        "---\n# note\nlist:\n- a\n- b: 1\n  c: 2\n-   d\nnext: x\n",
        "list:\n  - - a\n    - b\n  -\n    c: d\n  - |\n    text\n\n    more\nlast:\n",
        "a: first\n  second\n\n  third\nb: >-\n  one\n  two\n\n   three\n  four\n\nc: |+\n  x\n\n\nd: >2\n    y\n",
        "a: 'one\n  two\n\n  three'\nb: \"one \\\n  two  \n  three\"\n",
        "a: [x, 1, 'y', [z], {b: c, \"d\":e}]\nb: {}\nc: []\nd: {x: {y: z}}\ne: [\n  a,\n  b,\n  ]\n",
        "200: {description: OK}\n'404':\n  description: 'No'\n\"5xx\": ~\n",
        "a:\n  plain\n  text\nb:\n  \"quoted\"\nc:\n\n  # note\n  d: http://x/#y:z\n",
        "- a\n- b:\n  - c\n  d: e\n",
        "a: -1\nb: ?x\nc: :y\nd: a#b\ne: x:y\nf: é日本\n",
    ] {
        assert!(read(text), "{text:?} is left to the full parser");
    }
}

#[test]
fn what_is_uncertain_is_left_to_the_full_parser() {
    for text in [
        "a: &x 1\nb: *x\n",
        "a: !t 1\n",
        "? a\n: b\n",
        "a:\t1\n",
        "a: 1\r\n",
        "a: 1\n---\nb: 2\n",
        "%YAML 1.2\n---\na: 1\n",
        "a: b: c\n",
        "a:\n    b: 1\n  c: 2\n",
        "a: [b: c]\n",
        "<<: {a: b}\n",
        "a: 'x\n",
        "a: \"\\ud83d\\ude00\"\n",
        "text\n",
        "",
    ] {
        assert!(!read(text), "{text:?}");
    }
}

#[test]
fn damaged_documents_are_read_alike_or_left() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    for folder in ["fixtures", "rules/audit/exposure", "rules/guard/role"] {
        for entry in std::fs::read_dir(root.join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
                texts.push(std::fs::read_to_string(path).expect("a text"));
            }
        }
    }
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut whole = texts.iter().filter(|text| read(text)).count();
    for _ in 0..3000 {
        let text = &texts[random.below(texts.len())];
        // A part is enough: what matters is a few lines long.
        let mut lines = text.split_inclusive('\n').skip(random.below(text.lines().count()));
        let mut part: String = lines.by_ref().take(1 + random.below(12)).collect();
        for _ in 0..random.below(4) {
            let mut at = random.below(part.len());
            while !part.is_char_boundary(at) {
                at -= 1;
            }
            let end = part[at..].char_indices().nth(random.below(4)).map_or(at, |(length, _)| at + length);
            part.replace_range(at..end, PIECES[random.below(PIECES.len())]);
        }
        whole += usize::from(read(&part));
    }
    for _ in 0..6000 {
        let text: String = (0..random.below(14)).map(|_| PIECES[random.below(PIECES.len())]).collect();
        whole += usize::from(read(&text));
    }
    assert!(whole > 1000, "only {whole} were read the short way");
}
