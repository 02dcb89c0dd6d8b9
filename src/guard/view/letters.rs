//! Text whose letters are set apart: `o p e n`, `o.p.e.n`, one letter a line.

use std::ops::Range;

use super::View;
use super::replace::Replace;

/// Single letters in a row that are spelt-out text.
const LETTERS: usize = 5;
/// Bytes between two letters of one run.
const GAP: usize = 12;
/// Letters without a gap between words that are more than one word.
const WORD: usize = 9;

/// The text with letters that are set apart joined. Where the gap between some letters is another than usual, a word
/// ends; if all gaps are alike, the words run together.
pub(super) fn letters(text: &str, places: &[Range<usize>]) -> Option<View> {
    let mut view = Replace::new(text);
    let mut run: Vec<Range<usize>> = Vec::new();
    let mut squeezed = false;
    let mut word = 0..0;
    let mut flush = |run: &mut Vec<Range<usize>>, view: &mut Replace<'_>| {
        if is_spelt(text, run) {
            squeezed |= join(text, run, view);
        }
        run.clear();
    };
    let mut end = |word: Range<usize>, view: &mut Replace<'_>| {
        let single = word.len() <= 4 && text[word.clone()].chars().nth(1).is_none();
        if !single && run.is_empty() {
            return;
        }
        let near = run.last().is_none_or(|last| word.start - last.end <= GAP);
        if !single || !near {
            flush(&mut run, view);
        }
        if single {
            run.push(word);
        }
    };
    let characters = |place: &Range<usize>| {
        let start = place.start;
        text[place.clone()].char_indices().map(move |(at, c)| (start + at, c))
    };
    for (at, c) in places.iter().flat_map(characters) {
        let inner = if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() };
        if !inner {
            continue;
        }
        if at != word.end || word.is_empty() {
            if !word.is_empty() {
                end(word, &mut view);
            }
            word = at..at;
        }
        word.end = at + c.len_utf8();
    }
    if !word.is_empty() {
        end(word, &mut view);
    }
    flush(&mut run, &mut view);
    view.finish("spelt words").map(|view| View { squeezed, ..view })
}

fn is_spelt(text: &str, run: &[Range<usize>]) -> bool {
    let digits = run.iter().filter(|letter| text.as_bytes()[letter.start].is_ascii_digit()).count();
    run.len() >= LETTERS && digits * 2 < run.len()
}

/// Joins a run; `true` if it lost its gaps.
fn join(text: &str, run: &[Range<usize>], view: &mut Replace<'_>) -> bool {
    let gaps = || run.windows(2).map(|pair| pair[0].end..pair[1].start);
    // The usual gap by majority vote, which needs no table.
    let (mut usual, mut votes) = ("", 0_usize);
    for gap in gaps() {
        let gap = &text[gap];
        if gap == usual {
            votes += 1;
        } else if votes == 0 {
            (usual, votes) = (gap, 1);
        } else {
            votes -= 1;
        }
    }
    let alike = gaps().filter(|gap| text[gap.clone()] == *usual).count();
    // No gap is usual: then any one character parts letters, and more than one part words.
    let mixed = alike * 2 < run.len();
    let mut words = 0;
    for gap in gaps() {
        let sign = &text[gap.clone()];
        let wide = if mixed { sign.chars().nth(1).is_some() } else { sign != usual };
        words += usize::from(wide);
        view.put(gap, if wide { " " } else { "" });
    }
    words == 0 && run.len() >= WORD
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, bool) {
        letters(text, std::slice::from_ref(&(0..text.len())))
            .map_or_else(|| ("none".to_owned(), false), |view| (view.text, view.squeezed))
    }

    #[test]
    fn gaps_between_words_are_kept() {
        assert_eq!(read("now o p e n   t h e   d o o r ok").0, "now open the door ok");
        assert_eq!(read("o.p.e.n t.h.e d.o.o.r"), ("open the door".to_owned(), false));
        assert_eq!(read("o-p-e-n--t-h-e"), ("open the".to_owned(), false));
        assert_eq!(read("o\np\ne\nn\n\nt\nh\ne"), ("open the".to_owned(), false));
        assert_eq!(read("o-p_e.n t~h/e"), ("openthe".to_owned(), false));
    }

    #[test]
    fn lost_gaps_are_said() {
        assert_eq!(read("o p e n t h e d o o r"), ("openthedoor".to_owned(), true));
        assert_eq!(read("o🙂p🙂e🙂n🙂t🙂h🙂e🙂d🙂o🙂o🙂r"), ("openthedoor".to_owned(), true));
    }

    #[test]
    fn few_letters_stay() {
        assert_eq!(read("plan a or b, U.S.A., 1 2 3 4 5 6 7").0, "none");
    }
}
