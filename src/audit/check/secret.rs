//! Credentials that somebody left in a description.

use std::sync::OnceLock;

use aho_corasick::packed::Searcher;

use super::wrong::Wrong;
use super::{Found, text};
use crate::audit::Context;

/// The shape of a credential: how it begins, which characters follow, and how many.
struct Shape {
    begins: &'static str,
    what: &'static str,
    alphabet: Alphabet,
    length: (usize, usize),
}

/// What stands behind the beginning of a credential.
#[derive(Clone, Copy)]
enum Alphabet {
    /// Capitals and digits.
    Upper,
    /// Hexadecimal digits.
    Hex,
    /// Letters and digits.
    Letters,
    /// Letters, digits, hyphen and underscore.
    Url,
    /// Three parts with dots between.
    Token,
    /// A PEM block.
    Block,
    /// `user:password@host` of a URL.
    User,
}

const fn shape(begins: &'static str, what: &'static str, alphabet: Alphabet, length: (usize, usize)) -> Shape {
    Shape { begins, what, alphabet, length }
}

/// Shapes by which issuers let scanners recognise what they issue.
#[rustfmt::skip]
static SHAPES: [Shape; 37] = [
    shape("AKIA", "an access key", Alphabet::Upper, (16, 16)),
    shape("ASIA", "an access key", Alphabet::Upper, (16, 16)),
    shape("ghp_", "an access token", Alphabet::Letters, (36, 255)),
    shape("gho_", "an access token", Alphabet::Letters, (36, 255)),
    shape("ghu_", "an access token", Alphabet::Letters, (36, 255)),
    shape("ghs_", "an access token", Alphabet::Letters, (36, 255)),
    shape("ghr_", "a refresh token", Alphabet::Letters, (36, 255)),
    shape("github_pat_", "an access token", Alphabet::Url, (60, 255)),
    shape("glpat-", "an access token", Alphabet::Url, (20, 64)),
    shape("xoxb-", "an access token", Alphabet::Url, (24, 255)),
    shape("xoxp-", "an access token", Alphabet::Url, (24, 255)),
    shape("xoxa-", "an access token", Alphabet::Url, (24, 255)),
    shape("xoxs-", "an access token", Alphabet::Url, (24, 255)),
    shape("xapp-", "an access token", Alphabet::Url, (24, 255)),
    shape("sk_live_", "a live secret key", Alphabet::Url, (16, 255)),
    shape("rk_live_", "a live restricted key", Alphabet::Url, (16, 255)),
    shape("whsec_", "a signing secret", Alphabet::Letters, (24, 255)),
    shape("AIza", "an API key", Alphabet::Url, (35, 35)),
    shape("ya29.", "an access token", Alphabet::Url, (30, 512)),
    shape("sk-proj-", "an API key", Alphabet::Url, (32, 255)),
    shape("sk-ant-", "an API key", Alphabet::Url, (32, 255)),
    shape("sk-", "an API key", Alphabet::Letters, (32, 64)),
    shape("SG.", "an API key", Alphabet::Token, (60, 80)),
    shape("npm_", "an access token", Alphabet::Letters, (36, 36)),
    shape("pypi-AgE", "an upload token", Alphabet::Url, (50, 512)),
    shape("dop_v1_", "an access token", Alphabet::Hex, (64, 64)),
    shape("shpat_", "an access token", Alphabet::Hex, (32, 32)),
    shape("shpss_", "a shared secret", Alphabet::Hex, (32, 32)),
    shape("hf_", "an access token", Alphabet::Letters, (34, 40)),
    shape("lin_api_", "an API key", Alphabet::Letters, (40, 40)),
    shape("EAACEdEose0cBA", "an access token", Alphabet::Letters, (20, 512)),
    shape("sq0csp-", "an application secret", Alphabet::Url, (43, 43)),
    shape("sq0atp-", "an access token", Alphabet::Url, (22, 22)),
    shape("hooks.slack.com/services/T", "a webhook that anybody may post to", Alphabet::Block, (0, 0)),
    shape("eyJ", "a signed token", Alphabet::Token, (60, 8192)),
    shape("PRIVATE KEY-----", "a private key", Alphabet::Block, (0, 0)),
    shape("://", "a password in a URL", Alphabet::User, (0, 0)),
];

/// Texts with what looks like a live credential.
pub(super) fn secrets(context: &Context<'_>, wrong: &Wrong, found: Found<'_>) {
    text::findings(context, &wrong.secrets, secret_in, found);
}

