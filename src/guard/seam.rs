//! Words that were cut in two at the end of one value and the beginning of the next.

use super::boundary::{ceil, floor};
use super::payload::Payload;
use super::view::{Map, View};

/// Bytes on each side of a seam: more than a phrase takes.
const AROUND: u32 = 2 << 10;

/// Bytes between the first and the last seam of one part.
const PART: u32 = 64 << 10;

/// A part of a payload's text without the line breaks at which a word could be cut in two.
pub(super) struct Joined {
    /// The text.
    pub(super) view: View,
    /// Where in it a line break was.
    pub(super) cuts: Vec<usize>,
}

/// The values around every such line break; what lies farther from them reads as before. Many of them make several parts,
/// which share enough for a phrase.
pub(super) fn joined(payload: &Payload) -> impl Iterator<Item = Joined> {
    let end = payload.values().last().map_or(0, |leaf| leaf.range().end);
    let bytes = payload.text.as_bytes();
    let cut = |&seam: &usize| {
        let (before, after) = (bytes.get(seam.wrapping_sub(1)), bytes.get(seam + 1));
        before.is_some_and(u8::is_ascii_alphabetic) && after.is_some_and(u8::is_ascii_lowercase)
    };
    let ends = payload.values().map(|leaf| leaf.range().end);
    let seams: Vec<u32> = ends.filter(|&seam| seam < end).filter(cut).map(|seam| seam as u32).collect();
    let mut next = 0;
    std::iter::from_fn(move || {
        let first = *seams.get(next)?;
        let near = seams[next..].windows(2).take_while(|pair| pair[1] - pair[0] <= AROUND && pair[1] - first <= PART);
        let (from, to) = (next, next + near.count() + 1);
        let last = seams[to - 1];
        let goes_on = seams.get(to).is_some_and(|seam| seam - last <= AROUND);
        next = if goes_on { seams.partition_point(|&seam| seam + AROUND <= last).max(from + 1) } else { to };
        Some(join(&payload.text[..end], &seams[from..to]))
    })
}

fn join(text: &str, seams: &[u32]) -> Joined {
    let (first, last) = (seams[0], seams[seams.len() - 1]);
    let (mut from, end) = (floor(text, first.saturating_sub(AROUND) as usize), ceil(text, (last + AROUND) as usize));
    let (mut joined, mut map, mut cuts) = (String::with_capacity(end - from), Map::default(), Vec::new());
    for to in seams.iter().map(|&seam| seam as usize).chain([end]) {
        joined.push_str(&text[from..to]);
        map.push(to - from, from, to);
        cuts.push(joined.len());
        from = to + 1;
    }
    cuts.pop();
    Joined { view: View { name: "joined values", text: joined, map, squeezed: false, hidden: false }, cuts }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn texts(call: &serde_json::Value) -> Vec<(String, Vec<usize>)> {
        let payload = Payload::json(Arc::new(call.to_string()), 128).expect("JSON");
        joined(&payload).map(|joined| (joined.view.text, joined.cuts)).collect()
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
            assert!(text.len() <= 2 * AROUND as usize + 8 && cuts.len() == 1);
        }
        assert!(found[0].0[..found[0].1[0]].ends_with("ig") && found[0].0[found[0].1[0]..].starts_with("nore"));
    }
    #[test]
    fn many_seams_make_parts_that_share_some() {
        let parts = texts(&serde_json::json!(vec!["abcdef"; 40_000]));
        assert!(parts.len() > 3);
        let whole: usize = parts.iter().map(|(text, _)| text.len()).sum();
        assert!(parts.iter().all(|(text, _)| text.len() <= (PART + 2 * AROUND) as usize) && whole < 7 * 40_000);
        // The seams that two parts share are joined in both.
        for (text, cuts) in &parts[1..] {
            assert!(text[..cuts[0]].contains('\n') && !text[cuts[0]..cuts[100]].contains('\n'));
        }
    }
}
