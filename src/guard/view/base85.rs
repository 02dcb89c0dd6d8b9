//! Text in Ascii85 between `<~` and `~>`.

use memchr::memmem;

use super::replace::Replace;
use super::{View, prose};

/// The text with every Ascii85 run that is itself text decoded.
pub(super) fn base85(text: &str) -> Option<View> {
    let bytes = text.as_bytes();
    let mut view = Replace::new(text);
    let mut at = 0;
    while let Some(start) = memmem::find(&bytes[at..], b"<~").map(|found| at + found) {
        let Some(length) = memmem::find(&bytes[start + 2..], b"~>") else { break };
        at = start + 2 + length + 2;
        if let Some(decoded) = prose::text(&decode(&bytes[start + 2..at - 2])) {
            view.put(start..at, &decoded);
        }
    }
    view.finish("base85")
}

fn decode(digits: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(digits.len() * 4 / 5 + 4);
    let mut group = Vec::with_capacity(5);
    for &digit in digits {
        match digit {
            b'!'..=b'u' => group.push(digit - b'!'),
            // Four zero bytes: no part of a text.
            b'z' => out.push(0),
            _ => {}
        }
        if group.len() == 5 {
            out.extend_from_slice(&value(&group).to_be_bytes());
            group.clear();
        }
    }
    if group.len() > 1 {
        let kept = group.len() - 1;
        group.resize(5, 84);
        out.extend_from_slice(&value(&group).to_be_bytes()[..kept]);
    }
    out
}

fn value(group: &[u8]) -> u32 {
    group.iter().fold(0, |value: u32, &digit| value.wrapping_mul(85).wrapping_add(u32::from(digit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marked_run_is_decoded() {
        let view = base85("x <~:i']OF(HJ<@<?($+EV:.+E2.*DKKq~> y").expect("a view");
        assert_eq!(view.text, "x Please water the plants y");
    }

    #[test]
    fn marks_alone_are_nothing() {
        assert!(base85(&"<~".repeat(500)).is_none());
        assert!(base85("<~~> <~a~>").is_none());
    }
}
