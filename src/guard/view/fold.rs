//! Text as patterns see it.

use std::ops::Range;
use std::sync::LazyLock;

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_normalizer::properties::{CanonicalDecompositionBorrowed, Decomposed};

use super::View;
use super::draft::Draft;
use super::look_alike::{Words, is_foreign, latin};
use crate::guard::boundary::floor;

const NFKC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfkc();
const PARTS: CanonicalDecompositionBorrowed<'static> = CanonicalDecompositionBorrowed::new();

/// The text in lower case and in its plainest form: compatibility forms resolved, no marks on Latin, Greek and Cyrillic
/// letters, Latin letters for their look-alikes in words that mix scripts, nothing invisible, and a space for every
/// sign outside ASCII. `None` for ASCII text, whose case the patterns do not mind.
pub(crate) fn fold(text: &str) -> Option<View> {
    if text.is_ascii() {
        return None;
    }
    let bytes = text.as_bytes();
    let mut fold = Fold { draft: Draft::with_capacity(text), words: Words::new(text) };
    let mut at = 0;
    while at < bytes.len() {
        if let plain @ 1.. = bytes[at..].iter().position(|byte| !byte.is_ascii()).unwrap_or(bytes.len() - at) {
            fold.draft.lower(at..at + plain);
            at += plain;
            continue;
        }
        let mut chars = text[at..].chars();
        let Some(c) = chars.next() else { break };
        let end = at + c.len_utf8();
        match way(c) {
            Way::Keep if !chars.next().is_some_and(is_merging) => {
                let run = text[at..].find(|c| way(c) != Way::Keep).map_or(text.len(), |length| at + length);
                // The last letter may merge with what follows.
                let end = if text[run..].starts_with(is_merging) { floor(text, run - 1) } else { run };
                fold.draft.copy(at..end);
                at = end;
                continue;
            }
            Way::Drop => {}
            Way::Gap if c == '€' && is_letter_like(bytes, at..end) => fold.draft.char('e', at..end),
            Way::Gap => fold.draft.char(' ', at..end),
            Way::Letter => fold.letter(c, at..end),
            Way::Keep | Way::Other => {
                let stretch = text[at..].find(|c: char| c.is_ascii() || !matches!(way(c), Way::Other | Way::Keep));
                let end = stretch.map_or(text.len(), |length| at + length);
                fold.other(text, at..end);
                at = end;
                continue;
            }
        }
        at = end;
    }
    Some(fold.draft.finish("folded"))
}

/// The first letter of the table below.
const FIRST: usize = 0xC0;

/// A letter that becomes one letter.
#[derive(Debug, Clone, Copy, Default)]
struct Letter {
    /// What it becomes; zero if that is more than one character, or none.
    plain: char,
    /// What it becomes in a word that mixes scripts; zero if that makes no difference.
    latin: char,
}

/// Latin, Greek and Cyrillic letters.
static LETTERS: LazyLock<[Letter; 0x470]> = LazyLock::new(|| {
    std::array::from_fn(|at| {
        let Some(c) = char::from_u32((FIRST + at) as u32).filter(|&c| way(c) == Way::Letter) else {
            return Letter::default();
        };
        let bare = base(c);
        let latin = Some(bare).filter(|&bare| is_foreign(bare)).and_then(latin).unwrap_or_default();
        let mut lower = bare.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some('ß' | 'æ' | 'œ' | 'þ'), _) | (_, Some(_)) | (None, _) => Letter::default(),
            (Some(c), None) if is_dropped(c) || is_sign(c) => Letter::default(),
            (Some(c), None) => Letter { plain: special(c), latin },
        }
    })
});

/// What becomes of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// It stays.
    Keep,
    /// It goes.
    Drop,
    /// It becomes a space.
    Gap,
    /// It loses its case and its marks.
    Letter,
    /// It takes the full normalisation.
    Other,
}

