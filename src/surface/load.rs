//! Reading documents, and the files they refer to, from below the folder of the document that was named.

use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use elsa::sync::FrozenVec;
use rustc_hash::FxHashMap;

use crate::source::{SharedText, Source, SourceId, Sources, Span};
use crate::syntax::{self, Node, Tree};

/// Largest document that is read, in bytes.
const MAX_BYTES: u64 = 256 << 20;

/// Most files that one run follows references into.
const MAX_FILES: usize = 20_000;

/// Most bytes that one run reads through references.
const MAX_REFERENCED_BYTES: u64 = 1 << 30;

/// Why a reference out of the folder is not followed.
pub(super) const LEAVES: &str =
    "the path leaves the folder of the document that was named; bundle the document into one file";

/// Why a document could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadError {
    /// The document's name.
    pub name: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// Where, if the text was read.
    pub span: Option<Span>,
}

/// Every document of a run. Trees stay where they are until the run ends, so nodes may point into them while
/// references bring in more.
#[derive(Default)]
pub struct Documents {
    sources: RwLock<Sources>,
    trees: FrozenVec<Box<Tree>>,
    homes: RwLock<Vec<Option<Home>>>,
    referenced: RwLock<FxHashMap<PathBuf, Result<usize, String>>>,
    referenced_bytes: AtomicU64,
}

/// A document that was read and parsed, but belongs to no run yet. Many may be prepared at once.
#[derive(Debug)]
pub struct Prepared {
    name: String,
    text: SharedText,
    home: Option<Home>,
    parsed: Result<Tree, Flaw>,
}

/// Why a text has no tree: a place in it, what is wrong, and what to do.
#[derive(Debug)]
struct Flaw {
    start: u32,
    end: u32,
    message: String,
    help: String,
}

/// Where a document lies, for the references in it.
#[derive(Debug, Clone)]
struct Home {
    /// The folder of the document that the user named; references may not leave it.
    root: PathBuf,
    /// The folder of this document, below `root`.
    folder: PathBuf,
    /// This document, links resolved.
    file: PathBuf,
    /// `folder` as people would write it.
    shown: String,
}

impl std::fmt::Debug for Documents {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Documents").field("trees", &self.trees.len()).finish_non_exhaustive()
    }
}

