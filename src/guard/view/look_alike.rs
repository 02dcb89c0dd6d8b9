//! Letters of other scripts that look like Latin ones.

/// The Latin letter, in lower case, that a Cyrillic, Greek or Armenian letter looks like.
pub(super) fn latin(c: char) -> Option<char> {
    Some(match c {
        'а' | 'А' | 'α' | 'Α' => 'a',
        'в' | 'В' | 'β' | 'Β' | 'ь' | 'Ь' => 'b',
        'с' | 'С' | 'ϲ' | 'Ϲ' => 'c',
        'ԁ' | 'Ԁ' => 'd',
        'е' | 'Е' | 'є' | 'Є' | 'ε' | 'Ε' => 'e',
        'ԍ' | 'Ԍ' | 'ց' => 'g',
        'һ' | 'Һ' | 'н' | 'Н' | 'Η' | 'հ' => 'h',
        'і' | 'І' | 'ι' | 'Ι' => 'i',
        'ј' | 'Ј' | 'ϳ' => 'j',
        'к' | 'К' | 'κ' | 'Κ' => 'k',
        'ӏ' | 'Ӏ' => 'l',
        'м' | 'М' | 'Μ' => 'm',
        'п' | 'П' | 'η' | 'Ν' | 'ո' => 'n',
        'о' | 'О' | 'ο' | 'Ο' | 'օ' => 'o',
        'р' | 'Р' | 'ρ' | 'Ρ' => 'p',
        'ԛ' | 'Ԛ' => 'q',
        'г' | 'Г' => 'r',
        'ѕ' | 'Ѕ' => 's',
        'т' | 'Т' | 'τ' | 'Τ' => 't',
        'υ' | 'ս' => 'u',
        'ν' => 'v',
        'ԝ' | 'Ԝ' | 'ω' => 'w',
        'х' | 'Х' | 'χ' | 'Χ' => 'x',
        'у' | 'У' | 'γ' | 'Υ' => 'y',
        'Ζ' => 'z',
        'з' | 'З' => '3',
        _ => return None,
    })
}

/// Whether `c` is a letter of one of these scripts.
pub(super) fn is_foreign(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{58F}') && (is_usual(c) || c.is_alphabetic())
}

/// Which words have their look-alikes read as Latin: those that have Latin letters too, or all if the text has Latin
/// letters and not one letter of another script that looks like none of them.
#[derive(Debug)]
pub(super) struct Words<'a> {
    text: &'a str,
    all: Option<bool>,
    end: usize,
    mixed: bool,
}

impl<'a> Words<'a> {
    /// The words of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, all: None, end: 0, mixed: false }
    }

    /// Whether the word at `at` mixes scripts. Ask from front to back: each word is looked at once.
    pub(super) fn is_mixed(&mut self, at: usize) -> bool {
        let text = self.text;
        let all = *self.all.get_or_insert_with(|| {
            let latin = text.bytes().any(|byte| byte.is_ascii_alphabetic());
            latin && !text.chars().any(|c| is_foreign(c) && latin_only(c).is_none())
        });
        if !all && at >= self.end {
            let start =
                text[..at].char_indices().rev().take_while(|(_, c)| is_inner(*c)).last().map_or(at, |(at, _)| at);
            self.end = text[at..].find(|c| !is_inner(c)).map_or(text.len(), |length| at + length);
            self.mixed = text[start..self.end].chars().any(is_latin);
        }
        all || self.mixed
    }
}

fn latin_only(c: char) -> Option<char> {
    latin(c).filter(char::is_ascii_alphabetic)
}

/// Letters, digits and what stands unseen among them.
fn is_inner(c: char) -> bool {
    is_usual(c) || c.is_alphanumeric() || super::fold::is_dropped(c)
}

/// Whether `c` is one of the letters that most text is made of, which takes no table to tell.
fn is_usual(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | '\u{3B1}'..='\u{3C9}' | '\u{400}'..='\u{481}' | '\u{48A}'..='\u{52F}'
        | '\u{3041}'..='\u{3096}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}')
}

fn is_latin(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{24F}' | '\u{FF21}'..='\u{FF5A}' | '\u{1D400}'..='\u{1D6A3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_letters_are_letters() {
        assert!(('\0'..=char::MAX).filter(|&c| is_usual(c)).all(char::is_alphabetic));
    }
}
