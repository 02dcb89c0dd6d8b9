//! From facts to judgements: a rule's [`Match`] says what is there, a [`Finding`] how bad that is and whether it counts.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::rule::{Persona, Rule, Severity};
use crate::source::{Quote, Span, Spot};
use crate::surface::{Designation, Operation};

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
    pub label: Quote,
}

impl Related {
    /// A place that is called `label`.
    pub fn new(span: Span, label: &Quote) -> Self {
        Self { span, label: label.clone() }
    }
}

/// A fact that a rule found. It has no severity.
#[derive(Debug, Clone)]
pub struct Match {
    /// Index of the rule in the list that was run.
    pub rule: usize,
    /// The operation: its index in the surface; none for a finding about the whole surface.
    pub operation: Option<usize>,
    /// What tells it from others of its rule that are about no single operation; else empty.
    pub subject: Box<str>,
    /// The sentence, unless it follows from the rule, the operation and the fields.
    pub message: Option<Box<str>>,
    /// Where.
    pub span: Span,
    /// JSON pointer of that place within its file; none if it is the operation's.
    pub place: Option<Arc<str>>,
    /// The fields or parameters that made the rule say so, as dotted paths.
    pub fields: Box<[Quote]>,
    /// Where those stand.
    pub related: Box<[Related]>,
}

/// A judged fact. There may be several of each operation, so what follows from the rest is not kept, and the details read
/// as if they were its own.
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
    /// The operation.
    pub about: Option<Arc<Designation>>,
    /// Where.
    pub span: Span,
    /// What else there is to say, if there is more than rule and operation say.
    details: Option<Box<Details>>,
    /// Stays the same while the same thing is wrong in the same operation.
    pub fingerprint: Fingerprint,
    /// Whether it counts.
    pub status: Status,
}

/// What a finding is about that is about no single operation.
const NO_OPERATION: &str = "the whole surface";

/// What a finding says besides its rule and its operation.
#[derive(Debug, Clone)]
pub struct Details {
    /// What is wrong, unless it follows from the rest; see [`Finding::message`].
    said: Option<Box<str>>,
    /// JSON pointer of its place, where that is not its operation's.
    place: Option<Arc<str>>,
    /// The fields that are to blame, as dotted paths.
    pub fields: Vec<Quote>,
    /// Where those stand.
    pub related: Vec<Related>,
}

impl Deref for Finding {
    type Target = Details;

    fn deref(&self) -> &Details {
        static NONE: Details = Details { said: None, place: None, fields: Vec::new(), related: Vec::new() };
        self.details.as_deref().unwrap_or(&NONE)
    }
}

impl Finding {
    /// HTTP method.
    pub fn method(&self) -> Option<&str> {
        self.about.as_ref()?.method.as_deref()
    }

    /// Path.
    pub fn path(&self) -> Option<&str> {
        self.about.as_ref()?.path.as_deref()
    }

    /// The tool's name.
    pub fn name(&self) -> Option<&str> {
        self.about.as_ref().map(|operation| &*operation.name)
    }

    /// JSON pointer of its place within its file.
    pub fn pointer(&self) -> Cow<'_, str> {
        let own = self.place.as_deref().map(Cow::Borrowed);
        own.or_else(|| self.about.as_ref().map(|operation| operation.pointer())).unwrap_or_default()
    }

    /// The same of some of its fields only.
    #[must_use]
    pub fn of_fields(&self, fields: &[usize]) -> Self {
        let related: Vec<Related> = fields.iter().filter_map(|&index| self.related.get(index).cloned()).collect();
        let fields = related.iter().map(|field| field.label.clone()).collect();
        let details = Details { said: None, place: self.place.clone(), fields, related };
        Self { details: Some(Box::new(details)), ..self.clone() }
    }

    /// Whether it counts.
    pub fn is_active(&self) -> bool {
        self.status == Status::Active
    }

    /// What it is about: `GET /users/{id}`, or the tool's name where there is no path.
    pub fn label(&self) -> String {
        self.about.as_ref().map_or_else(|| NO_OPERATION.to_owned(), |operation| operation.label())
    }

    /// What is wrong.
    pub fn message(&self) -> Cow<'_, str> {
        let sentence = || sentence(&self.rule, self.placeholders(), &self.fields);
        self.said.as_deref().map_or_else(|| sentence().into(), Cow::Borrowed)
    }

    /// What to do.
    pub fn suggestion(&self) -> String {
        if self.about.is_none() {
            return general_suggestion(&self.rule);
        }
        let named = if self.fields.is_empty() { "the fields".into() } else { named(&self.fields) };
        fill(&self.rule.fix, &[self.placeholders().as_slice(), &[("fields", named)]].concat())
    }

    /// The values for the placeholders of sentences about its operation.
    fn placeholders(&self) -> [(&'static str, String); 4] {
        let none = || [("method", ""), ("path", ""), ("name", ""), ("operation", NO_OPERATION)];
        let operation = self.about.as_ref().map(|operation| operation.placeholders());
        operation.unwrap_or_else(|| none().map(|(name, text)| (name, text.to_owned())))
    }
}

