//! The literal filter: one pass that tells which phrases could match a text at all, and around which places.
//!
//! A deterministic automaton over the rarest few bytes of every literal that phrases need. That of our own rules is
//! made by the build script, so a start costs nothing. The states that texts are mostly in have a row for all classes of
//! bytes; the others, which are by far the most, name only where they go on and which shorter beginning they fall back to.

use std::borrow::Cow;
use std::collections::HashMap;

use aho_corasick::automaton::Automaton;
use aho_corasick::{Anchored, StartKind, dfa};

use super::lists::Lists;

/// Bytes of the longest beginning of a window whose state has a row for all classes.
const SHALLOW: usize = 2;

/// An automaton that reports windows: short pieces of literals.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// The class of each byte.
    pub(crate) classes: Cow<'static, [u8]>,
    /// Next states, two bytes each, by state and class: of the first states.
    pub(crate) table: Cow<'static, [u8]>,
    /// Binary logarithm of the classes that a state has room for.
    pub(crate) shift: u32,
    /// Of the other states: the one to fall back to, then classes, each with the next state.
    pub(crate) rest: Lists,
    /// States from here on report windows.
    pub(crate) first_report: u16,
    /// For each reporting state where its windows begin in `reports`, and at last where they end.
    pub(crate) offsets: Cow<'static, [u32]>,
    /// Windows.
    pub(crate) reports: Cow<'static, [u16]>,
}

impl Filter {
    /// Calls `report` with the window and the offset behind it, for every window that ends in `text`.
    pub(crate) fn scan(&self, text: &[u8], mut report: impl FnMut(u16, usize)) {
        let Some(classes) = self.classes.first_chunk::<256>() else { return };
        let cells = self.table.as_chunks::<2>().0;
        let rows = (cells.len() >> self.shift) as u16;
        let mut state = 0_u16;
        for (at, &byte) in text.iter().enumerate() {
            let class = classes[usize::from(byte)];
            state = loop {
                if state < rows {
                    let Some(next) = cells.get(usize::from(state) << self.shift | usize::from(class)) else { return };
                    break u16::from_le_bytes(*next);
                }
                let Some((&shorter, ways)) = self.rest.get(state - rows).split_first() else { return };
                match ways.as_chunks::<2>().0.iter().find(|way| way[0] == u16::from(class)) {
                    Some(way) => break way[1],
                    None => state = shorter,
                }
            };
            if state >= self.first_report {
                let row = usize::from(state - self.first_report);
                for &window in &self.reports[self.offsets[row] as usize..self.offsets[row + 1] as usize] {
                    report(window, at + 1);
                }
            }
        }
    }

    /// The same filter with its windows numbered from `first` on.
    #[must_use]
    pub(crate) fn numbered_from(mut self, first: usize) -> Self {
        self.reports.to_mut().iter_mut().for_each(|window| *window += first as u16);
        self
    }
}

/// A state of an automaton over classes of bytes.
struct State {
    /// Classes of the bytes that lead to it on the shortest way.
    path: Vec<u8>,
    /// Where it goes on, by class.
    next: Vec<usize>,
    /// The windows that end there.
    found: Vec<u16>,
}

/// Makes the automaton for some windows, whose numbers are their places.
///
/// # Errors
/// When it would have more states than there are numbers for.
pub(crate) fn build(windows: &[&str]) -> Result<Filter, String> {
    let dfa = dfa::Builder::new()
        .ascii_case_insensitive(true)
        .start_kind(StartKind::Unanchored)
        .build(windows)
        .map_err(|error| error.to_string())?;
    let (classes, count) = byte_classes(windows);
    let members: Vec<u8> =
        (0..count).filter_map(|class| (0..=255).find(|&byte| classes[usize::from(byte)] == class)).collect();
    let start = dfa.start_state(Anchored::No).map_err(|error| error.to_string())?;
    let mut numbers = HashMap::from([(start, 0)]);
    let mut ids = vec![start];
    let mut states = vec![State { path: Vec::new(), next: Vec::new(), found: Vec::new() }];
    let mut at = 0;
    while at < states.len() {
        for (class, &byte) in members.iter().enumerate() {
            let to = dfa.next_state(Anchored::No, ids[at], byte);
            let number = *numbers.entry(to).or_insert_with(|| {
                let path = states[at].path.iter().copied().chain([class as u8]).collect();
                let count = if dfa.is_match(to) { dfa.match_len(to) } else { 0 };
                let found = (0..count).map(|index| dfa.match_pattern(to, index).as_u32() as u16).collect();
                states.push(State { path, next: Vec::new(), found });
                ids.push(to);
                states.len() - 1
            });
            states[at].next.push(number);
        }
        at += 1;
    }
    if states.len() > usize::from(u16::MAX) {
        return Err(format!("{} states: too many literals", states.len()));
    }
    Ok(pack(classes, count, &states))
}

