//! The findings that were there before: a file that only shrinks.

use std::fmt::Write as _;
use std::path::Path;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::rule::Rule;
use crate::surface::read_limited;

/// Largest file that is read, in bytes.
const MAX_BYTES: u64 = 64 << 20;

/// Findings that are known, each by what it is about and not by its words or its place.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    entries: Vec<Entry>,
}

/// One known finding. A document is known by its name; one that the baseline does not know takes over what it knows of
/// documents that are neither audited nor there any more, so that a renamed file stays known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    /// The document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// HTTP method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The tool's name, where there is no path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The rule.
    pub rule: String,
    /// The fields that were to blame; a further one is a new finding.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// The identity of the finding, less the number that tells repeated ones apart.
    pub fingerprint: String,
    /// Whether a finding of this run was it.
    #[serde(skip)]
    met: bool,
    /// Whether a finding of this run would be it, if it were not suppressed.
    #[serde(skip)]
    suppressed: bool,
    /// What became of its document.
    #[serde(skip)]
    origin: Origin,
}

/// What became of the document of a known finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Origin {
    /// Nothing is known of it: the entry counts for any document.
    #[default]
    Any,
    /// It is audited, as the document of this number.
    Audited(usize),
    /// There is no such document any more.
    Gone,
    /// It is there, and not audited in this run.
    Elsewhere,
}

#[derive(Deserialize)]
struct Stored {
    version: u64,
    findings: Vec<Entry>,
}

impl Entry {
    fn of(finding: &Finding, document: &str) -> Self {
        let mut fields: Vec<String> = finding.fields.iter().map(|field| field.to_string()).collect();
        fields.sort();
        Self {
            document: Some(plain(document).to_owned()),
            path: finding.path().map(str::to_owned),
            method: finding.method().map(str::to_owned),
            name: finding.name().filter(|_| finding.path().is_none()).map(str::to_owned),
            rule: finding.rule.id.to_string(),
            fields,
            fingerprint: finding.fingerprint.identity().to_string(),
            met: false,
            suppressed: false,
            origin: Origin::Audited(finding.document),
        }
    }

    /// Whether its finding is there, and suppressed.
    pub fn is_suppressed(&self) -> bool {
        self.suppressed
    }

    /// What it is about, in a few words.
    pub fn label(&self) -> String {
        let about = match (&self.method, &self.path, &self.name) {
            (Some(method), Some(path), _) => format!("{method} {path}"),
            (None, Some(path), _) => path.clone(),
            (_, None, Some(name)) => name.clone(),
            _ => "the whole surface".to_owned(),
        };
        format!("{} {about}", self.rule)
    }
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// What is wrong, and what to do.
    pub fn read(path: &Path) -> Result<Self, (String, String)> {
        let name = path.display();
        let anew = format!("write it anew with `--write-baseline {name}`");
        let file = std::fs::File::open(path)
            .map_err(|error| (format!("the baseline cannot be read: {error}"), anew.clone()))?;
        let bytes = read_limited(std::io::Read::take(file, MAX_BYTES + 1), 0).map_err(|why| (why, anew.clone()))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err((format!("the baseline is larger than {} MiB", MAX_BYTES >> 20), anew));
        }
        let stored: Stored =
            serde_json::from_slice(&bytes).map_err(|error| (format!("this is no baseline: {error}"), anew.clone()))?;
        if stored.version != 1 {
            return Err((format!("the baseline has version {}, and only 1 is known", stored.version), anew));
        }
        Ok(Self { entries: stored.findings })
    }

    /// A baseline of these findings, each with the name of its document, and of what is `left` of an older one.
    pub fn of<'f>(findings: impl Iterator<Item = (&'f Finding, &'f str)>, left: Vec<Entry>) -> Self {
        let found = findings.map(|(finding, document)| Entry::of(finding, document));
        let mut entries: Vec<Entry> = found.chain(left).collect();
        entries.sort();
        Self { entries }
    }

    /// Says which documents are audited.
    pub(super) fn begin(&mut self, documents: &[&str]) {
        let mut origins: FxHashMap<String, Origin> = FxHashMap::default();
        let real: Vec<_> = documents.iter().map(|name| Path::new(name).canonicalize().ok()).collect();
        for entry in &mut self.entries {
            let Some(name) = &entry.document else { continue };
            entry.origin = *origins.entry(name.clone()).or_insert_with(|| {
                if let Some(number) = documents.iter().position(|known| plain(known) == name) {
                    return Origin::Audited(number);
                }
                let Ok(path) = Path::new(name).canonicalize() else { return Origin::Gone };
                let same = real.iter().position(|real| real.as_ref() == Some(&path));
                same.map_or(Origin::Elsewhere, Origin::Audited)
            });
        }
    }

    /// How many findings it knows.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The file, one finding a line, so that a change touches a line.
    pub fn text(&self) -> String {
        let mut text = String::from("{\n  \"version\": 1,\n  \"findings\": [");
        for (number, entry) in self.entries.iter().enumerate() {
            let line = serde_json::to_string(entry).unwrap_or_default();
            let _ = write!(text, "{}\n    {line}", if number == 0 { "" } else { "," });
        }
        text.push_str(if self.entries.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
        text
    }

    /// The fields of a finding that are known, as numbers; none if the finding is new. Each entry stands for one
    /// finding of a run, and of several the one that knows most is taken. An entry without fields knows them all.
    pub(super) fn known(&mut self, finding: &Finding) -> Option<Vec<usize>> {
        let (entry, known) = self.entry(finding)?;
        entry.met = true;
        Some(known)
    }

    /// Takes note that a finding is suppressed, whether it is known or not.
    pub(super) fn suppressed(&mut self, finding: &Finding) {
        if let Some((entry, _)) = self.entry(finding) {
            entry.suppressed = true;
        }
    }

    /// What it knows of a finding.
    fn entry(&mut self, finding: &Finding) -> Option<(&mut Entry, Vec<usize>)> {
        let identity = finding.fingerprint.identity().to_string();
        let own = Origin::Audited(finding.document);
        let is_named = self.entries.iter().any(|entry| entry.origin == own);
        let is_about = |entry: &Entry| match entry.origin {
            Origin::Any => true,
            Origin::Audited(_) => entry.origin == own,
            Origin::Gone => !is_named,
            Origin::Elsewhere => false,
        };
        let known = |entry: &Entry| -> Vec<usize> {
            let fields = finding.fields.iter().enumerate();
            let is_known = |field: &str| entry.fields.is_empty() || entry.fields.iter().any(|known| known == field);
            fields.filter(|(_, field)| is_known(field)).map(|(index, _)| index).collect()
        };
        let candidates =
            self.entries.iter_mut().filter(|entry| !entry.met && entry.fingerprint == identity && is_about(entry));
        let entry = candidates.max_by_key(|entry| known(entry).len())?;
        let fields = known(entry);
        Some((entry, fields))
    }

    /// What no finding of the run was, of the rules and documents that were looked at; and what was not looked at.
    pub(super) fn unmet(&self, rules: &[std::sync::Arc<Rule>]) -> (Vec<Entry>, Vec<Entry>) {
        let looked_at =
            |entry: &Entry| rules.iter().any(|rule| *rule.id == *entry.rule) && entry.origin != Origin::Elsewhere;
        self.entries.iter().filter(|entry| !entry.met).cloned().partition(looked_at)
    }
}

/// The name of a document, as it is compared.
fn plain(name: &str) -> &str {
    name.strip_prefix("./").unwrap_or(name)
}
