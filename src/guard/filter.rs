//! The literal filter: one pass that tells which phrases could match a text at all, and around which places.
//!
//! A deterministic automaton over the rarest few bytes of every literal that phrases need. That of our own rules is
//! made by the build script, so a start costs nothing.

use std::borrow::Cow;
use std::collections::HashMap;

use aho_corasick::automaton::Automaton;
use aho_corasick::{Anchored, StartKind, dfa};

/// An automaton that reports windows: short pieces of literals.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// The class of each byte.
    pub(crate) classes: Cow<'static, [u8]>,
    /// Next states, two bytes each, by state and class.
    pub(crate) table: Cow<'static, [u8]>,
    /// Binary logarithm of the classes that a state has room for.
    pub(crate) shift: u32,
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
        let mut state = 0_u16;
        for (at, &byte) in text.iter().enumerate() {
            let cell = (usize::from(state) << self.shift | usize::from(classes[usize::from(byte)])) * 2;
            let Some(&next) = self.table.get(cell..).and_then(|rest| rest.first_chunk::<2>()) else { return };
            state = u16::from_le_bytes(next);
            if state >= self.first_report {
                let row = usize::from(state - self.first_report);
                for &window in &self.reports[self.offsets[row] as usize..self.offsets[row + 1] as usize] {
                    report(window, at + 1);
                }
            }
        }
    }
}

impl Filter {
    /// The same filter with its windows numbered from `first` on.
    #[must_use]
    pub(crate) fn numbered_from(mut self, first: usize) -> Self {
        self.reports.to_mut().iter_mut().for_each(|window| *window += first as u16);
        self
    }
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
    let mut states = vec![start];
    let mut edges: Vec<Vec<usize>> = Vec::new();
    while edges.len() < states.len() {
        let from = states[edges.len()];
        let step = |&byte: &u8| {
            let to = dfa.next_state(Anchored::No, from, byte);
            *numbers.entry(to).or_insert_with(|| {
                states.push(to);
                states.len() - 1
            })
        };
        edges.push(members.iter().map(step).collect());
    }
    if states.len() > usize::from(u16::MAX) {
        return Err(format!("{} states: too many literals", states.len()));
    }
    let found = |state: usize| -> Vec<u16> {
        let state = states[state];
        let count = if dfa.is_match(state) { dfa.match_len(state) } else { 0 };
        (0..count).map(|index| dfa.match_pattern(state, index).as_u32() as u16).collect()
    };
    Ok(pack(classes, count, &edges, &found))
}

/// Numbers the states so that those that report come last.
fn pack(classes: Vec<u8>, count: u8, edges: &[Vec<usize>], found: &dyn Fn(usize) -> Vec<u16>) -> Filter {
    let shift = usize::from(count).next_power_of_two().trailing_zeros();
    let (quiet, loud): (Vec<usize>, Vec<usize>) = (0..edges.len()).partition(|&state| found(state).is_empty());
    let mut places = vec![0; edges.len()];
    for (new, &old) in quiet.iter().chain(&loud).enumerate() {
        places[old] = new;
    }
    let mut table = vec![0; (edges.len() << shift) * 2];
    for (old, row) in edges.iter().enumerate() {
        for (class, &target) in row.iter().enumerate() {
            let cell = (places[old] << shift | class) * 2;
            table[cell..cell + 2].copy_from_slice(&(places[target] as u16).to_le_bytes());
        }
    }
    let (mut offsets, mut reports) = (vec![0], Vec::new());
    for &state in &loud {
        reports.extend(found(state));
        offsets.push(reports.len() as u32);
    }
    Filter {
        classes: classes.into(),
        table: table.into(),
        shift,
        first_report: quiet.len() as u16,
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
