//! Words without what their number and counting add.

use std::borrow::Cow;

/// A word without its plural ending and without digits at its end, so that `addresses` and `address2` are `address`.
pub fn stem(word: &str) -> String {
    stem_of(word).into_owned()
}

/// The same without a copy, where the word begins with its stem.
pub fn stem_of(word: &str) -> Cow<'_, str> {
    let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let word = if letters.chars().nth(1).is_some() { letters } else { word };
    let length = word.len();
    if !word.ends_with('s') {
        return Cow::Borrowed(word);
    }
    if length >= 5 && word.ends_with("ies") {
        return Cow::Owned(format!("{}y", &word[..length - 3]));
    }
    if length >= 5 && ["sses", "xes", "ches", "shes", "tuses"].iter().any(|ending| word.ends_with(ending)) {
        return Cow::Borrowed(&word[..length - 2]);
    }
    if length >= 4 && !["ss", "us", "is"].iter().any(|ending| word.ends_with(ending)) {
        return Cow::Borrowed(&word[..length - 1]);
    }
    Cow::Borrowed(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_are_singular_and_without_digits() {
        for (word, expected) in [
            ("addresses", "address"),
            ("address2", "address"),
            ("keys", "key"),
            ("status", "status"),
            ("statuses", "status"),
            ("identities", "identity"),
            ("access", "access"),
            ("sms", "sms"),
            ("v2", "v2"),
        ] {
            assert_eq!(stem(word), expected, "{word}");
        }
    }
}
