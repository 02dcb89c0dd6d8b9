//! Lists of routes as tools print them: little more than path, methods and a name. All else is not known.

use rustc_hash::FxHashSet;

use super::reference::References;
use super::schema::Schemas;
use super::{Designation, Documents, Exposure, Fact, Operation, Reader, Surface, Words, effect, page, route};
use crate::source::Quote;
use crate::syntax::Node;

/// Lines of a table that are named one by one when they are no rows.
const NAMED_LINES: usize = 20;

/// What one tool prints.
struct Shape {
    /// The tool, or the key under which the rows of its table stand.
    kind: &'static str,
    /// Keys that tell its list from other lists of objects; none if only its table is read.
    marks: &'static [&'static str],
    /// Keys of the path; a row has one of them.
    path: &'static [&'static str],
    /// Key of the methods, a list or a text.
    methods: Option<&'static str>,
    /// Keys of the name that people gave it.
    name: &'static [&'static str],
    /// Keys of the place in the code.
    handler: &'static [&'static str],
}

const SHAPES: [Shape; 5] = [
    Shape {
        kind: "flask routes",
        marks: &[],
        path: &["Rule"],
        methods: Some("Methods"),
        name: &["Endpoint"],
        handler: &[],
    },
    Shape {
        kind: "rails routes",
        marks: &[],
        path: &["URI Pattern", "URI"],
        methods: Some("Verb"),
        name: &[],
        handler: &["Controller#Action"],
    },
    Shape {
        kind: "show_urls",
        marks: &["url", "module", "name", "decorators"],
        path: &["url", "URL"],
        methods: None,
        name: &["name", "Name"],
        handler: &["module", "Module"],
    },
    Shape {
        kind: "express-list-endpoints",
        marks: &["path", "methods", "middlewares"],
        path: &["path"],
        methods: Some("methods"),
        name: &[],
        handler: &[],
    },
    Shape {
        kind: "artisan route:list",
        marks: &["uri", "method", "action", "middleware"],
        path: &["uri"],
        methods: Some("method"),
        name: &["name"],
        handler: &["action"],
    },
];

/// Reads what `flask routes`, `rails routes`, `show_urls`, `express-list-endpoints` and `artisan route:list` print.
pub(super) struct RouteList;

impl Reader for RouteList {
    fn name(&self) -> &'static str {
        "list of routes (flask, rails, show_urls, express-list-endpoints, artisan)"
    }

    fn recognises(&self, root: Node<'_>) -> bool {
        find(root).is_some()
    }

    fn read(&self, documents: &Documents, root: Node<'_>) -> Surface {
        let root = documents.node(root.id());
        let references = References::new(documents);
        let mut surface = blank(root);
        if let Some((shape, key, rows)) = find(root) {
            surface.kind = shape.kind.into();
            surface.head = key.unwrap_or_else(|| rows.items().next().unwrap_or(rows)).span();
            if let Some(before) = root.get("before").filter(|_| root.is_object()) {
                let why = "they are no part of it; they may say why routes are missing";
                references.note("lines before the table", why, Some(before.span()), false);
            }
            let pointer = if key.is_some() { format!("/{}", shape.kind) } else { String::new() };
            surface.head_pointer = pointer.as_str().into();
            let mut reading = Reading { references: &references, operations: Vec::new(), seen: FxHashSet::default() };
            reading.rows(shape, rows, &pointer);
            surface.operations = reading.operations;
        }
        surface.unchecked = references.take_unchecked();
        surface
    }
}

/// A surface of nothing yet.
pub(super) fn blank(root: Node<'_>) -> Surface {
    Surface {
        kind: String::new(),
        title: None,
        head: root.span(),
        head_pointer: "".into(),
        root: root.id(),
        sources: Vec::new(),
        operations: Vec::new(),
        schemas: Schemas::default(),
        unchecked: Vec::new(),
    }
}

/// The shape of a list, the key of its table if it is one, and the rows.
fn find(root: Node<'_>) -> Option<(&'static Shape, Option<Node<'_>>, Node<'_>)> {
    for shape in &SHAPES {
        if root.is_array() {
            let first = root.items().find(|row| row.is_object());
            let fits = |row: Node<'_>| shape.marks.iter().all(|mark| row.get(mark).is_some());
            if !shape.marks.is_empty() && first.is_some_and(fits) {
                return Some((shape, None, root));
            }
        } else if let Some((key, rows)) = root.entry(shape.kind).filter(|(_, rows)| rows.is_array()) {
            return Some((shape, Some(key), rows));
        }
    }
    None
}

