//! The decision on a call, for people, for programs, and for the client that made the call.

use std::io::{self, Write};

use owo_colors::{OwoColorize, Style};
use serde::Serialize;

use super::escape::{escape, write_json, write_json_line};
use super::tools::count;
use crate::guard::{Decision, Found, Policy, Verdict};
use crate::rule::Confidence;

/// Matches that a refusal names.
const NAMED: usize = 3;

/// A verdict with the policy that it falls under.
#[derive(Debug, Clone, Copy)]
pub struct Ruling<'v> {
    /// What was found.
    pub verdict: &'v Verdict,
    /// What is done about it.
    pub policy: Policy,
}

#[derive(Serialize)]
struct View<'v> {
    version: u32,
    decision: &'static str,
    allowed: bool,
    policy: &'static str,
    tool_name: Option<&'v str>,
    reason: &'v str,
    summary: SummaryView,
    matches: Vec<MatchView<'v>>,
}

#[derive(Serialize, Default)]
struct SummaryView {
    high: usize,
    medium: usize,
    low: usize,
}

#[derive(Serialize)]
struct MatchView<'v> {
    rule: &'v str,
    category: &'v str,
    confidence: Confidence,
    label: &'v str,
    location: &'v str,
    views: &'v [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<[usize; 2]>,
    #[serde(skip_serializing_if = "str::is_empty")]
    excerpt: &'v str,
    #[serde(skip_serializing_if = "str::is_empty")]
    decoded: &'v str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    words: &'v [String],
}

#[derive(Serialize)]
struct ToolResult {
    content: Vec<Content>,
    #[serde(rename = "isError")]
    is_error: bool,
}

#[derive(Serialize)]
struct Content {
    r#type: &'static str,
    text: String,
}

impl<'v> Ruling<'v> {
    /// Whether the call passes.
    pub fn allowed(&self) -> bool {
        self.policy.allows(self.verdict.decision())
    }

    fn view(&self, reason: &'v str) -> View<'v> {
        let verdict = self.verdict;
        let summary = verdict.summary();
        View {
            version: 1,
            decision: verdict.decision().name(),
            allowed: self.allowed(),
            policy: self.policy.name(),
            tool_name: verdict.tool.as_deref(),
            reason,
            summary: SummaryView { high: summary.high, medium: summary.medium, low: summary.low },
            matches: verdict.matches.iter().map(match_view).collect(),
        }
    }

    /// Writes everything for programs, on one line or many.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn json(&self, one_line: bool, out: &mut dyn Write) -> io::Result<()> {
        let reason = self.verdict.reason();
        let view = self.view(&reason);
        if one_line { write_json_line(&view, out) } else { write_json(&view, out) }
    }

    /// Writes the result of the call, as MCP has it: an error that says why the call was refused, without repeating any
    /// of it, or an empty result if it passes.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn mcp(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.allowed() {
            return write_json_line(&ToolResult { content: Vec::new(), is_error: false }, out);
        }
        let mut shown = self.verdict.clone();
        shown.matches.iter_mut().for_each(|found| found.location = outline(&found.location));
        let mut text = format!("Call refused by mcpsentry: {}.", shown.reason());
        for found in shown.matches.iter().take(NAMED) {
            text += &format!("\n- {} ({}) at {}", found.head.id, found.head.confidence.name(), found.location);
        }
        let left = shown.matches.len().saturating_sub(NAMED);
        if left > 0 {
            text += &format!("\n- and {}", count(left, "more match").replace("matchs", "matches"));
        }
        text += "\nDo not try again with the same arguments; tell the user what was refused.";
        write_json_line(&ToolResult { content: vec![Content { r#type: "text", text }], is_error: true }, out)
    }

    /// Writes one line for people.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn line(&self, color: bool, out: &mut dyn Write) -> io::Result<()> {
        let tool = self.verdict.tool.as_deref().map_or(String::new(), |tool| format!("  {}", shorten(&escape(tool))));
        writeln!(out, "{}{tool}  {}", self.word(color, 5), escape(&self.verdict.reason()))
    }

    /// Writes all of it for people. `rules` is how many were run.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn text(&self, name: &str, rules: usize, color: bool, out: &mut dyn Write) -> io::Result<()> {
        let verdict = self.verdict;
        let tool = verdict.tool.as_deref().map_or(String::new(), |tool| format!(" · {}", shorten(&escape(tool))));
        let bold = |text: &str| if color { text.bold().to_string() } else { text.to_owned() };
        writeln!(out, "{}{tool} · scanned by {}", bold(&escape(name)), count(rules, "rule"))?;
        writeln!(out)?;
        for (found, others) in by_words(&verdict.matches) {
            let confidence = format!("{:6}", found.head.confidence.name());
            let confidence =
                if color { confidence.style(style(found.head.confidence)).to_string() } else { confidence };
            writeln!(out, "{confidence}  {}  {}", bold(&found.head.id), escape(&found.location))?;
            writeln!(out, "  {}", escape(&found.head.label))?;
            if !found.views.is_empty() {
                writeln!(out, "  read as: {}", found.views.join(", "))?;
            }
            if !found.words.is_empty() {
                writeln!(out, "  words: {}", escape(&found.words.join(", ")))?;
            }
            for (mark, text) in [("text", &found.excerpt), ("reads", &found.decoded)] {
                if !text.is_empty() {
                    writeln!(out, "  {mark}: {}", escape(text))?;
                }
            }
            if !others.is_empty() {
                let named = others.iter().map(|other| format!("{} ({})", other.head.id, other.head.confidence.name()));
                writeln!(out, "  also: {}", escape(&named.collect::<Vec<_>>().join(", ")))?;
            }
            writeln!(out)?;
        }
        let passed = if verdict.decision() == Decision::Block && self.allowed() {
            format!(" (let through by --policy {})", self.policy.name())
        } else {
            String::new()
        };
        writeln!(out, "{}: {}{passed}", self.word(color, 0), escape(&verdict.reason()))
    }

    fn word(&self, color: bool, width: usize) -> String {
        let decision = self.verdict.decision();
        let word = format!("{:width$}", decision.name());
        let style = match decision {
            Decision::Allow => Style::new().green().bold(),
            Decision::Warn => Style::new().yellow().bold(),
            Decision::Block => Style::new().red().bold(),
        };
        if color { word.style(style).to_string() } else { word }
    }
}

