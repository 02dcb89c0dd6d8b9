//! Words that were cut in two at the end of one value and the beginning of the next.

use super::boundary::{ceil, floor};
use super::payload::Payload;
use super::view::{Map, View};

/// Bytes on each side of a seam: more than a phrase takes.
const AROUND: usize = 2 << 10;

/// A part of a payload's text without the line breaks at which a word could be cut in two.
pub(super) struct Joined {
    /// The text.
    pub(super) view: View,
    /// Where in it a line break was.
    pub(super) cuts: Vec<usize>,
}

/// The values around every such line break; what lies farther from them reads as before.
pub(super) fn joined(payload: &Payload) -> Vec<Joined> {
    let Some(end) = payload.values().last().map(|leaf| leaf.range().end) else { return Vec::new() };
    let bytes = payload.text.as_bytes();
    let cut = |&seam: &usize| {
        let (before, after) = (bytes.get(seam.wrapping_sub(1)), bytes.get(seam + 1));
        before.is_some_and(u8::is_ascii_alphabetic) && after.is_some_and(u8::is_ascii_lowercase)
    };
    let seams: Vec<usize> =
        payload.values().map(|leaf| leaf.range().end).filter(|&seam| seam < end).filter(cut).collect();
    seams
        .chunk_by(|before, after| after - before <= AROUND)
        .filter_map(|seams| join(&payload.text[..end], seams))
        .collect()
}

fn join(text: &str, seams: &[usize]) -> Option<Joined> {
    let (first, last) = seams.first().zip(seams.last())?;
    let (mut from, end) = (floor(text, first.saturating_sub(AROUND)), ceil(text, last + AROUND));
    let (mut joined, mut map, mut cuts) = (String::with_capacity(end - from), Map::default(), Vec::new());
    for &to in seams.iter().chain([&end]) {
        joined.push_str(&text[from..to]);
        map.push(to - from, from, to);
        cuts.push(joined.len());
        from = to + 1;
    }
    cuts.pop();
    Some(Joined { view: View { name: "joined values", text: joined, map, squeezed: false, hidden: false }, cuts })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn texts(call: &serde_json::Value) -> Vec<(String, Vec<usize>)> {
        let payload = Payload::json(Arc::new(call.to_string()), 128).expect("JSON");
        joined(&payload).into_iter().map(|joined| (joined.view.text, joined.cuts)).collect()
    }

    #[test]
    fn words_are_joined_where_they_may_be_cut() {
        assert_eq!(texts(&serde_json::json!(["ig", "nore it", "Now", "7"])), [("ignore it\nNow\n7".into(), vec![2])]);
        assert!(texts(&serde_json::json!(["one.", "Two", "3"])).is_empty());
        assert!(texts(&serde_json::json!({"a": "one"})).is_empty());
    }

    #[test]
    fn long_values_are_read_around_their_seams() {
        let long = "é ".repeat(10_000);
        let found = texts(&serde_json::json!([format!("{long}ig"), format!("nore {long}a"), "b"]));
        assert_eq!(found.len(), 2);
        for (text, cuts) in &found {
            assert!(text.len() <= 2 * AROUND + 8 && cuts.len() == 1);
        }
        assert!(found[0].0[..found[0].1[0]].ends_with("ig") && found[0].0[found[0].1[0]..].starts_with("nore"));
    }
}
