//! By what an operation is known.

use std::borrow::Cow;

use super::reference::escaped;
use crate::source::{Quote, Span};

/// What names an operation, and where it is described. Findings about it share it.
#[derive(Debug, Clone)]
pub struct Designation {
    /// Where it is described: the method's key, the manifest entry's path, the tool's name.
    pub span: Span,
    /// JSON pointer of that place within its file, unless it follows from path and method.
    place: Option<Box<str>>,
    /// HTTP method, upper case.
    pub method: Option<Quote>,
    /// Path with parameters as `{name}`.
    pub path: Option<Quote>,
    /// The tool's name: as declared, else made from method and path.
    pub name: Quote,
}

impl Designation {
    /// What is described at `pointer`.
    pub(super) fn new(
        span: Span,
        pointer: String,
        method: Option<Quote>,
        path: Option<Quote>,
        name: impl Into<Quote>,
    ) -> Self {
        let mut designation = Self { span, place: None, method, path, name: name.into() };
        if designation.pointer() != pointer {
            designation.place = Some(pointer.into());
        }
        designation
    }

    /// JSON pointer of its place, within its file.
    pub fn pointer(&self) -> Cow<'_, str> {
        self.place.as_deref().map_or_else(
            || {
                let [path, method] = [&self.path, &self.method].map(|part| part.as_deref().unwrap_or_default());
                format!("/paths/{}/{}", escaped(path), method.to_ascii_lowercase()).into()
            },
            Cow::Borrowed,
        )
    }

    /// `GET /users/{id}`, or the name where there is no path.
    pub fn label(&self) -> String {
        match (&self.method, &self.path) {
            (Some(method), Some(path)) => format!("{method} {path}"),
            (None, Some(path)) => path.to_string(),
            _ => self.name.to_string(),
        }
    }

    /// The values for the placeholders of sentences about it.
    pub fn placeholders(&self) -> [(&'static str, String); 4] {
        let text = |value: &Option<Quote>| value.as_deref().unwrap_or_default().to_owned();
        [
            ("method", text(&self.method)),
            ("path", text(&self.path)),
            ("name", self.name.to_string()),
            ("operation", self.label()),
        ]
    }
}
