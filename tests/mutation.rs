//! Documents with random damage never stop the program: they are read, or refused with a place.

#[path = "support/whole.rs"]
mod whole;

use std::path::Path;

use whole::Whole;

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

/// Pieces that mean something to a reader.
const PIECES: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\n",
    "  ",
    "- ",
    "*a",
    "&a ",
    "<<: ",
    "null",
    "$ref: '#/paths'",
    "\"$ref\": \"#\"",
    "allOf",
    "type",
    "\\ud800",
    "\u{202e}",
    "é",
    "\t",
    "#",
    "0",
];

#[test]
fn damaged_documents_are_read_or_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut texts: Vec<Vec<u8>> = Vec::new();
    let entries = |folder: &Path| std::fs::read_dir(folder).expect("the fixtures");
    for entry in entries(&folder).chain(entries(&folder.join("listings"))) {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            texts.push(std::fs::read(path).expect("a text"));
        }
    }
    texts.sort();
    let whole = Whole::new();
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let (mut read, mut refused) = (0, 0);
    for round in 0..2_000 {
        let mut text = texts[round % texts.len()].clone();
        for _ in 0..=random.below(4) {
            damage(&mut text, &mut random);
        }
        if whole.audit(text) { read += 1 } else { refused += 1 }
    }
    assert!(read > 100 && refused > 100, "{read} read, {refused} refused: the damage is too much or too little");
}

fn damage(text: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(text.len());
    let end = (at + random.below(40)).min(text.len());
    match random.below(5) {
        0 => drop(text.drain(at..end)),
        1 => {
            let copy = text[at..end].to_vec();
            let to = random.below(text.len());
            text.splice(to..to, copy);
        }
        2 => text.truncate(at),
        3 => {
            let piece = PIECES[random.below(PIECES.len())];
            text.splice(at..at, piece.bytes());
        }
        _ => {
            if let Some(byte) = text.get_mut(at) {
                *byte = random.below(256) as u8;
            }
        }
    }
}
