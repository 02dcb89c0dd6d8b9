//! What the guard notices about a text beyond its phrases.

/// A fact about how a text was found, in code because no phrase can say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// The text holds words that no person could see.
    Invisible,
    /// A rule of medium confidence matches only a reading of the text that had to be decoded.
    Encoded,
    /// Beside another match, the words of the text weigh like those of known attacks.
    Weighed,
}

impl Sign {
    /// Every sign, by the word that rule files use for it.
    pub const NAMES: [(&str, Self); 3] =
        [("invisible", Self::Invisible), ("encoded", Self::Encoded), ("weighed", Self::Weighed)];
}