impl Documents {
    /// Reads a file that the user named.
    ///
    /// # Errors
    /// [`LoadError`] when it cannot be read, is not UTF-8, or is neither JSON nor YAML.
    pub fn open(&self, path: &Path) -> Result<Node<'_>, LoadError> {
        self.take(Prepared::file(path)?)
    }

    /// Takes a document that did not come from a file; its references to files are refused.
    ///
    /// # Errors
    /// As [`Documents::open`].
    pub fn open_bytes(&self, name: &str, bytes: Vec<u8>) -> Result<Node<'_>, LoadError> {
        self.take(Prepared::new(name.to_owned(), bytes, None))
    }

    /// Takes a document that was prepared. The order in which documents are taken is that of their numbers.
    ///
    /// # Errors
    /// [`LoadError`] when it is not UTF-8, or neither JSON nor YAML.
    pub fn take(&self, prepared: Prepared) -> Result<Node<'_>, LoadError> {
        let index = self.add(prepared)?;
        Ok(self.tree(index).root())
    }

    /// The document that `target`, a relative path in the document `from`, leads to.
    ///
    /// # Errors
    /// Why it is not followed, as a phrase for the report.
    pub fn follow(&self, from: SourceId, target: &str) -> Result<Node<'_>, String> {
        let home = shared(&self.homes)[from.0 as usize].clone();
        let Some(home) = home else {
            return Err("the document came from standard input, so there is no folder to look in".into());
        };
        let wanted = home.folder.join(target);
        if !stays_below(&wanted, &home.root) {
            return Err(LEAVES.into());
        }
        let file = wanted.canonicalize().map_err(|error| format!("the file cannot be read: {}", plain(&error)))?;
        if !file.starts_with(&home.root) {
            return Err(LEAVES.into());
        }
        if file == home.file {
            return Ok(self.tree(from.0 as usize).root());
        }
        if let Some(known) = shared(&self.referenced).get(&file) {
            return known.clone().map(|index| self.tree(index).root());
        }
        let outcome = self.read_referenced(&home, target, &file);
        written(&self.referenced).insert(file, outcome.clone());
        outcome.map(|index| self.tree(index).root())
    }

    /// The node that [`Node::id`] gave.
    pub fn node(&self, (source, index): (SourceId, u32)) -> Node<'_> {
        self.tree(source.0 as usize).node(index)
    }

    /// Every tree that was read so far; of a document that could not be read there is an empty one.
    pub fn trees(&self) -> impl Iterator<Item = &Tree> {
        (0..self.trees.len()).map(|index| self.tree(index))
    }

    /// The name of a document.
    pub fn name(&self, source: SourceId) -> String {
        shared(&self.sources).get(source).name.clone()
    }

    /// The texts of all documents, once the trees are no longer needed.
    pub fn into_sources(self) -> Sources {
        self.sources.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// What this run has read so far, for messages about a document that could not be read.
    pub fn with_sources<T>(&self, read: impl FnOnce(&Sources) -> T) -> T {
        read(&shared(&self.sources))
    }

    fn read_referenced(&self, home: &Home, target: &str, file: &Path) -> Result<usize, String> {
        if shared(&self.referenced).len() >= MAX_FILES {
            return Err(format!("more than {MAX_FILES} files are referred to"));
        }
        let bytes = read_file(file)?;
        let total = self.referenced_bytes.load(Ordering::Relaxed) + bytes.len() as u64;
        if total > MAX_REFERENCED_BYTES {
            return Err(format!("the files referred to hold more than {} MiB", MAX_REFERENCED_BYTES >> 20));
        }
        self.referenced_bytes.store(total, Ordering::Relaxed);
        let name = join_shown(&home.shown, target);
        let folder = file.parent().unwrap_or(&home.root).to_path_buf();
        let shown = parent_shown(&name);
        let home = Home { root: home.root.clone(), folder, file: file.to_path_buf(), shown };
        self.add(Prepared::new(name, bytes, Some(home))).map_err(|error| match error.span {
            Some(span) => {
                let at = shared(&self.sources).start(span);
                format!("{}:{}:{}: {}", error.name, at.line, at.column, error.message)
            }
            None => error.message,
        })
    }

    fn tree(&self, index: usize) -> &Tree {
        self.trees.get(index).expect("every document has a tree")
    }

    /// Keeps a text and its tree under the same number; a text that cannot be parsed is kept for the message.
    fn add(&self, prepared: Prepared) -> Result<usize, LoadError> {
        let Prepared { name, text, home, parsed } = prepared;
        let mut sources = written(&self.sources);
        let id = sources.add(name.clone(), text);
        written(&self.homes).push(home);
        // Trees and sources share their numbers, so an unreadable document leaves an empty place.
        match parsed {
            Ok(tree) => Ok(self.trees.push_get_index(Box::new(tree.of_source(id)))),
            Err(flaw) => {
                self.trees.push(Box::new(Tree::nothing(id)));
                let span = Span { source: id, start: flaw.start, end: flaw.end };
                Err(LoadError { name, message: flaw.message, help: flaw.help, span: Some(span) })
            }
        }
    }
}

impl Prepared {
    /// Reads and parses a file that the user named.
    ///
    /// # Errors
    /// [`LoadError`] when it cannot be read.
    pub fn file(path: &Path) -> Result<Self, LoadError> {
        let name = shown(path);
        let bytes = read_file(path).map_err(|message| LoadError {
            name: name.clone(),
            message,
            help: "check the path and its permissions".into(),
            span: None,
        })?;
        let home = path.canonicalize().ok().and_then(|file| {
            let folder = file.parent()?.to_path_buf();
            Some(Home { root: folder.clone(), folder, file, shown: parent_shown(&name) })
        });
        Ok(Self::new(name, bytes, home))
    }

