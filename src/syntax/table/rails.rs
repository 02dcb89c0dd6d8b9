//! The tables of `rails routes`: rows of words in columns whose width may change, and blocks of lines.

use super::{Cell, Kind, Line, Table, split, trimmed};

impl Table {
    /// `rails routes`: rows of words, or a block of lines for each route.
    pub(super) fn rails<'t>(&mut self, lines: impl Iterator<Item = Line<'t>>) {
        let mut names = Vec::new();
        let mut block = None;
        let mut end = 0;
        for line in lines {
            let pair = split(line, "|", 2);
            if is_block_head(line.text) {
                self.close(block.take(), end);
                block = Some(self.builder.open(Kind::Object, line.start));
            } else if block.is_some() && pair.len() > 1 {
                self.builder.bare(Kind::String, pair[0].0, pair[0].1);
                self.builder.bare(Kind::String, pair[1].0, pair[1].1);
            } else if is_header(line.text) {
                self.close(block.take(), end);
                let place = |word: &str| {
                    let at = line.start + line.text.find(word).unwrap_or_default();
                    (at, at + word.len())
                };
                names = ["Prefix", "Verb", "URI Pattern", "Controller#Action"].map(place).to_vec();
                self.columns.clear();
            } else if let Some(cells) = cells(line).filter(|_| !names.is_empty()) {
                self.close(block.take(), end);
                self.row(line, &names, &cells);
            } else if !line.text.trim().is_empty() {
                self.close(block.take(), end);
                self.other(line);
            }
            end = line.start + line.text.len();
        }
        self.close(block, end);
    }

    fn close(&mut self, block: Option<u32>, end: usize) {
        if let Some(block) = block {
            self.builder.close(block, end);
        }
    }
}

/// The header of a table.
pub(super) fn is_header(text: &str) -> bool {
    text.split_ascii_whitespace().eq(["Prefix", "Verb", "URI", "Pattern", "Controller#Action"])
        && text.contains("URI Pattern")
}

/// `--[ Route 1 ]-----`
pub(super) fn is_block_head(text: &str) -> bool {
    text.strip_prefix("--[ Route ")
        .and_then(|rest| rest.split_once(" ]"))
        .is_some_and(|(number, dashes)| number.bytes().all(|b| b.is_ascii_digit()) && dashes.bytes().all(|b| b == b'-'))
}

/// The four cells of a row: the path is the first word that begins like one, and what stands before
/// it is a name, a verb, or both.
fn cells(line: Line<'_>) -> Option<Vec<Cell>> {
    let mut words: Vec<Cell> = Vec::new();
    for word in line.text.split_ascii_whitespace() {
        let start = line.start + (word.as_ptr() as usize - line.text.as_ptr() as usize);
        words.push((start, start + word.len()));
        if word.starts_with(['/', '(']) || words.len() > 3 {
            break;
        }
    }
    let path = words.pop().filter(|&(start, _)| line.text[start - line.start..].starts_with(['/', '(']))?;
    let is_verb = |&(start, end): &Cell| {
        line.text[start - line.start..end - line.start]
            .split('|')
            .all(|verb| !verb.is_empty() && verb.bytes().all(|byte| byte.is_ascii_uppercase()))
    };
    let none = |at: usize| (at, at);
    let (name, verb) = match words.as_slice() {
        [] => (none(path.0), none(path.0)),
        [verb] if is_verb(verb) => (none(verb.0), *verb),
        [name] => (*name, none(path.0)),
        [name, verb] if is_verb(verb) => (*name, *verb),
        _ => return None,
    };
    let action = trimmed(line, path.1 - line.start, line.text.len());
    Some(vec![name, verb, path, action])
}