fn way(c: char) -> Way {
    match c as u32 {
        0x4E00..=0x9FFF | 0x3400..=0x4DBF | 0xAC00..=0xD7A3 | 0x3041..=0x3096 | 0x30A1..=0x30FA | 0x30FC..=0x30FE => {
            Way::Keep
        }
        0x5D0..=0x5EA
        | 0x620..=0x652
        | 0x660..=0x669
        | 0x66E..=0x674
        | 0x679..=0x6D3
        | 0x900..=0x93B
        | 0x93D..=0x957
        | 0x966..=0x97F
        | 0xE01..=0xE32
        | 0xE34..=0xE4E => Way::Keep,
        0x400..=0x52F | 0x1E00..=0x1E99 | 0x1EA0..=0x1EFF => Way::Letter,
        0xD7 | 0xF7 => Way::Gap,
        0x132 | 0x133 | 0x13F | 0x140 | 0x149 | 0x17F | 0x1C4..=0x1CC | 0x1F1..=0x1F3 => Way::Other,
        0xC0..=0x2AF => Way::Letter,
        0x37A | 0x384 | 0x385 | 0x3D0..=0x3D6 | 0x3F0..=0x3F5 | 0x3F9 => Way::Other,
        0x370..=0x3FF => Way::Letter,
        _ if is_dropped(c) => Way::Drop,
        0xAA | 0xB2 | 0xB3 | 0xB5 | 0xB9..=0xBE => Way::Other,
        0x2018 | 0x2019 | 0x2026 | 0x2047..=0x2049 | 0x20A8 => Way::Other,
        0x2000..=0x206F | 0x20A0..=0x20CF | 0x2190..=0x245F | 0x2500..=0x2BFF => Way::Gap,
        0x1F000..=0x1F0FF | 0x1F300..=0x1FAFF => Way::Gap,
        0x3000..=0x3003 | 0x3008..=0x3020 | 0x3030 | 0x30FB => Way::Gap,
        _ => Way::Other,
    }
}

struct Fold<'a> {
    draft: Draft<'a>,
    words: Words<'a>,
}

impl Fold<'_> {
    /// Normalises a stretch. Its characters may have merged, so they stand for the stretch as a whole if it changed.
    fn other(&mut self, text: &str, range: Range<usize>) {
        let stretch = &text[range.clone()];
        if NFKC.is_normalized(stretch) {
            for (at, c) in stretch.char_indices() {
                self.letter(c, range.start + at..range.start + at + c.len_utf8());
            }
        } else {
            for c in NFKC.normalize(stretch).chars() {
                self.letter(c, range.clone());
            }
        }
    }

    fn letter(&mut self, c: char, origin: Range<usize>) {
        if c.is_ascii() {
            return self.draft.char(c.to_ascii_lowercase(), origin);
        }
        if let Some(&Letter { plain, latin }) = (c as usize).checked_sub(FIRST).and_then(|at| LETTERS.get(at))
            && plain != '\0'
        {
            let mixed = latin != '\0' && self.words.is_mixed(origin.start);
            return self.draft.char(if mixed { latin } else { plain }, origin);
        }
        // Marks hide what a letter looks like.
        let bare = base(c);
        if is_foreign(bare)
            && let Some(letter) = latin(bare)
            && self.words.is_mixed(origin.start)
        {
            return self.draft.char(letter, origin);
        }
        for c in bare.to_lowercase() {
            self.lower(c, origin.clone());
        }
    }

    fn lower(&mut self, c: char, origin: Range<usize>) {
        match c {
            'ß' => self.draft.put("ss", origin),
            'æ' => self.draft.put("ae", origin),
            'œ' => self.draft.put("oe", origin),
            'þ' => self.draft.put("th", origin),
            _ if is_dropped(c) => {}
            _ if is_sign(c) => self.draft.char(' ', origin),
            _ => self.draft.char(special(c), origin),
        }
    }
}

/// A Latin, Greek or Cyrillic letter without its marks.
fn base(c: char) -> char {
    let mut c = c;
    while matches!(c as u32, 0xC0..=0x58F | 0x1E00..=0x1FFF) {
        c = match PARTS.decompose(c) {
            Decomposed::Expansion(first, _) | Decomposed::Singleton(first) => first,
            Decomposed::Default => break,
        };
    }
    c
}

/// Letters that are no compatibility form of the letter they stand for.
fn special(c: char) -> char {
    match c {
        'ø' => 'o',
        'ł' => 'l',
        'đ' | 'ð' => 'd',
        'ı' => 'i',
        'ħ' => 'h',
        'ƒ' => 'f',
        'ɑ' => 'a',
        'ɡ' => 'g',
        '’' | '‘' | 'ʼ' => '\'',
        'ᴀ' => 'a',
        'ʙ' => 'b',
        'ᴄ' => 'c',
        'ᴅ' => 'd',
        'ᴇ' => 'e',
        'ꜰ' => 'f',
        'ɢ' => 'g',
        'ʜ' => 'h',
        'ɪ' => 'i',
        'ᴊ' => 'j',
        'ᴋ' => 'k',
        'ʟ' => 'l',
        'ᴍ' => 'm',
        'ɴ' => 'n',
        'ᴏ' => 'o',
        'ᴘ' => 'p',
        'ꞯ' => 'q',
        'ʀ' => 'r',
        'ꜱ' => 's',
        'ᴛ' => 't',
        'ᴜ' => 'u',
        'ᴠ' => 'v',
        'ᴡ' => 'w',
        'ʏ' => 'y',
        'ᴢ' => 'z',
        '\u{1F150}'..='\u{1F169}' => enclosed(c, 0x1F150),
        '\u{1F170}'..='\u{1F189}' => enclosed(c, 0x1F170),
        '\u{1F1E6}'..='\u{1F1FF}' => enclosed(c, 0x1F1E6),
        _ => c,
    }
}

