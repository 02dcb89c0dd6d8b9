//! From facts to judgements: a rule's [`Match`] says what is there, a [`Finding`] how bad that is and whether it counts.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::rule::{Persona, Rule, Severity};
use crate::source::{Span, Spot};
use crate::surface::Operation;

/// What became of a finding. Nothing is dropped: every one is in exactly one of these, and all are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It counts.
    Active,
    /// Somebody accepted it, and said why.
    Suppressed(Arc<Acceptance>),
    /// It was there before.
    Baselined,
    /// Its rule is for another persona.
    BelowPersona,
}

impl Status {
    /// The word for it in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suppressed(_) => "suppressed",
            Self::Baselined => "baselined",
            Self::BelowPersona => "below-persona",
        }
    }
}

/// Why a finding is accepted, by whom, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// The reason.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day on which it counts, such as `2027-01-31`.
    pub expires: Option<String>,
    /// Whether it stands in the audited document, and not in the configuration.
    pub in_source: bool,
    /// Where it is written.
    pub spot: Spot,
}

impl Acceptance {
    /// The reason, and who accepted for how long: `agreed (owner ada, until 2027-01-31)`.
    pub fn terms(&self) -> String {
        let owner = self.owner.iter().map(|owner| format!("owner {owner}"));
        let last = self.expires.iter().map(|day| format!("until {day}"));
        let terms = owner.chain(last).collect::<Vec<_>>().join(", ");
        if terms.is_empty() { self.reason.clone() } else { format!("{} ({terms})", self.reason) }
    }
}

/// A second place that a finding speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub span: Span,
    /// What is there.
    pub label: String,
}

/// A fact that a rule found. It has no severity.
#[derive(Debug, Clone)]
pub struct Match {
    /// Index of the rule in the list that was run.
    pub rule: usize,
    /// The operation: its index in the surface; none for a finding about the whole surface.
    pub operation: Option<usize>,
    /// What tells it from others of its rule that are about no single operation; else empty.
    pub subject: String,
    /// The sentence.
    pub message: String,
    /// Where.
    pub span: Span,
    /// JSON pointer of that place within its file.
    pub pointer: String,
    /// The fields or parameters that made the rule say so, as dotted paths.
    pub fields: Vec<String>,
    /// Where those stand.
    pub related: Vec<Related>,
}

/// A judged fact.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: Arc<Rule>,
    /// How bad it is here.
    pub severity: Severity,
    /// Index of the audited document in the report.
    pub document: usize,
    /// Index of the operation in that document's surface.
    pub operation: Option<usize>,
    /// HTTP method.
    pub method: Option<Arc<str>>,
    /// Path.
    pub path: Option<Arc<str>>,
    /// The tool's name.
    pub name: Option<Arc<str>>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub suggestion: String,
    /// The fields that are to blame, as dotted paths.
    pub fields: Vec<String>,
    /// Where.
    pub span: Span,
    /// JSON pointer of that place within its file.
    pub pointer: String,
    /// Where the fields stand.
    pub related: Vec<Related>,
    /// Stays the same while the same thing is wrong in the same operation; see [`fingerprint`].
    pub fingerprint: String,
    /// Whether it counts.
    pub status: Status,
}

impl Finding {
    /// Whether it counts.
    pub fn is_active(&self) -> bool {
        self.status == Status::Active
    }

    /// What it is about: `GET /users/{id}`, or the tool's name where there is no path.
    pub fn label(&self) -> String {
        match (&self.method, &self.path, &self.name) {
            (Some(method), Some(path), _) => format!("{method} {path}"),
            (None, Some(path), _) => path.to_string(),
            (_, None, Some(name)) => name.to_string(),
            (_, None, None) => "the whole surface".to_owned(),
        }
    }
}

/// The identity of a finding: the first 16 hexadecimal digits of SHA-256 over `mcpsentry/1`, the rule's id, method,
/// path and subject, joined with line feeds. `subject` is the tool's name where there is no path; for a finding that is
/// about no operation what tells it from others, such as the pointer of a shared schema; else empty.
/// Message, severity, line and file have no part in it. Where one run has the same identity more than once, the
/// later ones get `:2`, `:3` … behind it.
pub fn fingerprint(rule: &str, method: &str, path: &str, subject: &str) -> String {
    let mut hash = Sha256::new_with_prefix("mcpsentry/1");
    for part in [rule, method, path, subject] {
        hash.update("\n");
        hash.update(part);
    }
    format!("{:016x}", hash.finalize().iter().take(8).fold(0, |number: u64, &byte| number << 8 | u64::from(byte)))
}

