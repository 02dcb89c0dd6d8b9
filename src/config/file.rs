//! Reading the configuration file, with the place of whatever is wrong in it.

use std::path::{Path, PathBuf};

use super::discover::{self, Home};
use super::form::{Form, check};
use super::keys::FILE;
use super::scope::{word, words};
use super::{ConfigError, Fault, Scope, Suppression, Word};
use crate::rule::Persona;
use crate::source::{Source, SourceId, Span};
use crate::surface::read_limited;
use crate::syntax::{self, Node};

/// Largest configuration that is read, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// The configuration of a project.
#[derive(Debug)]
pub struct File {
    /// The file, as the user would write it.
    pub path: PathBuf,
    /// Its text, for messages.
    pub source: Source,
    /// What holds for every document.
    pub scope: Scope,
    /// The documents to audit when none is named.
    pub inputs: Vec<Input>,
    /// Folders with rules, as seen from the working directory.
    pub rules: Vec<PathBuf>,
    /// Who reads the report.
    pub persona: Option<Persona>,
    /// The file of known findings: as it is written, and as seen from the working directory.
    pub baseline: Option<(Word, PathBuf)>,
    /// Accepted findings.
    pub suppress: Vec<Suppression>,
    /// Settings of scans.
    pub guard: GuardSettings,
}

/// A document, or several, and what differs for them.
#[derive(Debug, Clone)]
pub struct Input {
    /// A file, folder or glob, as it is written.
    pub word: Word,
    /// The same as seen from the working directory.
    pub path: String,
    /// What was chosen for it alone.
    pub scope: Scope,
}

/// Settings of scans; what is left out is left to the program.
#[derive(Debug, Clone, Default)]
pub struct GuardSettings {
    /// `block`, `alert` or `log`.
    pub policy: Option<String>,
    /// Guard rules or topics not to run.
    pub ignore: Vec<Word>,
    /// Largest payload.
    pub max_bytes: Option<usize>,
    /// Deepest nesting of JSON.
    pub max_depth: Option<usize>,
    /// Whether reports repeat the text that matched.
    pub excerpts: Option<bool>,
}

impl File {
    /// The configuration that is found from a folder up to the root of its repository, if there is one.
    ///
    /// # Errors
    /// Two files, or what [`File::read`] says of the one.
    pub fn find(folder: &Path) -> Result<Option<Self>, ConfigError> {
        let found = discover::find(folder).map_err(|message| ConfigError {
            file: String::new(),
            source: None,
            faults: vec![Fault { span: None, message, help: "keep one of them, or name it with --config".into() }],
        })?;
        found.map(|path| Self::read(&path)).transpose()
    }

    /// Reads a configuration.
    ///
    /// # Errors
    /// Everything that is wrong with it: not readable, no JSON or YAML, unknown keys, values of another form.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let name = path.to_string_lossy().replace('\\', "/");
        let bytes = read_bytes(path).map_err(|message| ConfigError {
            file: name.clone(),
            source: None,
            faults: vec![Fault { span: None, message, help: "check the path and its permissions".into() }],
        })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to() as u32;
            let source = Source::new(SourceId(0), &*name, String::from_utf8_lossy(error.as_bytes()).into_owned());
            let span = Span { source: source.id, start: at, end: at + 1 };
            let fault = Fault::new(span, "the configuration is not valid UTF-8", "save it as UTF-8");
            ConfigError { file: name, source: Some(Box::new(source)), faults: vec![fault] }
        })?;
        Self::from_text(path, text)
    }

    /// Reads the text of a configuration that lies, or would lie, at a path.
    ///
    /// # Errors
    /// As [`File::read`].
    pub fn from_text(path: &Path, text: String) -> Result<Self, ConfigError> {
        let name = path.to_string_lossy().replace('\\', "/");
        let source = Source::new(SourceId(0), name.as_str(), text);
        match Self::parse(path, &source) {
            Ok(file) => Ok(Self { source, ..file }),
            Err(faults) => Err(ConfigError { file: name, source: Some(Box::new(source)), faults }),
        }
    }

    fn parse(path: &Path, source: &Source) -> Result<Self, Vec<Fault>> {
        let blank = source.text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
        let text = if blank { "{}" } else { &*source.text };
        let read = syntax::parse(&Source::new(source.id, source.name.as_str(), text));
        let tree = read.map_err(|error| vec![Fault::new(error.span, error.message, &error.help)])?;
        let root = tree.root();
        if root.get("mcpsentry").is_some() && root.get("routes").is_some() {
            let help = "give it another name: the configuration of mcpsentry is called so";
            return Err(vec![Fault::new(root.span(), "this is a route manifest and no configuration", help)]);
        }
        let mut faults = Vec::new();
        check(root, &Form::Keys(FILE), &mut faults);
        let home = Home::of(path);
        let mut located = |word: &Word| match home.path(&word.text) {
            Ok(path) => path,
            Err(why) => {
                faults.push(Fault::of(word, why, "name something below it"));
                PathBuf::new()
            }
        };
        let folders: Vec<(Word, PathBuf)> =
            words(root, "rules").unwrap_or_default().into_iter().map(|word| (word.clone(), located(&word))).collect();
        let baseline = root.get("baseline").filter(|node| !node.is_null()).map(word);
        let baseline = baseline.map(|word| (word.clone(), located(&word)));
        let mut inputs = Vec::new();
        for entry in root.get("inputs").into_iter().flat_map(Node::items) {
            let word = word(entry.get("path").unwrap_or(entry));
            let path = located(&word).to_string_lossy().replace('\\', "/");
            inputs.push(Input { word, path, scope: Scope::read(entry) });
        }
        for (word, _) in folders.iter().filter(|(_, path)| !path.as_os_str().is_empty() && !path.is_dir()) {
            let message = format!("there is no folder `{}`", word.text);
            faults.push(Fault::of(word, message, "paths begin in the folder of the configuration"));
        }
        let suppress = if faults.is_empty() { Suppression::read(root, source, &mut faults) } else { Vec::new() };
        if !faults.is_empty() {
            faults.sort_by_key(|fault| fault.span);
            return Err(faults);
        }
        let choice = |key| root.get(key).and_then(Node::as_scalar).map(|text| text.trim().to_owned());
        Ok(Self {
            path: path.to_path_buf(),
            source: Source::new(source.id, "", ""),
            scope: Scope::read(root),
            inputs,
            rules: folders.into_iter().map(|(_, path)| path).collect(),
            persona: choice("persona").and_then(|name| {
                [Persona::Regular, Persona::Pedantic, Persona::Auditor].into_iter().find(|known| known.name() == name)
            }),
            baseline,
            suppress,
            guard: root.get("guard").map(guard).unwrap_or_default(),
        })
    }
}

fn guard(node: Node<'_>) -> GuardSettings {
    let count = |key| node.get(key).and_then(Node::as_u64).map(|count| count as usize);
    GuardSettings {
        policy: node.get("policy").and_then(Node::as_scalar).map(Into::into),
        ignore: words(node, "ignore").unwrap_or_default(),
        max_bytes: count("max_bytes"),
        max_depth: count("max_depth"),
        excerpts: node.get("excerpts").and_then(Node::as_bool),
    }
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, String> {
    let file = std::fs::File::open(path).map_err(|error| format!("the configuration cannot be read: {error}"))?;
    let limited = std::io::Read::take(file, MAX_BYTES as u64 + 1);
    let bytes = read_limited(limited, 0)?;
    if bytes.len() > MAX_BYTES {
        return Err(format!("the configuration is larger than {} MiB", MAX_BYTES >> 20));
    }
    Ok(bytes)
}
