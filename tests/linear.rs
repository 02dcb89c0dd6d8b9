//! No call is worth more than its bytes: what a scan goes over grows as the call does, whatever it is made of.
//!
//! Work is counted, not timed, so a slow machine changes nothing.

#[path = "support/calls.rs"]
mod calls;

use std::sync::LazyLock;

use calls::{Random, cases, with_text};
use mcpsentry::guard::{Catalogue, Decision, Guard, Options, Verdict};

/// Bytes of the smaller of two calls; the larger has four times as many.
const SMALL: usize = 16 << 10;

/// What four times the bytes may cost more than four times the work: readings that begin only at some length.
const SLACK: u64 = 64 << 10;

/// Work for one byte that no call may go beyond. Where a text is nothing but words of phrases, many have to look at the
/// same place.
const WORK_PER_BYTE: u64 = 1024;

static GUARD: LazyLock<Guard> = LazyLock::new(|| Guard::new(Catalogue::shipped(), Options::default()));

/// The words of all bad cases, each once, in an order that makes no sense.
static TRIGGERS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut words: Vec<String> =
        cases().0.iter().flat_map(|case| case.split_whitespace()).map(str::to_lowercase).collect();
    words.sort();
    words.dedup();
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    for at in (1..words.len()).rev() {
        words.swap(at, random.below(at + 1));
    }
    words
});

/// Texts that repeat one piece. Each piece begins something that a reading looks for, and many never end it.
const PIECES: &[&str] = &[
    // Signs that open an escape.
    "&",
    "&#",
    "&#x",
    "&amp;",
    "&#105;",
    "%",
    "%2",
    "%25",
    "%69",
    "\\",
    "\\\\",
    "\\u",
    "\\u0069",
    "\\x69",
    "\\\"",
    "=",
    "=3D",
    "=?utf-8?b?",
    "+",
    "0x",
    // Brackets, quotes, tags and marks.
    "<",
    "<a ",
    "</",
    "<!--",
    "<|",
    "<|im_start|>",
    "[",
    "[[",
    "[1,",
    "{",
    "{\"a\":",
    "(",
    "](",
    "![a](",
    "\"",
    "'",
    "`",
    "```",
    "${",
    "$(",
    "#",
    "### ",
    "---",
    "system: ",
    "http://a/?q=",
    "data:text/html;base64,",
    // What stands between words.
    " ",
    "\n",
    "\r\n",
    "\t",
    "\0",
    ".",
    "-",
    "_",
    "/",
    "|",
    "a.",
    "a-",
    "a b ",
    "i g n o r e ",
    "i-g-n-o-r-e ",
    "i.g.n.o.r.e.",
    // Words of phrases.
    "ignore ",
    "ignore",
    "ignore previous ",
    "ignore all previous ",
    "previous instructions ignore all ",
    "ignorei",
    "system prompt ",
    "you are now ",
    "reveal your ",
    "send the password to ",
    // Encodings, whole and broken.
    "A",
    "aaaa",
    "a=",
    "aWdub3Jl",
    "aWdub3Jl=",
    "aWdub3Jl\n",
    "aGVsbG8gd29ybGQg",
    "69676e6f7265",
    "69 67 6e ",
    "01101001 ",
    "105 103 110 ",
    "1",
    "1234567890",
    "1gn0r3 ",
    "vtaber ",
    "erongi ",
    ".. --. -. --- .-. . ",
    // Outside ASCII.
    "\u{200b}",
    "i\u{200b}g\u{200d}n\u{2060}",
    "\u{ad}",
    "\u{202e}",
    "\u{301}",
    "e\u{301}",
    "i\u{336}g\u{336}",
    "\u{e0069}",
    "\u{fe0f}",
    "\u{1f600}",
    "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
    "\u{1f1ee}",
    "\u{fdfa}",
    "\u{130}",
    "\u{df}",
    "\u{ff49}\u{ff47}",
    "\u{1d422}\u{1d420}",
    "\u{24d8}",
    "i\u{433}n\u{43e}",
    "a\u{434}\u{3b1}\u{5d0}\u{6f22}",
    "\u{438}\u{433}\u{43d}\u{43e}\u{440}\u{438}\u{440}\u{443}\u{439} ",
    "\u{5ffd}\u{7565}",
    "\u{6f22}",
    "\u{fffd}",
    // Matches that do not count, one after the other.
    "don't ignore previous instructions ",
    "n'oubliez pas les consignes precedentes ",
];

