//! Findings that somebody accepted, or that were there before: set aside, counted, and looked after.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::baseline::{Baseline, Entry};
use super::day::Day;
use super::mark::{Broken, marks};
use super::suppress::{State, Suppression};
use crate::finding::{Finding, Status};
use crate::pack::Pack;
use crate::rule::Rule;
use crate::source::Spot;
use crate::surface::{Documents, Operation};

/// Fixed findings that a sentence names.
const NAMED: usize = 5;

/// All exceptions of a run, and what became of them.
#[derive(Debug, Default)]
pub struct Exceptions {
    /// Acceptances: of the configuration, then those in documents.
    pub suppressions: Vec<Suppression>,
    /// What was meant as one and is none.
    pub broken: Vec<Broken>,
    /// The baseline that was given, as the user would write its path.
    pub baseline: Option<(String, Baseline)>,
    /// Known findings that are gone, or suppressed by now.
    pub fixed: Vec<Entry>,
    /// Known findings of rules or documents that were not looked at.
    pub unseen: Vec<Entry>,
    /// The day on which the run takes place.
    today: Option<Day>,
    /// Rules that ran.
    rules: Vec<Arc<Rule>>,
    /// Whether every document was audited that the configuration is about.
    complete: bool,
}

/// Something about an exception that somebody should do something about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Where the exception is written.
    pub spot: Option<Spot>,
    /// What is the matter.
    pub what: String,
    /// What to do.
    pub help: &'static str,
    /// Whether findings are back, or an acceptance does not count.
    pub counts: bool,
}

impl Exceptions {
    /// The exceptions of the configuration and of the documents.
    pub fn new(
        chosen: Vec<Suppression>,
        baseline: Option<(String, Baseline)>,
        documents: &Documents,
        pack: &Pack,
        today: Day,
    ) -> Self {
        let (written, broken) = marks(documents, pack);
        let suppressions = chosen.into_iter().chain(written).collect();
        Self { suppressions, broken, baseline, today: Some(today), ..Self::default() }
    }