/// Where a credential might begin, each with its shape: the first place, then the first one behind that shape's beginning, and
/// so on.
fn hits(text: &str) -> impl Iterator<Item = (usize, &'static Shape)> {
    static SEARCHER: OnceLock<Option<Searcher>> = OnceLock::new();
    let searcher = SEARCHER.get_or_init(|| Searcher::new(SHAPES.iter().map(|shape| shape.begins)));
    let mut from = 0;
    std::iter::from_fn(move || {
        let (at, shape) = match searcher {
            Some(searcher) => {
                let hit = searcher.find_in(text.as_bytes(), (from..text.len()).into())?;
                (hit.start(), &SHAPES[hit.pattern().as_usize()])
            }
            None => first(text, from)?,
        };
        from = at + shape.begins.len();
        Some((at, shape))
    })
}

/// The next of [`hits`], for processors on which there is no searcher.
fn first(text: &str, from: usize) -> Option<(usize, &'static Shape)> {
    let bytes = text.as_bytes();
    let begun = |at: usize| SHAPES.iter().find(|shape| bytes[at..].starts_with(shape.begins.as_bytes()));
    (from..bytes.len()).find_map(|at| Some((at, begun(at)?)))
}

/// What a text does that holds a credential: `holds what looks like an API key`.
pub(super) fn secret_in(text: &str) -> Option<String> {
    let what = hits(text).find_map(|(start, shape)| {
        let end = start + shape.begins.len();
        let fits = match shape.alphabet {
            Alphabet::Block if shape.begins.starts_with("PRIVATE") => is_key(&text[end..]),
            Alphabet::Block => is_hook(&text[end..]),
            Alphabet::User => has_password(&text[..start], &text[end..]),
            _ => is_token(shape, text, start, end),
        };
        fits.then_some(shape.what)
    });
    Some(format!("holds what looks like {}", what?))
}

fn is_token(shape: &Shape, text: &str, start: usize, end: usize) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if text[..start].chars().next_back().is_some_and(word) {
        return false;
    }
    let belongs = |c: char| match shape.alphabet {
        Alphabet::Token => c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'),
        _ => c.is_ascii_alphanumeric() || matches!(c, '-' | '_'),
    };
    let rest = &text[end..];
    let body = &rest[..rest.find(|c| !belongs(c)).unwrap_or(rest.len())];
    let body = body.trim_end_matches('.');
    let allowed = body.chars().all(|c| match shape.alphabet {
        Alphabet::Upper => c.is_ascii_uppercase() || c.is_ascii_digit(),
        Alphabet::Hex => c.is_ascii_hexdigit(),
        Alphabet::Letters => c.is_ascii_alphanumeric(),
        _ => true,
    });
    let parts: Vec<&str> = body.split('.').collect();
    let shaped = match (shape.alphabet, shape.begins) {
        // Header, claims and a signature, none of them from the textbook.
        (Alphabet::Token, "eyJ") => {
            parts.len() == 3
                && parts[1].starts_with("eyJ")
                && parts[2].len() >= 40
                && !parts[1].starts_with("eyJzdWIiOiIxMjM0NTY3ODkw")
        }
        (Alphabet::Token, _) => parts.len() == 2 && parts.iter().all(|part| part.len() >= 16),
        _ => true,
    };
    let (least, most) = shape.length;
    let random = if shape.begins == "eyJ" { parts.last().copied().unwrap_or_default() } else { body };
    allowed && shaped && (least..=most).contains(&body.len()) && looks_random(random)
}

/// The lines of a key behind its first one.
fn is_key(rest: &str) -> bool {
    let body: String = rest.split("-----").next().unwrap_or_default().replace("\\n", "");
    let body: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    body.len() >= 100
        && body.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='))
        && looks_random(&body)
}

/// `T…/B…/…` of a webhook.
fn is_hook(rest: &str) -> bool {
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '/').unwrap_or(rest.len());
    let parts: Vec<&str> = rest[..end].split('/').collect();
    parts.len() == 3 && parts[0].len() >= 8 && parts[1].len() >= 8 && parts[2].len() >= 20 && looks_random(parts[2])
}

/// `user:password@` behind the `://` of a URL.
fn has_password(scheme: &str, rest: &str) -> bool {
    if !scheme.ends_with(|c: char| c.is_ascii_alphabetic()) {
        return false;
    }
    let end = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '`' | ')' | '>'))
        .unwrap_or(rest.len());
    let Some((user, host)) = rest[..end].rsplit_once('@') else { return false };
    let Some((name, password)) = user.split_once(':') else { return false };
    let host = host.split(':').next().unwrap_or_default();
    let open = |c: char| matches!(c, '{' | '<' | '[' | '$' | '*' | '%' | '…');
    !name.is_empty()
        && password.len() >= 6
        && !password.contains(open)
        && host.contains('.')
        && !["example.com", "example.org", "example.net", "localhost"].iter().any(|known| host.ends_with(known))
        && !is_placeholder(password)
}

