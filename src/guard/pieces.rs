//! Texts that were taken apart into a list.

use crate::syntax::{Kind, Node};

/// Elements from which a list is read as one text.
const MIN_PIECES: usize = 8;

/// A list of characters or of their numbers as the text that it spells.
pub(super) fn pieces(list: Node<'_>) -> Option<String> {
    let mut whole = String::new();
    let mut count = 0;
    for item in list.items() {
        match item.kind() {
            Kind::String => {
                let piece = item.text();
                if piece.chars().nth(2).is_some() {
                    return None;
                }
                whole.push_str(&piece);
            }
            Kind::Number => {
                let code = u32::try_from(item.as_u64()?).ok()?;
                whole.push(char::from_u32(code).filter(|c| !c.is_control() || c.is_whitespace())?);
            }
            _ => return None,
        }
        count += 1;
    }
    (count >= MIN_PIECES && whole.chars().any(char::is_alphabetic)).then_some(whole)
}
