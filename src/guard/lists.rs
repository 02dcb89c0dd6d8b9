//! Lists of numbers, one for each of a row of things, put end to end; and texts that stand among others.

use std::borrow::Cow;
use std::ops::Range;

/// Lists without a pointer for each, so that those of our own rules need no work at the start of the program.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lists {
    /// Where each list begins, and at last where the last one ends.
    pub(crate) offsets: Cow<'static, [u32]>,
    /// What the lists hold.
    pub(crate) data: Cow<'static, [u16]>,
}

impl Lists {
    /// The list with this number; none beyond the last.
    pub(crate) fn get(&self, number: u16) -> &[u16] {
        let from = usize::from(number);
        let bounds = self.offsets.get(from).zip(self.offsets.get(from + 1));
        bounds.map_or(&[], |(&start, &end)| &self.data[start as usize..end as usize])
    }

    /// How many lists there are.
    pub(crate) fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }
}

impl FromIterator<Vec<u16>> for Lists {
    fn from_iter<T: IntoIterator<Item = Vec<u16>>>(lists: T) -> Self {
        let (mut offsets, mut data) = (vec![0], Vec::new());
        for list in lists {
            data.extend(list);
            offsets.push(data.len() as u32);
        }
        Self { offsets: offsets.into(), data: data.into() }
    }
}

/// Where a text stands among others, to which it is added if it does not.
pub(crate) fn keep(all: &mut String, text: &str) -> Range<u32> {
    let start = all.find(text).unwrap_or_else(|| {
        all.push_str(text);
        all.len() - text.len()
    });
    start as u32..(start + text.len()) as u32
}

/// The number of an item among others, to which it is added if it is not there.
pub(crate) fn number<T: PartialEq>(all: &mut Vec<T>, item: T) -> u16 {
    let at = all.iter().position(|known| *known == item).unwrap_or_else(|| {
        all.push(item);
        all.len() - 1
    });
    at as u16
}