    /// Sets findings aside. One whose fields are only partly covered becomes two: of what is covered, and of the rest.
    /// `documents` are the names of the audited ones; `operation` finds the operation that a finding is about.
    pub fn apply<'o>(
        &mut self,
        findings: Vec<Finding>,
        documents: &[&str],
        operation: impl Fn(&Finding) -> Option<&'o Operation>,
    ) -> Vec<Finding> {
        if let Some((_, baseline)) = &mut self.baseline {
            baseline.begin(documents);
        } else if self.suppressions.is_empty() {
            return findings;
        }
        let mut judged = Vec::with_capacity(findings.len());
        for finding in findings {
            let about = operation(&finding);
            let before = judged.len();
            match self.accepted(finding, about, &mut judged) {
                Some(rest) if rest.is_active() => judged.extend(self.known(rest, about)),
                Some(rest) => judged.push(rest),
                None => {
                    let baseline = self.baseline.iter_mut();
                    baseline.zip(judged.get(before)).for_each(|((_, baseline), finding)| baseline.suppressed(finding));
                }
            }
        }
        judged
    }

    /// Says which rules ran, and whether on everything; what was not looked at is not stale.
    pub fn close(&mut self, rules: &[Arc<Rule>], complete: bool) {
        self.rules = rules.to_vec();
        self.complete = complete;
        self.join();
        if let Some((_, baseline)) = &self.baseline {
            (self.fixed, self.unseen) = baseline.unmet(rules);
        }
    }

    /// Makes one of what stands in one place: a file may be read for itself and as a part of another.
    fn join(&mut self) {
        let mut joined: Vec<Suppression> = Vec::with_capacity(self.suppressions.len());
        let mut known: FxHashMap<(Spot, String), usize> = FxHashMap::default();
        for suppression in self.suppressions.drain(..) {
            let place = (suppression.acceptance.spot.clone(), suppression.rule.text.clone());
            match known.get(&place) {
                Some(&first) => joined[first].covered += suppression.covered,
                None => {
                    known.insert(place, joined.len());
                    joined.push(suppression);
                }
            }
        }
        self.suppressions = joined;
        let mut seen = FxHashSet::default();
        self.broken.retain(|broken| seen.insert((broken.spot.clone(), broken.why.clone())));
    }

    /// Puts what is accepted of a finding into `judged`; the rest comes back.
    fn accepted(&mut self, finding: Finding, about: Option<&Operation>, judged: &mut Vec<Finding>) -> Option<Finding> {
        let today = self.today;
        let counts = |suppression: &Suppression| !today.is_some_and(|today| suppression.is_over(today));
        // Those whose day is over cover too, which tells them from stale ones, but change nothing.
        let mut whole: Option<Status> = None;
        for suppression in &mut self.suppressions {
            if suppression.covers(&finding, about) {
                suppression.covered += 1;
                if counts(suppression) && whole.is_none() {
                    whole = Some(Status::Suppressed(Arc::clone(&suppression.acceptance)));
                }
            }
        }
        if let Some(status) = whole {
            judged.push(with_status(finding, status));
            return None;
        }
        let (Some(_), Some(at_least)) = (about, finding.rule.at_least()) else { return Some(finding) };
        let mut left: Vec<usize> = (0..finding.related.len()).collect();
        let mut parts: Vec<(Status, Vec<usize>)> = Vec::new();
        for suppression in &mut self.suppressions {
            let (covered, rest): (Vec<usize>, Vec<usize>) =
                left.iter().partition(|&&field| suppression.covers_field(&finding, finding.related[field].span));
            if covered.is_empty() {
                continue;
            }
            suppression.covered += 1;
            if counts(suppression) {
                parts.push((Status::Suppressed(Arc::clone(&suppression.acceptance)), covered));
                left = rest;
            }
        }
        let Some((_, last)) = parts.last_mut() else { return Some(finding) };
        if left.len() < at_least {
            // What is left is not enough for the rule.
            last.append(&mut left);
            last.sort_unstable();
        }
        let part = |(status, fields): (Status, Vec<usize>)| with_status(finding.of_fields(&fields), status);
        judged.extend(parts.into_iter().map(part));
        (!left.is_empty()).then(|| finding.of_fields(&left))
    }

    /// The parts of a finding that are known and that are not.
    fn known(&mut self, finding: Finding, about: Option<&Operation>) -> Vec<Finding> {
        let Some((_, baseline)) = &mut self.baseline else { return vec![finding] };
        let Some(known) = baseline.known(&finding) else { return vec![finding] };
        if about.is_none() {
            return vec![with_status(finding, Status::Baselined)];
        }
        let rest: Vec<usize> = (0..finding.fields.len()).filter(|field| !known.contains(field)).collect();
        match finding.rule.at_least() {
            _ if rest.is_empty() => vec![with_status(finding, Status::Baselined)],
            // Its sentence cannot be told of a part.
            None => vec![finding],
            Some(at_least) if rest.len() < at_least => vec![with_status(finding, Status::Baselined)],
            Some(_) if known.is_empty() => vec![finding],
            Some(_) => {
                let old = with_status(finding.of_fields(&known), Status::Baselined);
                vec![old, finding.of_fields(&rest)]
            }
        }
    }

    /// What became of a suppression.
    pub fn state(&self, suppression: &Suppression) -> State {
        let ran = self.rules.iter().any(|rule| *rule.id == *suppression.rule.text);
        let over = self.today.is_some_and(|today| suppression.is_over(today));
        match suppression.covered {
            0 if !ran || !(self.complete || suppression.in_source()) => State::Idle,
            0 => State::Stale,
            _ if over => State::Expired,
            _ => State::Used,
        }
    }

    /// What somebody should do something about.
    pub fn notices(&self) -> Vec<Notice> {
        let mut notices = Vec::new();
        for suppression in &self.suppressions {
            let rule = &suppression.rule.text;
            let (what, help, counts) = match self.state(suppression) {
                State::Expired => {
                    let last = suppression.expires.map_or(String::new(), |day| day.to_string());
                    let owner = suppression.acceptance.owner.as_ref();
                    let owner = owner.map_or(String::new(), |owner| format!(", owner {owner}"));
                    let reason = &suppression.acceptance.reason;
                    let what = format!("the suppression of `{rule}` ended on {last}{owner} ({reason})");
                    (what, "mend what it covered, or renew it", true)
                }
                State::Stale => (format!("the suppression of `{rule}` covers nothing"), "remove it", false),
                State::Used | State::Idle => continue,
            };
            notices.push(Notice { spot: Some(suppression.acceptance.spot.clone()), what, help, counts });
        }
        notices.extend(self.broken.iter().map(|broken| Notice {
            spot: Some(broken.spot.clone()),
            what: format!("not a suppression: {}", broken.why),
            help: "",
            counts: true,
        }));
        if let (Some((file, _)), false) = (&self.baseline, self.fixed.is_empty()) {
            let suppressed = self.fixed.iter().filter(|entry| entry.is_suppressed()).count();
            let mixed = suppressed > 0 && suppressed < self.fixed.len();
            let label = |entry: &Entry| {
                let why = if mixed && entry.is_suppressed() { " (suppressed)" } else { "" };
                entry.label() + why
            };
            let named: Vec<String> = self.fixed.iter().take(NAMED).map(label).collect();
            let more = self.fixed.len() - named.len();
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            let findings = if self.fixed.len() == 1 { "finding that is" } else { "findings that are" };
            let gone = match suppressed {
                0 => "gone",
                _ if mixed => "gone, or suppressed by now",
                _ => "suppressed by now",
            };
            let what = format!("{file} holds {} {findings} {gone}: {}{more}", self.fixed.len(), named.join(", "));
            let help = "take them out with --baseline FILE --write-baseline FILE";
            notices.push(Notice { spot: None, what, help, counts: false });
        }
        notices
    }
}

fn with_status(mut finding: Finding, status: Status) -> Finding {
    // What is not meant for this reader stays so.
    if finding.status != Status::BelowPersona {
        finding.status = status;
    }
    finding
}