/// A route as far as a list tells.
pub(super) struct Listed<'n> {
    /// All that the list says of it.
    pub(super) row: Node<'n>,
    /// The node of its path.
    pub(super) at: Node<'n>,
    /// Pointer of that node.
    pub(super) pointer: String,
    /// Its path, as written.
    pub(super) path: String,
    /// The name that people gave it.
    pub(super) name: Option<String>,
    /// The place in the code, whose words count where it has no name.
    pub(super) handler: Option<String>,
}

impl Listed<'_> {
    /// The operation that it is with this method.
    pub(super) fn operation(&self, method: Option<&str>) -> Operation {
        let path = route::normalise(&self.path);
        let words = self.name.as_deref().or(self.handler.as_deref());
        let name = self.name.clone().unwrap_or_else(|| route::derived_name(method, &path));
        let exposure = match page::framework_page(method, &path, false) {
            Some(reason) => Exposure::Excluded(reason.into()),
            None => Exposure::Exposed,
        };
        let effect = effect::infer(method, Some(&path), words, "");
        let words = Words::new(Some(&path), words);
        let (method, path) = (method.map(Into::into), Some(path.into()));
        let known_as = Designation::new(self.at.span(), self.pointer.clone(), method, path, name);
        Operation {
            known_as: known_as.into(),
            node: self.row.id(),
            holder: self.row.id(),
            base: Quote::default(),
            summary: Fact::Unknown,
            description: Fact::Unknown,
            parameters: Fact::Unknown,
            request: Fact::Unknown,
            response: Fact::Unknown,
            exposure,
            words,
            effect,
        }
    }
}

/// One list being read.
struct Reading<'r, 'd> {
    references: &'r References<'d>,
    operations: Vec<Operation>,
    /// Methods, paths and names so far; names are left out once, for paths that differ by a format only.
    seen: FxHashSet<(Option<String>, String, Option<String>)>,
}