/// The matches that say something new, each with those that say no more of the same words.
fn by_words(matches: &[Found]) -> Vec<(&Found, Vec<&Found>)> {
    let mut shown: Vec<(&Found, Vec<&Found>)> = Vec::new();
    for found in matches {
        let within = |other: &Found| {
            let (inner, outer) = (&found.span, &other.span);
            let same = other.location == found.location && other.views == found.views;
            same && !inner.is_empty() && outer.start <= inner.start && inner.end <= outer.end
        };
        let first = shown.iter_mut().find(|(other, _)| found.words.is_empty() && within(other));
        match first {
            Some((_, others)) => others.push(found),
            None => shown.push((found, Vec::new())),
        }
    }
    shown
}

fn match_view(found: &Found) -> MatchView<'_> {
    MatchView {
        rule: &found.head.id,
        category: &found.head.category,
        confidence: found.head.confidence,
        label: &found.head.label,
        location: &found.location,
        views: &found.views,
        span: (found.span.end > found.span.start).then_some([found.span.start, found.span.end]),
        excerpt: &found.excerpt,
        decoded: &found.decoded,
        words: &found.words,
    }
}

/// A place without the keys on the way to it, which come with the call: `arguments.*[2].*`.
fn outline(location: &str) -> String {
    let mut outline = String::new();
    let mut hidden = false;
    for character in location.chars() {
        match character {
            '.' => {
                outline.push_str(".*");
                hidden = true;
            }
            '[' | '(' => {
                outline.push_str(if character == '(' { " (" } else { "[" });
                hidden = false;
            }
            character if !hidden => outline.push(character),
            _ => {}
        }
    }
    outline
}

fn style(confidence: Confidence) -> Style {
    match confidence {
        Confidence::High => Style::new().red().bold(),
        Confidence::Medium => Style::new().yellow(),
        Confidence::Low => Style::new().cyan(),
    }
}

/// A tool's name comes with the call, and may be anything.
fn shorten(name: &str) -> String {
    if name.chars().count() <= 64 {
        name.to_owned()
    } else {
        format!("{}…", name.chars().take(63).collect::<String>())
    }
}

#[derive(Serialize)]
struct BrokenView<'e> {
    version: u32,
    decision: &'static str,
    allowed: bool,
    policy: &'static str,
    tool_name: Option<&'e str>,
    reason: String,
    summary: SummaryView,
    matches: [(); 0],
}

/// Writes the decision on a line that is no payload: nothing is known of it, so it does not pass.
///
/// # Errors
/// What `out` fails with.
pub fn broken_line(why: &str, policy: Policy, out: &mut dyn Write) -> io::Result<()> {
    let reason = format!("not a payload: {why}");
    let summary = SummaryView::default();
    let view = BrokenView {
        version: 1,
        decision: "error",
        allowed: false,
        policy: policy.name(),
        tool_name: None,
        reason,
        summary,
        matches: [],
    };
    write_json_line(&view, out)
}

/// Writes the result of a call that is no payload, as MCP has it; what is wrong with it could repeat its words.
///
/// # Errors
/// What `out` fails with.
pub fn broken_call(out: &mut dyn Write) -> io::Result<()> {
    let text = "Call refused by mcpsentry: it is not JSON in UTF-8, so nothing is known of it.".to_owned();
    write_json_line(&ToolResult { content: vec![Content { r#type: "text", text }], is_error: true }, out)
}

#[derive(Serialize)]
struct LogView<'v> {
    time: &'v str,
    tool: String,
    decision: &'static str,
    allowed: bool,
    policy: &'static str,
    bytes: usize,
    rules: Vec<&'v str>,
}

/// Writes one line for the log: shapes, never values. `time` is RFC 3339, `bytes` the size of the payload.
///
/// # Errors
/// What `out` fails with.
pub fn log_line(ruling: Ruling<'_>, time: &str, bytes: usize, out: &mut dyn Write) -> io::Result<()> {
    let verdict = ruling.verdict;
    let tool = match verdict.tool.as_deref() {
        None => String::new(),
        Some(name) if is_name(name) => name.to_owned(),
        Some(name) => format!("<{} characters>", name.chars().count()),
    };
    let view = LogView {
        time,
        tool,
        decision: verdict.decision().name(),
        allowed: ruling.allowed(),
        policy: ruling.policy.name(),
        bytes,
        rules: verdict.matches.iter().map(|found| &*found.head.id).collect(),
    };
    write_json_line(&view, out)
}

/// Writes one line for the log about a line that is no payload.
///
/// # Errors
/// What `out` fails with.
pub fn broken_log_line(policy: Policy, time: &str, bytes: usize, out: &mut dyn Write) -> io::Result<()> {
    let tool = String::new();
    let view =
        LogView { time, tool, decision: "error", allowed: false, policy: policy.name(), bytes, rules: Vec::new() };
    write_json_line(&view, out)
}

/// Whether a tool's name is one, and not a text.
fn is_name(name: &str) -> bool {
    name.len() <= 128 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./:".contains(&byte))
}
