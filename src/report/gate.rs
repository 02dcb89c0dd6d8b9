//! What a run comes to: the same in every format, and what the exit code says.

use super::tools::count;
use super::{NotChecked, Report};
use crate::finding::Finding;
use crate::rule::Severity;

/// The verdict on a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// An input could not be read at all.
    Failed,
    /// A finding at or above the threshold.
    Blocked,
    /// No operation would become a tool.
    Nothing,
    /// A part could not be checked, and nobody accepted that.
    Incomplete,
    /// No finding.
    Clean,
    /// Findings, none of them at or above the threshold.
    Passed,
}

impl Gate {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Blocked => "blocked",
            Self::Nothing => "nothing to audit",
            Self::Incomplete => "incomplete",
            Self::Clean => "clean",
            Self::Passed => "passed",
        }
    }

    /// Whether the run passes.
    pub fn passes(self) -> bool {
        matches!(self, Self::Clean | Self::Passed)
    }
}

impl Report {
    /// The verdict.
    pub fn gate(&self) -> Gate {
        if self.failed {
            Gate::Failed
        } else if self.has_blockers() {
            Gate::Blocked
        } else if self.exposed_tools() == 0 {
            Gate::Nothing
        } else if self.gaps() > 0 && !self.accepts_gaps {
            Gate::Incomplete
        } else if self.active().next().is_none() {
            Gate::Clean
        } else {
            Gate::Passed
        }
    }

    /// The reason for the verdict, as it follows the word for it and a colon.
    pub fn gate_reason(&self) -> String {
        let found = count(self.active().count(), "finding");
        let gaps = count(self.gaps(), "part");
        let threshold = self.threshold();
        let blockers = threshold.filter(|_| self.has_blockers()).map(|threshold| {
            let number = self.active().filter(|finding| self.blocks(finding)).count();
            format!("{} at or above {threshold}", count(number, "finding"))
        });
        let reason = match self.gate() {
            Gate::Failed => {
                let blockers = blockers.map_or(String::new(), |blockers| format!("; {blockers}"));
                let unread = self.not_checked.iter().filter(|part| part.unread).count();
                let inputs = if unread > 1 { format!("{unread} inputs") } else { "an input".to_owned() };
                return format!("{inputs} could not be read{blockers}");
            }
            Gate::Blocked => blockers.unwrap_or_default(),
            Gate::Nothing => "no operation would become a tool".to_owned(),
            Gate::Incomplete => return format!("{gaps} could not be checked and might hide a blocker"),
            Gate::Clean => {
                let further = if self.set_aside_counts().is_empty() { "" } else { "further " };
                format!("no {further}findings in {}", count(self.exposed_tools(), "tool"))
            }
            Gate::Passed => match threshold {
                Some(threshold) => format!("{found}, none at or above {threshold}"),
                None => format!("{found}; findings never block"),
            },
        };
        match self.gaps() {
            0 => reason,
            _ if self.accepts_gaps => format!("{reason}; {gaps} could not be checked, which was accepted"),
            _ => format!("{reason}; {gaps} could not be checked"),
        }
    }

    /// The severity from which findings block, in words; none if nothing does.
    pub fn threshold(&self) -> Option<&'static str> {
        match self.documents.iter().any(|document| document.fail_on.is_some()) {
            true => Some("what `fail_on` says for the document"),
            false => self.fail_on.map(Severity::name),
        }
    }

    /// Whether a finding keeps the run from passing.
    pub fn blocks(&self, finding: &Finding) -> bool {
        let own = self.documents.get(finding.document).and_then(|document| document.fail_on);
        let threshold = own.unwrap_or(self.fail_on);
        finding.is_active() && threshold.is_some_and(|threshold| finding.severity >= threshold)
    }

    /// Whether a part that was not checked keeps the run from passing.
    pub fn stops(&self, part: &NotChecked) -> bool {
        part.gap && (self.failed || !self.accepts_gaps)
    }

    /// How many parts were not checked and could hide a blocker.
    pub fn gaps(&self) -> usize {
        self.not_checked.iter().filter(|part| part.gap).count()
    }

    /// Whether no rule looked at anything, so that no count of findings says anything.
    fn is_vacuous(&self) -> bool {
        self.exposed_tools() == 0 && self.findings.is_empty()
    }

    /// How many findings count, of each severity that has any or that every report names, worst first; none if nothing
    /// was checked.
    pub fn counts(&self) -> Vec<(Severity, usize)> {
        let summary = self.summary();
        let number = |severity| match severity {
            Severity::Critical => summary.critical,
            Severity::High => summary.high,
            Severity::Medium => summary.medium,
            Severity::Low => summary.low,
            Severity::Info => summary.info,
        };
        let all = Severity::ALL.into_iter().map(|severity| (severity, number(severity)));
        let vacuous = self.is_vacuous();
        all.filter(|&(severity, number)| number > 0 || (severity != Severity::Info && !vacuous)).collect()
    }

    /// How many findings were set aside, of each kind that has any.
    pub fn set_aside_counts(&self) -> Vec<(&'static str, usize)> {
        let summary = self.summary();
        let kinds = [("suppressed", summary.suppressed), ("baselined", summary.baselined)];
        kinds.into_iter().filter(|&(_, number)| number > 0).collect()
    }

    /// All counts in a line: `2 critical, 1 high, 0 medium, 0 low, 1 suppressed`; nothing if nothing was checked.
    pub fn counted(&self) -> String {
        let counts = self.counts().into_iter().map(|(severity, number)| (severity.name(), number));
        let counts = counts.chain(self.set_aside_counts()).map(|(word, number)| format!("{number} {word}"));
        counts.collect::<Vec<_>>().join(", ")
    }

    /// What was looked at: `2 tools from 10 routes, checked by 9 rules`.
    pub fn scope(&self) -> String {
        let (tools, routes) = (count(self.exposed_tools(), "tool"), count(self.total_routes(), "route"));
        if self.documents.is_empty() {
            return "no document was checked".into();
        }
        if self.is_vacuous() {
            return format!("{tools} from {routes}, nothing was checked");
        }
        format!("{tools} from {routes}, checked by {}", count(self.rules.len(), "rule"))
    }
}
