//! The repository that `init` writes into.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// Largest file that is looked into, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// What is wrong, and what to do.
type Fault = (String, String);

/// The working directory, which has to be the root of its repository: that is where hooks and workflows are looked for.
pub(super) struct Place {
    root: PathBuf,
}

impl Place {
    pub(super) fn here() -> Result<Self, Fault> {
        let unreadable =
            |error: std::io::Error| (format!("the working directory cannot be read: {error}"), String::new());
        let root = std::env::current_dir().and_then(|folder| folder.canonicalize()).map_err(unreadable)?;
        match root.ancestors().find(|folder| folder.join(".git").exists()) {
            Some(top) if top != root => Err((
                "this folder is not the root of its repository, where workflows and hooks are looked for".into(),
                format!("run it in {}", top.display()),
            )),
            _ => Ok(Self { root }),
        }
    }

    /// Whether something is there, also a link that leads nowhere.
    pub(super) fn taken(&self, name: &str) -> bool {
        self.root.join(name).symlink_metadata().is_ok()
    }

    /// The text of a file of moderate size.
    pub(super) fn read(&self, name: &str) -> Option<String> {
        let mut text = String::new();
        File::open(self.root.join(name)).ok()?.take(MAX_BYTES).read_to_string(&mut text).ok()?;
        Some(text)
    }

    /// Writes a new file.
    pub(super) fn create(&self, name: &str, text: &str) -> Result<(), Fault> {
        let path = self.root.join(name);
        let folder = path.parent().unwrap_or(Path::new("."));
        self.make(folder)?;
        let write = || -> std::io::Result<()> {
            OpenOptions::new().write(true).create_new(true).open(&path)?.write_all(text.as_bytes())
        };
        write().map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => ("it is there already".into(), "nothing was changed".into()),
            _ => (format!("it cannot be written: {error}"), "check the permissions of the folder".into()),
        })
    }

    /// Makes a folder, but not behind a link that leads out of the repository.
    fn make(&self, folder: &Path) -> Result<(), Fault> {
        let mut there = folder;
        while there.symlink_metadata().is_err() {
            there = there.parent().unwrap_or(&self.root);
        }
        let inside = there.canonicalize().is_ok_and(|real| real.starts_with(&self.root));
        if !inside {
            let why = format!("{} leads out of the repository", there.display());
            return Err((why, "replace the link by a folder".into()));
        }
        fs::create_dir_all(folder).map_err(|error| (format!("its folder cannot be made: {error}"), String::new()))
    }
}