/// The identity of a finding: the first 16 hexadecimal digits of SHA-256 over `mcpsentry/1`, the rule's id, method,
/// path and subject, joined with line feeds. `subject` is the tool's name where there is no path; for a finding that is
/// about no operation what tells it from others, such as the pointer of a shared schema; else empty.
/// Message, severity, line and file have no part in it. Where one run has the same identity more than once, the
/// later ones get `:2`, `:3` … behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    hash: u64,
    /// The how manieth of its identity, from 1.
    number: u32,
}

impl Fingerprint {
    /// The fingerprint of what is the first of its identity.
    pub fn new(rule: &str, method: &str, path: &str, subject: &str) -> Self {
        let mut hash = Sha256::new_with_prefix("mcpsentry/1");
        for part in [rule, method, path, subject] {
            hash.update("\n");
            hash.update(part);
        }
        let hash = hash.finalize().iter().take(8).fold(0, |number: u64, &byte| number << 8 | u64::from(byte));
        Self { hash, number: 1 }
    }

    /// The same without the number that tells repeated ones apart.
    #[must_use]
    pub fn identity(self) -> Self {
        Self { number: 1, ..self }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            1 => write!(out, "{:016x}", self.hash),
            number => write!(out, "{:016x}:{number}", self.hash),
        }
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Judges a match: how bad it is, for whom, and whether it counts for this reader.
pub fn judge(
    rule: &Arc<Rule>,
    found: Match,
    document: usize,
    operation: Option<&Operation>,
    reader: Persona,
) -> Finding {
    let about = operation.map(|operation| Arc::clone(&operation.known_as));
    let path = about.as_ref().and_then(|about| about.path.as_deref());
    let method = about.as_ref().and_then(|about| about.method.as_deref());
    let subject = about.as_ref().filter(|_| path.is_none()).map_or(&*found.subject, |about| &about.name);
    let Match { message: said, place, fields, related, .. } = found;
    let details = Details { said, place, fields: fields.into(), related: related.into() };
    let says = details.said.is_some() || details.place.is_some() || !details.fields.is_empty();
    Finding {
        severity: rule.severity,
        document,
        operation: found.operation,
        fingerprint: Fingerprint::new(&rule.id, method.unwrap_or_default(), path.unwrap_or_default(), subject),
        status: if rule.persona <= reader { Status::Active } else { Status::BelowPersona },
        rule: Arc::clone(rule),
        span: found.span,
        details: (says || !details.related.is_empty()).then(|| Box::new(details)),
        about,
    }
}

/// Fields that a sentence names; the report lists them all.
const NAMED: usize = 3;

/// `a`, `b`, `c` and 4 more.
pub fn named(names: &[Quote]) -> String {
    let shown: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    let more = names.len() - shown.len();
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

/// The sentence of a rule about an operation, or about fields of it.
pub fn sentence(rule: &Rule, operation: [(&'static str, String); 4], fields: &[Quote]) -> String {
    let mut values = Vec::from(operation);
    values.extend([("count", fields.len().to_string()), ("fields", named(fields))]);
    fill(&rule.say, &values)
}

/// What to do about any finding of a rule.
pub fn general_suggestion(rule: &Rule) -> String {
    let general = [
        ("operation", "the operation"),
        ("name", "the operation"),
        ("path", "its path"),
        ("method", "its method"),
        ("fields", "the fields"),
    ];
    let text = fill(&rule.fix, &general.map(|(name, words)| (name, words.to_owned())));
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |initial| initial.to_uppercase().chain(rest).collect())
}

/// Brings findings into the order of reports, worst first and then as they stand in the documents, and tells
/// repeated identities apart.
pub fn arrange(findings: &mut [Finding]) {
    sort(findings);
    let mut identities: Vec<u64> = findings.iter().map(|finding| finding.fingerprint.hash).collect();
    identities.sort_unstable();
    // Hardly any is there twice.
    let mut repeated: FxHashMap<u64, u32> =
        identities.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| (pair[0], 0)).collect();
    for finding in findings {
        if let Some(count) = repeated.get_mut(&finding.fingerprint.hash) {
            *count += 1;
            finding.fingerprint.number = *count;
        }
    }
}

/// Sorts findings where they are. Their numbers are sorted and not they, since a stable sort takes half as much again.
fn sort(findings: &mut [Finding]) {
    let key = |&number: &u32| {
        let finding = &findings[number as usize];
        (Reverse(finding.severity), finding.document, finding.span, &*finding.rule.id)
    };
    let mut order: Vec<u32> = (0..findings.len() as u32).collect();
    order.sort_by(|a, b| key(a).cmp(&key(b)));
    for start in 0..order.len() {
        // Each place takes what belongs there and leaves its own where that was, until what stood at the start comes back.
        let mut place = start;
        loop {
            let from = std::mem::replace(&mut order[place], place as u32) as usize;
            if from == start {
                break;
            }
            findings.swap(place, from);
            place = from;
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
