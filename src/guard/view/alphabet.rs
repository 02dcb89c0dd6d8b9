//! Latin text letter by letter in another alphabet: braille, runes.

use super::View;
use super::replace::Replace;

/// Letters in a row that are no ornament.
const LETTERS: usize = 6;

/// The stretches in such letters, in Latin ones.
pub(super) fn alphabets(text: &str) -> Option<View> {
    let bytes = text.as_bytes();
    let mut leads = memchr::memchr2_iter(0xE1, 0xE2, bytes);
    if !leads.any(|at| matches!(bytes[at..], [0xE2, 0xA0..=0xA3, ..] | [0xE1, 0x9A | 0x9B, ..])) {
        return None;
    }
    let mut view = Replace::new(text);
    let mut stretch = (0, String::new());
    let mut finish = |(start, reading): &mut (usize, String), end: usize| {
        if reading.chars().filter(char::is_ascii_lowercase).count() >= LETTERS {
            view.put(*start..end, reading.trim_end());
        }
        reading.clear();
    };
    for (at, c) in text.char_indices() {
        match latin(c) {
            Some(letters) => {
                if stretch.1.is_empty() {
                    stretch.0 = at;
                }
                stretch.1.push_str(letters);
            }
            None if c.is_ascii() && !c.is_ascii_alphanumeric() && !stretch.1.is_empty() => stretch.1.push(c),
            None => finish(&mut stretch, at),
        }
    }
    finish(&mut stretch, text.len());
    view.finish("other alphabet")
}

/// What a letter of braille or a rune says in Latin letters.
fn latin(c: char) -> Option<&'static str> {
    /// Braille by its number from U+2800 on, as English writes it without contractions.
    const BRAILLE: [&str; 64] = [
        " ", "a", "", "b", "'", "k", "", "l", "", "c", "i", "f", "", "m", "s", "p", "", "e", "", "h", "", "o", "", "r",
        "", "d", "j", "g", "", "n", "t", "q", "", "", "", "", "", "u", "", "v", "", "", "", "", "", "x", "", "", "",
        "", "", "", "", "z", "", "", "", "", "w", "", "", "y", "", "",
    ];
    Some(match c as u32 {
        code @ 0x2800..=0x283F => BRAILLE[(code - 0x2800) as usize],
        0x2840..=0x28FF => "",
        0x16A0 => "f",
        0x16A2 => "u",
        0x16A1 => "v",
        0x16A6 => "th",
        0x16A8..=0x16AB | 0x16C5 | 0x16C6 => "a",
        0x16AC | 0x16AE | 0x16AF | 0x16DF => "o",
        0x16B1 => "r",
        0x16B2..=0x16B4 | 0x16CD => "c",
        0x16B5 | 0x16B7 | 0x16B8 => "g",
        0x16B9 => "w",
        0x16BA..=0x16BD => "h",
        0x16BE..=0x16C0 => "n",
        0x16C1 | 0x16C2 | 0x16C7 => "i",
        0x16C3 | 0x16C4 | 0x16E1 => "j",
        0x16C8 | 0x16D4 | 0x16D5 => "p",
        0x16C9 | 0x16CE => "z",
        0x16CA..=0x16CC => "s",
        0x16CF | 0x16D0 => "t",
        0x16D1 | 0x16DE | 0x16A7 => "d",
        0x16D2 | 0x16D3 => "b",
        0x16D6 => "e",
        0x16D7 | 0x16D8 => "m",
        0x16DA | 0x16DB => "l",
        0x16DC | 0x16DD => "ng",
        0x16E3 | 0x16E4 => "k",
        0x16A3 | 0x16A4 | 0x16E6 => "y",
        0x16E2 | 0x16E9 => "q",
        0x16EA => "x",
        0x16EB..=0x16ED => " ",
        code if (0x16A0..=0x16FF).contains(&code) => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_read() {
        let read = |text: &str| alphabets(text).map(|view| view.text);
        assert_eq!(read("Note: ⠺⠁⠞⠑⠗⠀⠞⠓⠑ ⠏⠇⠁⠝⠞⠎.").expect("a view"), "Note: water the plants.");
        assert_eq!(read("ᚹᚨᛏᛖᚱ ᛏᚺᛖ ᛈᛚᚨᚾᛏᛊ").expect("a view"), "water the plants");
        assert!(read("loading ⠋⠙ ᚠ").is_none());
    }
}