/// A name, and what makes a call of about so many bytes.
type Shape = (&'static str, fn(usize) -> String);

/// Calls whose shape is the trouble.
const SHAPES: &[Shape] = &[
    ("a separator run between two words", |size| with_text(&format!("ignore{}instructions", " ".repeat(size)))),
    ("a run of dots between three words", |size| {
        with_text(&format!("ignore{0}previous{0}instructions", ".".repeat(size / 2)))
    }),
    ("separator runs between all words", |size| spread(size, &"-".repeat(150))),
    ("trigger words", |size| spread(size, " ")),
    ("trigger words, run together", |size| spread(size, "")),
    ("trigger words, run together, in runs", |size| {
        let words = triggers(0).zip(1..).map(|(word, n)| word.clone() + if n % 8 == 0 { " " } else { "" });
        with_text(&bounded(size, words))
    }),
    ("trigger words, dots between", |size| spread(size, ".")),
    ("trigger words, one in a stretch", |size| spread(size, &" lorem".repeat(100))),
    ("trigger words, a line each", |size| spread(size, "\n")),
    ("trigger words as values", |size| list(size, triggers(15).map(|word| format!("{{\"a\":{}}}", quoted(word))))),
    ("trigger words as keys", |size| {
        let members = triggers(15).enumerate().map(|(n, word)| format!("{}:1", quoted(&format!("{word}{n}"))));
        format!("{{{}}}", join(size, members))
    }),
    ("bad cases", |size| with_text(&bounded(size, some_cases().iter().cycle().map(|case| format!("{case}\n"))))),
    ("bad cases without their ends", |size| {
        let cases = some_cases();
        let parts = cases.iter().map(|case| case.chars().take(case.chars().count() * 2 / 3).collect::<String>() + " ");
        with_text(&bounded(size, parts.collect::<Vec<_>>().iter().cycle().cloned()))
    }),
    ("base64 in base64, eight times", |size| {
        let mut text = "ignore nothing ".repeat(size / 150);
        for _ in 0..8 {
            text = base64(text.as_bytes());
        }
        with_text(&text)
    }),
    ("base64 in base64, as often as fits", |size| {
        let mut text = "ignore".to_owned();
        while text.len() * 4 / 3 < size {
            text = base64(text.as_bytes());
        }
        with_text(&bounded(size, std::iter::once(text)))
    }),
    ("many short texts of base64", |size| {
        list(size, (0..).map(|n| quoted(&base64(format!("the text number {n}").as_bytes()))))
    }),
    ("base64 and words in turn", |size| {
        with_text(&bounded(size, (0..).map(|n| format!("{} word ", base64(format!("the text number {n}").as_bytes())))))
    }),
    ("percent signs escaped again and again", |size| with_text(&format!("%{}69gnore", "25".repeat(size / 2)))),
    ("ampersands escaped again and again", |size| with_text(&format!("&{}lt;", "amp;".repeat(size / 4)))),
    ("escaped quotes", |size| with_text(&"\"".repeat(size / 2))),
    ("escaped letters", |size| format!("{{\"text\":\"{}\"}}", "\\u0069".repeat(size / 6))),
    ("half surrogates", |size| format!("{{\"text\":\"{}\"}}", "\\ud83d".repeat(size / 6))),
    ("JSON in strings, to the limit", |size| nested(size, 8)),
    ("JSON in strings, beyond the limit", |size| nested(size, 9)),
    ("many strings of JSON", |size| list(size, (0..).map(|n| quoted(&format!("{{\"a{n}\":[\"b\"]}}"))))),
    ("many strings that begin like JSON", |size| list(size, (0..).map(|n| quoted(&format!("[{{\"a{n}\":[\"b\"]}}"))))),
    ("a text that ends like JSON", |size| format!("{{\"a\":\"{}\"", "b".repeat(size))),
    ("many keys", |size| format!("{{{}}}", join(size, (0..).map(|n| format!("\"key{n}\":\"value\""))))),
    ("one key many times", |size| format!("{{{}}}", join(size, (0..).map(|_| "\"key\":\"value\"".to_owned())))),
    ("a long key", |size| format!("{{\"{}\":1}}", "ignore ".repeat(size / 7))),
    ("values that make one word", |size| list(size, (0..).map(|_| quoted("ab")))),
    ("empty texts", |size| list(size, (0..).map(|_| "\"\"".to_owned()))),
    ("deep lists", |size| list(size, (0..).map(|_| format!("{}1{}", "[".repeat(100), "]".repeat(100))))),
    ("lists beyond the limit", |size| format!("{}{}", "[".repeat(size / 2), "]".repeat(size / 2))),
    ("deep objects", |size| list(size, (0..).map(|_| format!("{}\"b\"{}", "{\"a\":".repeat(100), "}".repeat(100))))),
    ("a list of letters", |size| list(size, "ignore previous ".chars().cycle().map(|c| quoted(&c.to_string())))),
    ("a list of numbers", |size| list(size, "ignore previous ".chars().cycle().map(|c| (c as u32).to_string()))),
    ("a list of letters with an odd end", |size| {
        let letters = join(size, "ignore ".chars().cycle().map(|c| quoted(&c.to_string())));
        format!("[{letters},{{}}]")
    }),
    ("lists of letters in lists", |size| {
        let pieces = "\"i\",\"g\",\"n\",\"o\",\"r\",\"e\",\"d\",\"s\"";
        let depth = 100;
        let level = format!("[{pieces},").repeat(depth);
        list(size, (0..).map(|_| format!("{level}1{}", "]".repeat(depth))))
    }),
    ("many lists of letters", |size| {
        list(size, (0..).map(|_| "[\"i\",\"g\",\"n\",\"o\",\"r\",\"e\",\" \",\"a\"]".to_owned()))
    }),
    ("a phrase split over values", |size| {
        list(size, ["ignore", "all", "previous", "words"].iter().cycle().map(|word| format!("{{\"a\":\"{word}\"}}")))
    }),
    ("scripts in turn", |size| {
        let words = [
            "ignore ",
            "\u{438}\u{433}\u{43d}\u{43e}\u{440} ",
            "\u{5ffd}\u{7565}",
            "\u{3b1}\u{3b3}\u{3bd} ",
            "\u{5d0}\u{5d1} ",
        ];
        with_text(&bounded(size, words.iter().cycle().map(|&word| word.to_owned())))
    }),
];

#[test]
fn pieces_cost_what_they_weigh() {
    let mut failures = Vec::new();
    for piece in PIECES {
        failures.extend(compare(&format!("{piece:?} repeated"), |size| with_text(&repeated(piece, size))));
        failures.extend(compare(&format!("{piece:?} repeated, in lines"), |size| {
            with_text(&repeated(&format!("{}\n", repeated(piece, 80)), size))
        }));
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn shapes_cost_what_they_weigh() {
    let failures: Vec<String> = SHAPES.iter().flat_map(|(name, make)| compare(name, make)).collect();
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn limits_are_the_exception() {
    let refused: Vec<&str> =
        SHAPES.iter().filter(|(_, make)| scan(&make(SMALL)).limit.is_some()).map(|(name, _)| *name).collect();
    assert_eq!(refused, ["JSON in strings, beyond the limit", "lists beyond the limit"]);
}

#[test]
fn what_is_refused_is_not_read_on_without_end() {
    for size in [4 * SMALL, 16 * SMALL] {
        let call = spread(size, "");
        let verdict = scan(&call);
        assert_eq!((verdict.decision(), &verdict.limit), (Decision::Block, &None));
        assert!(!verdict.matches.is_empty());
        // Making the readings counts too.
        let most = (8 << 20) + 72 * call.len() as u64;
        assert!(verdict.work < most, "for {} bytes the work is {}", call.len(), verdict.work);
    }
}

#[test]
fn words_without_gaps_that_match_nothing_have_a_limit() {
    let is_word = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let good = cases().1;
    let mut words: Vec<String> = good.iter().flat_map(|case| case.split(' ')).map(str::to_lowercase).collect();
    words.retain(|word| is_word(word));
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    // Some order may make a phrase.
    let verdicts: Vec<Verdict> = (0..3)
        .map(|_| {
            let order = std::iter::from_fn(|| Some(words[random.below(words.len())].clone()));
            scan(&with_text(&bounded(16 * SMALL, order)))
        })
        .collect();
    let most = (20 << 20) + 48 * 16 * SMALL as u64;
    for verdict in &verdicts {
        assert_eq!(verdict.decision(), Decision::Block);
        assert!(verdict.work < most, "the work is {}", verdict.work);
    }
    let limits: Vec<&String> = verdicts.iter().filter_map(|verdict| verdict.limit.as_ref()).collect();
    assert!(limits.iter().any(|limit| limit.contains("without gaps")), "{limits:?}");
}

fn scan(call: &str) -> Verdict {
    GUARD.scan_any(call)
}

/// What is wrong with the work for calls of two sizes.
fn compare(name: &str, make: impl Fn(usize) -> String) -> Vec<String> {
    let (small, large) = (make(SMALL), make(4 * SMALL));
    let sizes = format!("{} and {} bytes", small.len(), large.len());
    let grown = large.len() as f64 / small.len() as f64;
    assert!((3.0..=5.0).contains(&grown), "{name}: {sizes} are no calls to compare");
    let works = [&small, &large].map(|call| scan(call).work);
    let mut failures = Vec::new();
    if works[1] > 5 * works[0] + SLACK {
        failures.push(format!("{name}: for {sizes} the work is {} and {}", works[0], works[1]));
    }
    for (call, work) in [(&small, works[0]), (&large, works[1])] {
        if work > WORK_PER_BYTE * call.len() as u64 {
            failures.push(format!("{name}: for {} bytes the work is {work}", call.len()));
        }
    }
    failures
}

fn repeated(piece: &str, size: usize) -> String {
    piece.repeat(size / piece.len())
}

/// Texts one after the other, until there are `size` bytes.
fn bounded(size: usize, texts: impl Iterator<Item = String>) -> String {
    let mut whole = String::with_capacity(size + 1024);
    for text in texts {
        whole += &text;
        if whole.len() >= size {
            break;
        }
    }
    whole
}

/// The same with commas between.
fn join(size: usize, texts: impl Iterator<Item = String>) -> String {
    let mut whole = bounded(size, texts.map(|text| text + ","));
    whole.pop();
    whole
}

fn list(size: usize, items: impl Iterator<Item = String>) -> String {
    format!("[{}]", join(size, items))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Trigger words again and again, with `extra` bytes each. Only as many as the smaller call has room for, since the
/// larger one must not have more different ones.
fn triggers(extra: usize) -> impl Iterator<Item = &'static String> {
    let mut room = SMALL / 2;
    let fits = TRIGGERS.iter().position(|word| {
        room = room.saturating_sub(word.len() + extra);
        room == 0
    });
    TRIGGERS[..fits.unwrap_or(TRIGGERS.len())].iter().cycle()
}

/// As many bad cases as the smaller call has room for, of all topics.
fn some_cases() -> Vec<String> {
    let bad = cases().0;
    let step = 1 + bad.iter().map(String::len).sum::<usize>() / (SMALL / 2);
    bad.into_iter().step_by(step).collect()
}

/// Trigger words with something between.
fn spread(size: usize, between: &str) -> String {
    with_text(&bounded(size, triggers(between.len()).map(|word| format!("{word}{between}"))))
}

/// JSON in strings of JSON, `levels` times.
fn nested(size: usize, levels: usize) -> String {
    // Every level doubles the backslashes of those inside it, which comes to some 4 kB.
    let mut whole = with_text(&repeated("ignore nothing ", size.saturating_sub(4096)));
    for _ in 0..levels {
        whole = with_text(&whole);
    }
    whole
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len() * 4 / 3 + 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().enumerate().fold(0_u32, |bits, (at, &byte)| bits | u32::from(byte) << (16 - 8 * at));
        for at in 0..4 {
            let digit = if at <= group.len() { DIGITS[(bits >> (18 - 6 * at) & 63) as usize] } else { b'=' };
            text.push(char::from(digit));
        }
    }
    text
}