/// White letters on black ground, and the letters that flags are made of.
fn enclosed(c: char, first: u32) -> char {
    char::from(b'a' + (c as u32 - first) as u8 % 26)
}

/// Format characters and marks: what a reader does not see, or sees as decoration of a letter.
pub(super) fn is_dropped(c: char) -> bool {
    matches!(c as u32,
        0xAD | 0x300..=0x36F | 0x61C | 0x115F | 0x1160 | 0x180B..=0x180F | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF
        | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0x20D0..=0x20FF | 0x3164 | 0xFE00..=0xFE0F
        | 0xFE20..=0xFE2F | 0xFEFF | 0xFFA0 | 0xFFF9..=0xFFFB | 0xE0000..=0xE0FFF)
}

fn is_sign(c: char) -> bool {
    if special(c) != c {
        return false;
    }
    matches!(c as u32,
        0x80..=0xBF | 0xD7 | 0xF7 | 0x589 | 0x58A | 0x5BE | 0x5C0 | 0x5C3 | 0x60C | 0x61B | 0x61F | 0x66A..=0x66D
        | 0x6D4 | 0x964 | 0x965 | 0x2000..=0x2BFF | 0x3000..=0x3003 | 0x3008..=0x3020 | 0x3030 | 0x30FB
        | 0xFE10..=0xFE6F | 0xFF00..=0xFF0F | 0xFF1A..=0xFF20 | 0xFFE0..=0xFFFD | 0x1F000..=0x1FAFF)
}

/// Whether a sign touches letters as a letter would, and not as that of a price does.
fn is_letter_like(bytes: &[u8], sign: Range<usize>) -> bool {
    let before = bytes[..sign.start].last().copied().unwrap_or_default();
    let after = bytes.get(sign.end).copied().unwrap_or_default();
    let letters = before.is_ascii_alphabetic() || after.is_ascii_alphabetic();
    letters && !before.is_ascii_digit() && !after.is_ascii_digit()
}

/// Marks and letters that may merge with a kept letter before them.
fn is_merging(c: char) -> bool {
    matches!(c, '\u{3099}' | '\u{309A}' | '\u{653}'..='\u{655}' | '\u{93C}' | '\u{1100}'..='\u{11FF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        fold(text).map_or_else(|| "none".to_owned(), |view| view.text)
    }

    #[test]
    fn ascii_stays() {
        assert_eq!(read("Plain Text"), "none");
    }

    #[test]
    fn letters_lose_case_and_marks() {
        assert_eq!(read("ÖFFNE die Türe, Straße, Łódź, Ærø"), "offne die ture, strasse, lodz, aero");
        assert_eq!(read("Mở cánh cửa"), "mo canh cua");
        assert_eq!(read("Άνοιξε τήν ΠΌΡΤΑ"), "ανοιξε την πορτα");
        assert_eq!(read("Открой ёлку Й"), "открои елку и");
        assert_eq!(read("e\u{301}t\u{335}e\u{301}"), "ete");
    }

    #[test]
    fn compatibility_forms_are_resolved() {
        assert_eq!(read("Ｏｐｅｎ　ｔｈｅ"), "open the");
        assert_eq!(read("𝕺𝖕𝖊𝖓 ⓣⓗⓔ 𝚍𝚘𝚘𝚛 🅽🅾🆆 🇴🇰"), "open the door now ok");
        assert_eq!(read("ᴏᴘᴇɴ ﬁne ½"), "open fine 1 2");
        assert_eq!(read("op€n th€ €nd 5€ €5 5€ a"), "open the end 5   5 5  a");
        assert_eq!(read("ｶﾞ が"), "ガ が");
    }

    #[test]
    fn look_alikes_count_in_mixed_words_only() {
        assert_eq!(read("оpеn the dооr, день"), "open the door, день");
        assert_eq!(read("ΝΕW"), "new");
        assert_eq!(read("рас the хор"), "pac the xop");
        assert_eq!(read("рас и the хор"), "рас и the хор");
    }

    #[test]
    fn unseen_characters_go_and_signs_are_spaces() {
        assert_eq!(read("o\u{200B}p\u{AD}e\u{2060}n\u{FE0F} “it”—now🙂then don’t…"), "open  it  now then don't...");
        assert_eq!(read("打开。门"), "打开 门");
    }

    #[test]
    fn a_place_is_found_again() {
        let view = fold("«Öffne» ＤＩＥ Tür").expect("a view");
        let at = view.text.find("die").expect("there");
        assert_eq!(view.map.origin(at, at + 3), 11..20);
        let at = view.text.find("tur").expect("there");
        assert_eq!(view.map.origin(at, at + 3), 21..25);
    }
}
