//! Text in letters that stand on their heads: `uǝdo`.

use super::View;
use super::replace::Replace;

/// Turned letters that make a text a turned one.
const LETTERS: usize = 3;

/// The lines with turned letters, turned back.
pub(super) fn turned(text: &str) -> Option<View> {
    let mut view = Replace::new(text);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim_end_matches('\n');
        if body.chars().filter(|&c| is_turned(c)).count() >= LETTERS {
            let reading: String = body.chars().rev().map(upright).collect();
            view.put(start..start + body.len(), &reading);
        }
        start += line.len();
    }
    view.finish("upside-down letters")
}

/// Letters that hardly any language writes: `ı` is Turkish, `¿` Spanish.
fn is_turned(c: char) -> bool {
    !c.is_ascii() && !matches!(c, 'ı' | 'ſ' | '˙' | 'ɓ' | '¿') && upright(c) != c
}

/// The letter that `c` shows upside down.
fn upright(c: char) -> char {
    match c {
        'ɐ' => 'a',
        'q' => 'b',
        'ɔ' => 'c',
        'p' => 'd',
        'ǝ' => 'e',
        'ɟ' => 'f',
        'ƃ' | 'ɓ' => 'g',
        'ɥ' => 'h',
        'ᴉ' | 'ı' => 'i',
        'ɾ' | 'ſ' => 'j',
        'ʞ' => 'k',
        'ן' | 'ʅ' => 'l',
        'ɯ' => 'm',
        'u' => 'n',
        'd' => 'p',
        'b' => 'q',
        'ɹ' => 'r',
        'ʇ' => 't',
        'n' => 'u',
        'ʌ' => 'v',
        'ʍ' => 'w',
        'ʎ' => 'y',
        '˙' => '.',
        '¿' => '?',
        'M' => 'W',
        'W' => 'M',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_turned_back() {
        let view = turned("ok:\nsʇuɐןd ǝɥʇ ɹǝʇɐʍ\n").expect("a view");
        assert_eq!(view.text, "ok:\nwater the plants\n");
        assert_eq!(turned("¿ʇɐɥʇ sɐʍ ʇɐɥM").expect("a view").text, "What was that?");
        assert!(turned("ʇ alone").is_none());
        assert!(turned("¿Qué? ¿Cómo? ¿Cuándo?").is_none());
    }
}
