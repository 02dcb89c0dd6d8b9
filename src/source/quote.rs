//! Texts that are parts of a document.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, Range};
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::SharedText;

/// A text that shares the memory of the document in which it stands, since there may be as many as the document has words.
#[derive(Clone, Default)]
pub struct Quote {
    /// None for the empty text.
    text: Option<SharedText>,
    start: u32,
    end: u32,
}

impl Quote {
    /// A part of a text.
    pub fn new(text: &SharedText, part: Range<usize>) -> Self {
        Self { text: Some(Arc::clone(text)), start: part.start as u32, end: part.end as u32 }
    }

    /// A part of this one.
    #[must_use]
    pub fn part(&self, part: Range<usize>) -> Self {
        Self { text: self.text.clone(), start: self.start + part.start as u32, end: self.start + part.end as u32 }
    }

    /// Its bytes, which are there without a look at where characters begin.
    #[inline]
    fn bytes(&self) -> &[u8] {
        self.text.as_ref().map_or(&[], |text| &text.as_bytes()[self.start as usize..self.end as usize])
    }
}

impl Deref for Quote {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        self.text.as_ref().map_or("", |text| &text[self.start as usize..self.end as usize])
    }
}

impl From<String> for Quote {
    fn from(mut text: String) -> Self {
        text.shrink_to_fit();
        let end = text.len() as u32;
        let text = if text.is_empty() { None } else { Some(Arc::new(text)) };
        Self { text, start: 0, end }
    }
}

impl From<&str> for Quote {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<Cow<'_, str>> for Quote {
    fn from(text: Cow<'_, str>) -> Self {
        Self::from(text.into_owned())
    }
}

impl Borrow<str> for Quote {
    fn borrow(&self) -> &str {
        self
    }
}

impl PartialEq for Quote {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Quote {}

impl PartialOrd for Quote {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quote {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.bytes().cmp(other.bytes())
    }
}

impl Hash for Quote {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl fmt::Debug for Quote {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, out)
    }
}

impl fmt::Display for Quote {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self)
    }
}

impl Serialize for Quote {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}