    fn new(name: String, bytes: Vec<u8>, home: Option<Home>) -> Self {
        let (text, broken) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let at = error.utf8_error().valid_up_to() as u32;
                let bytes = error.into_bytes();
                let (message, help) = encoding_problem(&bytes);
                (String::from_utf8_lossy(&bytes).into_owned(), Some(Flaw { start: at, end: at + 1, message, help }))
            }
        };
        let text = SharedText::new(text);
        let parsed = match broken {
            Some(flaw) => Err(flaw),
            None => {
                let source = Source::shared(SourceId(0), name.clone(), SharedText::clone(&text));
                syntax::parse(&source).map_err(|error| Flaw {
                    start: error.span.start,
                    end: error.span.end,
                    message: error.message,
                    help: error.help,
                })
            }
        };
        Self { name, text, home, parsed }
    }
}

/// What is behind a lock. A thread that panicked while it held the lock ends the run anyway.
fn shared<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

/// The same, to change it.
fn written<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// What a text that is not UTF-8 seems to be, and what to do.
fn encoding_problem(bytes: &[u8]) -> (String, String) {
    let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let what = if utf16 { "the document is UTF-16, not UTF-8" } else { "the document is not valid UTF-8" };
    (what.into(), "save it as UTF-8, for example with `iconv -t utf-8`".into())
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| format!("the file cannot be read: {}", plain(&error)))?;
    let metadata = file.metadata().map_err(|error| format!("the file cannot be read: {}", plain(&error)))?;
    if metadata.is_dir() {
        return Err("it is a folder, not a file".into());
    }
    read_limited(file, metadata.len())
}

/// Reads everything, but no more than 256 MiB; `expected` bytes are reserved at once.
///
/// # Errors
/// A phrase for the message.
pub fn read_limited(from: impl Read, expected: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(expected.min(MAX_BYTES) as usize + 1);
    from.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("the file cannot be read: {}", plain(&error)))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("it is larger than {} MiB", MAX_BYTES >> 20));
    }
    Ok(bytes)
}

/// An operating-system error without its number.
fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

/// Whether `path`, its `.` and `..` worked out without looking at the disk, is below `root`.
fn stays_below(path: &Path, root: &Path) -> bool {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                if !plain.pop() {
                    return false;
                }
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain.starts_with(root)
}

/// A path as people write it, with `/` on every system and without a leading `./`.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").map_or(text.clone(), str::to_owned)
}

fn parent_shown(name: &str) -> String {
    name.rfind('/').map_or(String::new(), |end| name[..=end].to_owned())
}

/// `specs/paths/` and `../models/pet.yml` make `specs/models/pet.yml`.
fn join_shown(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let absolute = if folder.starts_with('/') { "/" } else { "" };
    format!("{absolute}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_referenced_files_are_joined() {
        assert_eq!(join_shown("specs/paths/", "../models/pet.yml"), "specs/models/pet.yml");
        assert_eq!(join_shown("", "./models/pet.yml"), "models/pet.yml");
        assert_eq!(join_shown("../a/", "b.yml"), "../a/b.yml");
        assert_eq!(join_shown("/x/", "b.yml"), "/x/b.yml");
    }

    #[test]
    fn paths_that_climb_out_are_seen_without_the_disk() {
        let root = Path::new("/specs");
        assert!(stays_below(Path::new("/specs/a/../b.yml"), root));
        assert!(!stays_below(Path::new("/specs/a/../../b.yml"), root));
        assert!(!stays_below(Path::new("/etc/passwd"), root));
        assert!(!stays_below(Path::new("/specs/../../../../b"), root));
    }

    #[test]
    fn a_document_from_standard_input_has_no_neighbours() {
        let documents = Documents::default();
        let root = documents.open_bytes("<stdin>", b"{\"a\": 1}".to_vec()).expect("valid");
        assert!(documents.follow(root.source(), "other.yml").expect_err("refused").contains("standard input"));
    }

    #[test]
    fn a_wrong_encoding_is_located() {
        let documents = Documents::default();
        let error = documents.open_bytes("x", b"a: 1\nb: \xe9\n".to_vec()).expect_err("Latin-1");
        let at = documents.with_sources(|sources| sources.start(error.span.expect("located")));
        assert_eq!((at.line, at.column), (2, 4));
    }
}
