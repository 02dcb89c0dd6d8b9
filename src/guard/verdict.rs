//! What a scan decides, and why.

use std::borrow::Cow;
use std::ops::Range;

use super::catalogue::Head;
use crate::rule::Confidence;

/// What is to become of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// Nothing was found.
    Allow,
    /// Something was found that alone is no reason to refuse.
    Warn,
    /// The call carries an attack, or could not be read to its end.
    Block,
}

impl Decision {
    /// The word for it, lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Block => "block",
        }
    }
}

/// What is done with a call that is to be blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// It is refused.
    Block,
    /// It passes, and is said loudly.
    Alert,
    /// It passes, and is recorded.
    Log,
}

impl Policy {
    /// The word for it, lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Alert => "alert",
            Self::Log => "log",
        }
    }

    /// Whether a call with this decision passes.
    pub fn allows(self, decision: Decision) -> bool {
        decision != Decision::Block || self != Self::Block
    }
}

/// A rule that a call matches. Of several places the first is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The rule.
    pub head: Head,
    /// Where the text stands: `arguments.messages[2].text`.
    pub location: String,
    /// The readings that the text went through, outermost first; none if it stands there plainly.
    pub views: Vec<&'static str>,
    /// Which bytes of the text there matched; empty if the match goes over several texts.
    pub span: Range<usize>,
    /// What matched, as it was written, shortened; empty if excerpts are off.
    pub excerpt: String,
    /// What matched, as it was read, shortened; empty where nothing had to be decoded, or if excerpts are off.
    pub decoded: String,
    /// Words that weighed most, where a weighing of words is the reason.
    pub words: Vec<String>,
}

/// How many rules matched, by what they count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rules of high confidence.
    pub high: usize,
    /// Rules of medium confidence.
    pub medium: usize,
    /// Rules of low confidence.
    pub low: usize,
}

impl Summary {
    /// Counts the confidences of rules that matched.
    pub(super) fn of(matches: impl Iterator<Item = Confidence>) -> Self {
        matches.fold(Self::default(), |mut summary, confidence| {
            *match confidence {
                Confidence::High => &mut summary.high,
                Confidence::Medium => &mut summary.medium,
                Confidence::Low => &mut summary.low,
            } += 1;
            summary
        })
    }

    /// Whether that is enough to refuse a call.
    pub(super) fn refuses(self) -> bool {
        self.high > 0 || self.medium > 1
    }
}

/// The outcome of a scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The tool that was called, as written; none if the call does not say.
    pub tool: Option<String>,
    /// What was found, the weightiest first.
    pub matches: Vec<Found>,
    /// The limit that kept the call from being read to its end.
    pub limit: Option<String>,
    /// Bytes and states that filters, expressions and readings went over: what the scan cost, free of clocks.
    pub work: u64,
}

impl Verdict {
    /// A call that is beyond a limit.
    pub fn beyond(limit: String) -> Self {
        Self { tool: None, matches: Vec::new(), limit: Some(limit), work: 0 }
    }

    /// The counts.
    pub fn summary(&self) -> Summary {
        Summary::of(self.matches.iter().map(|found| found.head.confidence))
    }

    /// Any rule of high confidence blocks, and so do two of medium confidence; anything less warns.
    pub fn decision(&self) -> Decision {
        let summary = self.summary();
        if self.limit.is_some() || summary.refuses() {
            Decision::Block
        } else if self.matches.is_empty() {
            Decision::Allow
        } else {
            Decision::Warn
        }
    }

    /// The decision's reason in one sentence, without the call's own words.
    pub fn reason(&self) -> Cow<'static, str> {
        if let Some(limit) = &self.limit {
            return format!("the call cannot be scanned to its end: {limit}").into();
        }
        let Some(first) = self.matches.first() else { return "nothing was found".into() };
        let summary = self.summary();
        let place = &first.location;
        let more = match self.matches.len() {
            1 => String::new(),
            2 => ", and one more rule matches".to_owned(),
            count => format!(", and {} more rules match", count - 1),
        };
        let what = match (summary.high, summary.medium, summary.low) {
            (1.., ..) => format!("{place} {}", first.head.label),
            (_, 2.., _) => {
                format!("{place} {}, and {} {}", first.head.label, self.matches[1].location, self.matches[1].head.label)
            }
            _ => format!("{place} {}", first.head.label),
        };
        if summary.high == 0 && summary.medium > 1 { what.into() } else { format!("{what}{more}").into() }
    }
}