/// Judges a match: how bad it is, for whom, and whether it counts for this reader.
pub fn judge(
    rule: &Arc<Rule>,
    found: Match,
    document: usize,
    operation: Option<&Operation>,
    reader: Persona,
) -> Finding {
    let method = operation.and_then(|operation| operation.method.clone());
    let path = operation.and_then(|operation| operation.path.clone());
    let name = operation.map(|operation| Arc::clone(&operation.name));
    let subject = match &name {
        Some(name) if path.is_none() => name,
        _ => found.subject.as_str(),
    };
    let fingerprint =
        fingerprint(&rule.id, method.as_deref().unwrap_or_default(), path.as_deref().unwrap_or_default(), subject);
    Finding {
        severity: rule.severity,
        document,
        operation: found.operation,
        suggestion: suggestion(rule, operation, &found.fields),
        fingerprint,
        status: if rule.persona <= reader { Status::Active } else { Status::BelowPersona },
        rule: Arc::clone(rule),
        method,
        path,
        name,
        message: found.message,
        fields: found.fields,
        span: found.span,
        pointer: found.pointer,
        related: found.related,
    }
}

/// Fields that a suggestion names.
const NAMED: usize = 3;

/// What to do about a finding, or, without an operation, about any of its rule.
pub fn suggestion(rule: &Rule, operation: Option<&Operation>, fields: &[String]) -> String {
    let Some(operation) = operation else {
        let general = [
            ("operation", "the operation"),
            ("name", "the operation"),
            ("path", "its path"),
            ("method", "its method"),
            ("fields", "the fields"),
        ];
        let text = fill(&rule.fix, &general.map(|(name, words)| (name, words.to_owned())));
        let mut rest = text.chars();
        return rest.next().map_or_else(String::new, |initial| initial.to_uppercase().chain(rest).collect());
    };
    let mut named = fields.iter().take(NAMED).map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", ");
    if fields.len() > NAMED {
        named += &format!(" and {} more", fields.len() - NAMED);
    }
    let mut values = operation.placeholders().to_vec();
    values.push(("fields", if fields.is_empty() { "the fields".into() } else { named }));
    fill(&rule.fix, &values)
}

/// Brings findings into the order of reports, worst first and then as they stand in the documents, and tells
/// repeated identities apart.
pub fn arrange(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (b.severity, a.document, a.span, &a.rule.id).cmp(&(a.severity, b.document, b.span, &b.rule.id))
    });
    let mut seen: FxHashMap<String, u32> = FxHashMap::default();
    for finding in findings {
        let count = seen.entry(finding.fingerprint.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            finding.fingerprint = format!("{}:{count}", finding.fingerprint);
        }
    }
}

/// Puts values into a sentence; `{count|is|are}` becomes the first word if the value is 1, else the second. Braces that
/// name no value stay; values are not searched again.
pub fn fill(sentence: &str, values: &[(&str, String)]) -> String {
    let mut filled = String::with_capacity(sentence.len() + 32);
    let mut rest = sentence;
    while let Some(open) = rest.find('{') {
        filled.push_str(&rest[..open]);
        rest = &rest[open..];
        let value = rest.find('}').and_then(|close| {
            let mut parts = rest[1..close].split('|');
            let named = parts.next()?;
            let value = values.iter().find(|(name, _)| *name == named).map(|(_, value)| value.as_str())?;
            match (parts.next(), parts.next()) {
                (Some(one), Some(more)) => Some((close, if value == "1" { one } else { more })),
                _ => Some((close, value)),
            }
        });
        match value {
            Some((close, value)) => {
                filled.push_str(value);
                rest = &rest[close + 1..];
            }
            None => {
                filled.push('{');
                rest = &rest[1..];
            }
        }
    }
    filled.push_str(rest);
    filled
}
