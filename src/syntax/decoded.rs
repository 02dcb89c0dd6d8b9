//! Texts that do not stand in a document as they are read: one behind the other, so that many small ones take little.

/// Texts, each with a number.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Decoded {
    text: String,
    /// Where each ends, and the next one begins.
    ends: Vec<u32>,
}

impl Decoded {
    /// The text that is written now; [`Self::end`] gives it its number.
    pub(super) fn open(&mut self) -> &mut String {
        &mut self.text
    }

    /// Ends the text that is written, and gives its number. No document is so long that its end is not told in 32 bits.
    pub(super) fn end(&mut self) -> u32 {
        self.ends.push(self.text.len() as u32);
        self.ends.len() as u32 - 1
    }

    /// A text by its number.
    pub(super) fn get(&self, number: u32) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.text[start as usize..self.ends[number as usize] as usize]
    }
}