impl<'d> Reading<'_, 'd> {
    fn rows(&mut self, shape: &Shape, rows: Node<'d>, pointer: &str) {
        // Where the engine is mounted whose routes follow.
        let mut mount = String::new();
        let mut mounts: Vec<(String, String, Node<'d>)> = Vec::new();
        let mut lines = 0;
        for (index, row) in rows.items().enumerate() {
            let section = row.as_str().filter(|_| shape.kind == "rails routes");
            if let Some(engine) = section.as_deref().and_then(rails_section) {
                match mounts.iter().position(|(name, ..)| name == engine) {
                    Some(at) => mount = mounts.remove(at).1,
                    None => mount.clear(),
                }
                continue;
            }
            if !self.references.may_read(row) {
                continue;
            }
            let place = format!("{pointer}/{index}");
            let Some((key, path)) = shape.path.iter().find_map(|key| Some((*key, row.get(key)?))) else {
                lines += 1;
                if lines <= NAMED_LINES {
                    self.no_row(row, &place);
                }
                continue;
            };
            let text = |keys: &[&str]| {
                let found = keys.iter().find_map(|key| row.get(key)?.as_str().filter(|text| !text.is_empty()));
                found.map(std::borrow::Cow::into_owned)
            };
            let handler = text(shape.handler);
            let methods = shape.methods.and_then(|key| row.get(key));
            let is_rails = shape.kind == "rails routes";
            if is_rails && mounted(handler.as_deref().unwrap_or_default(), methods) {
                mounts.push((handler.unwrap_or_default(), path.text().into_owned(), path));
                continue;
            }
            let Some(written) = path.as_str().filter(|text| !text.is_empty()) else {
                let why = format!("its `{key}` is no text; every route needs a path");
                self.references.note(format!("route {place}"), why, Some(path.span()), true);
                continue;
            };
            let listed = Listed {
                row,
                at: path,
                pointer: format!("{place}/{}", key.replace('~', "~0").replace('/', "~1")),
                path: format!("{mount}{written}"),
                name: text(shape.name),
                handler: handler.as_deref().and_then(action).map(str::to_owned),
            };
            if methods.is_some_and(|methods| methods.is_array() && methods.items().next().is_none()) {
                let why = "the list has no method for it: another application may be mounted there";
                self.references.note(format!("routes at {written}"), why, Some(path.span()), true);
                continue;
            }
            self.push(&listed, methods, is_rails);
        }
        if lines > NAMED_LINES {
            let why = "they are no rows either; give the command's output as it is";
            self.references.note(format!("{} more lines", lines - NAMED_LINES), why, Some(rows.span()), true);
        }
        for (application, path, at) in mounts {
            let websocket = application.contains("ActionCable");
            let why = if websocket {
                "it speaks WebSocket, which is no HTTP operation"
            } else {
                "another application is mounted there, and the table has none of its routes; describe it by itself"
            };
            self.references.note(format!("{application} at {path}"), why, Some(at.span()), !websocket);
        }
    }

    fn no_row(&self, row: Node<'d>, place: &str) {
        match row.as_str() {
            Some(line) => {
                let short: String = line.chars().take(60).collect();
                let why = "it is no row of the table; give the command's output as it is";
                self.references.note(format!("line `{short}`"), why, Some(row.span()), true);
            }
            None => {
                self.references.note(
                    format!("route {place}"),
                    "it has no path as the others have",
                    Some(row.span()),
                    true,
                );
            }
        }
    }

    /// One operation for each method. A route that stands there twice, or only adds a format to another, is no tool of
    /// its own.
    fn push(&mut self, listed: &Listed<'d>, methods: Option<Node<'d>>, is_rails: bool) {
        let suffixed = route::without_format(&listed.path);
        let path = route::normalise(suffixed.as_deref().unwrap_or(&listed.path));
        let methods = match methods {
            // Rails leaves the verb out where every verb is taken.
            Some(verb) if is_rails && verb.text().is_empty() => vec![Some("ANY".to_owned())],
            Some(methods) => split(methods),
            None => vec![None],
        };
        let called = listed.name.clone().or(listed.handler.clone()).unwrap_or_default();
        for method in methods {
            let mut operation = listed.operation(method.as_deref());
            let fresh = self.seen.insert((method.clone(), path.clone(), None));
            let again = suffixed.is_none() && !self.seen.insert((method, path.clone(), Some(called.clone())));
            if (suffixed.is_some() && !fresh) || again {
                operation.exposure = Exposure::Excluded("the same as another route of the list".into());
            }
            self.operations.push(operation);
        }
    }
}

/// The methods of a list or of a text such as `GET|HEAD` and `DELETE, PUT`; unknown if there are none.
pub(super) fn split(node: Node<'_>) -> Vec<Option<String>> {
    let all: Vec<String> = if node.is_array() {
        node.items().filter_map(Node::as_str).map(|method| method.to_ascii_uppercase()).collect()
    } else {
        let text = node.text();
        text.split(['|', ',', ' ']).filter(|part| !part.is_empty()).map(str::to_ascii_uppercase).collect()
    };
    route::methods(all)
}

/// What names an action: of `users#show {:id=>/\\d+/}` all but the constraints, of a redirection or a closure nothing.
fn action(handler: &str) -> Option<&str> {
    let action = handler.split(' ').next()?;
    (action.contains(['#', '@', '.', '\\']) && !action.contains(['(', '<'])).then_some(action)
}

/// The engine of `Routes for Blog::Engine:` or `[ Routes for Blog::Engine ]`; empty for the application itself.
fn rails_section(line: &str) -> Option<&str> {
    let line = line.trim_matches(['[', ']', ' ']);
    let name = line.strip_prefix("Routes for ")?.trim_end_matches(':');
    Some(if name == "application" { "" } else { name })
}

/// Whether a row of Rails mounts another application: no verb, and neither an action nor a redirection.
fn mounted(handler: &str, verb: Option<Node<'_>>) -> bool {
    let open = verb.is_none_or(|verb| verb.text().is_empty());
    let action = handler.split(' ').next().unwrap_or_default();
    let constant = action.starts_with(|c: char| c.is_ascii_uppercase()) || action.starts_with("#<");
    open && constant
}