/// Words of texts that only show where a credential belongs.
const PLACEHOLDERS: [&str; 22] = [
    "example",
    "sample",
    "dummy",
    "placeholder",
    "your",
    "test",
    "fake",
    "redacted",
    "xxxx",
    "****",
    "changeme",
    "change_me",
    "secret",
    "passw",
    "pwd",
    "token",
    "apikey",
    "api_key",
    "12345",
    "abcde",
    "replace",
    "mock",
];

fn is_placeholder(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    PLACEHOLDERS.iter().any(|word| lower.contains(word)) || matches!(&*lower, "pass" | "user" | "admin" | "guest")
}

/// Whether characters follow each other as if drawn by lot, unlike a stand-in for a credential.
fn looks_random(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut counts = [0_u32; 256];
    bytes.iter().for_each(|&byte| counts[usize::from(byte)] += 1);
    let length = bytes.len() as f64;
    let entropy: f64 = counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| f64::from(count) / length)
        .map(|share| share * doublings(1.0 / share))
        .sum();
    // A run of five that repeats or counts is typed by hand.
    let typed = bytes.windows(5).any(|run| {
        let step = |difference: i16| run.windows(2).all(|pair| i16::from(pair[1]) - i16::from(pair[0]) == difference);
        step(0) || step(1) || step(-1)
    });
    entropy >= 3.0 && !typed && !is_placeholder(text)
}

/// The binary logarithm of a number from 1 on, to a millionth. That of the standard library would be all that this program
/// needs of the library of mathematics, which takes 0.3 MB of memory in each run.
fn doublings(mut number: f64) -> f64 {
    let mut whole = 0.0;
    while number >= 2.0 {
        (number, whole) = (number / 2.0, whole + 1.0);
    }
    let (mut rest, mut digit) = (0.0, 0.5);
    for _ in 0..20 {
        number *= number;
        if number >= 2.0 {
            (number, rest) = (number / 2.0, rest + digit);
        }
        digit /= 2.0;
    }
    whole + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doublings_are_counted() {
        for number in [1.0_f64, 1.5, 2.0, 3.0, 7.9, 8.0, 40.0, 255.0] {
            assert!((doublings(number) - number.log2()).abs() < 2e-6, "{number}");
        }
    }

    #[test]
    fn beginnings_are_found_alike_without_a_searcher() {
        let words = SHAPES.iter().map(|shape| shape.begins).chain(["a", "sk", "é", "gh", ":/"]);
        let text: String = words.clone().flat_map(|word| words.clone().flat_map(move |other| [word, other])).collect();
        let mut from = 0;
        for (at, shape) in hits(&text) {
            let (place, found) = first(&text, from).expect("another one");
            assert_eq!((at, shape.begins), (place, found.begins));
            from = at + shape.begins.len();
        }
        assert!(from > 1000 && first(&text, from).is_none());
    }

    /// A credential that nobody issued, put together so that scanners do not take this file for a leak.
    fn made(parts: &[&str]) -> String {
        parts.concat()
    }

    #[test]
    fn live_credentials_are_told_from_stand_ins() {
        for (parts, found) in [
            (&["AK", "IAQ3EGRZTN5KPWXM7D"] as &[&str], true),
            (&["AK", "IAIOSFODNN7EXAMPLE"], false),
            (&["gh", "p_k3Jx9TqLw2ZrVb7NdYs5FhGm8PcQe4Ru6AiO"], true),
            (&["gh", "p_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"], false),
            (&["sk_", "live_9fKq2LxZ7tRw4VbN8mYc"], true),
            (&["sk_", "test_9fKq2LxZ7tRw4VbN8mYc"], false),
            (&["task-", "k3Jx9TqLw2ZrVb7NdYs5FhGm8PcQe4Ru6AiO"], false),
            (&["postgres://app:", "hT7vkQ2mZ9@db.internal.net/x"], true),
            (&["postgres://user:", "password@db.internal.net/x"], false),
            (&["https://{user}:", "{password}@db.internal.net/x"], false),
            (&["https://example.com/a@b:c"], false),
        ] {
            let text = made(parts);
            assert_eq!(secret_in(&text).is_some(), found, "{text}");
        }
    }
}