/// Numbers the states so that those with a row come first and those that report last.
fn pack(classes: Vec<u8>, count: u8, states: &[State]) -> Filter {
    let shift = usize::from(count).next_power_of_two().trailing_zeros();
    let mut order: Vec<usize> = (0..states.len()).collect();
    let rank = |state: &State| (!state.found.is_empty(), state.path.len() > SHALLOW);
    order.sort_by_key(|&state| rank(&states[state]));
    let rows = order.iter().filter(|&&state| rank(&states[state]) == (false, false)).count();
    let mut places = vec![0; states.len()];
    for (new, &old) in order.iter().enumerate() {
        places[old] = new as u16;
    }
    let mut table = vec![0; (rows << shift) * 2];
    for (new, &old) in order[..rows].iter().enumerate() {
        for (class, &target) in states[old].next.iter().enumerate() {
            let cell = (new << shift | class) * 2;
            table[cell..cell + 2].copy_from_slice(&places[target].to_le_bytes());
        }
    }
    let rest = order[rows..].iter().map(|&old| {
        let state = &states[old];
        // What it would be without the first byte of its way. It goes the same ways but for those it has of its own.
        let shorter = state.path[1..].iter().fold(0, |at: usize, &class| states[at].next[usize::from(class)]);
        let ways = state.next.iter().zip(&states[shorter].next).enumerate();
        let own = ways.filter(|(_, (own, other))| own != other);
        std::iter::once(places[shorter])
            .chain(own.flat_map(|(class, (&target, _))| [class as u16, places[target]]))
            .collect()
    });
    let rest = rest.collect();
    let loud = order.iter().filter(|&&state| !states[state].found.is_empty());
    let (mut offsets, mut reports) = (vec![0], Vec::new());
    for &state in loud.clone() {
        reports.extend(&states[state].found);
        offsets.push(reports.len() as u32);
    }
    Filter {
        classes: classes.into(),
        table: table.into(),
        shift,
        rest,
        first_report: (states.len() - loud.count()) as u16,
        offsets: offsets.into(),
        reports: reports.into(),
    }
}

/// Bytes that no window tells apart share a class; capitals count as small letters.
fn byte_classes(windows: &[&str]) -> (Vec<u8>, u8) {
    let mut classes = vec![0; 256];
    let mut count = 1;
    for byte in windows.iter().flat_map(|window| window.bytes()) {
        let class = &mut classes[usize::from(byte)];
        if *class == 0 {
            *class = count;
            count += 1;
        }
    }
    for byte in b'A'..=b'Z' {
        classes[usize::from(byte)] = classes[usize::from(byte.to_ascii_lowercase())];
    }
    (classes, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_window_is_found_wherever_it_ends() {
        let windows = ["he", "she", "hers", "his", "is", "sheriff", "é", "hé", "an", "banana"];
        let filter = build(&windows).expect("few windows");
        for text in ["ushers", "This SHERIFF", "sherisheriffhé", "bananabanan", "h\u{c3}\u{a9}", "", "zzz"] {
            let mut found = Vec::new();
            filter.scan(text.as_bytes(), |window, end| found.push((end, windows[usize::from(window)])));
            found.sort_unstable();
            let lower = text.to_ascii_lowercase();
            let ends =
                |end: usize| windows.iter().filter(move |window| lower.as_bytes()[..end].ends_with(window.as_bytes()));
            let mut expected: Vec<_> =
                (1..=text.len()).flat_map(|end| ends.clone()(end).map(move |window| (end, *window))).collect();
            expected.sort_unstable();
            assert_eq!(found, expected, "{text}");
        }
    }
}
