//! Tables of routes as the commands of frameworks print them, to a tree: a mapping from the table's name to the list of
//! its rows, each a mapping from column to cell. A line that is no row stays in the list as a text, so that whoever
//! reads the tree can say so.

mod rails;

use super::build::Builder;
use super::tree::{Kind, Tree};
use crate::source::Source;

use rails::{is_block_head, is_header};

/// Bytes in which a table has to begin: commands print a few lines of log before it.
const HEAD: usize = 64 << 10;

/// What `flask routes` prints in the place of an empty table.
const NO_FLASK_ROUTES: &str = "No routes were registered.";

/// What `rails routes` prints in the place of an empty table.
const NO_RAILS_ROUTES: &str = "You don't have any routes defined!";

/// The columns of `show_urls`, which by default prints no header; its JSON names them so.
const SHOW_URLS: [&str; 4] = ["url", "module", "name", "decorators"];

/// How a command lays out its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// `flask routes`: a line of dashes under the header tells the columns.
    Ruled,
    /// `show_urls --format table`: bars between the cells.
    Barred,
    /// `show_urls`: tabs between the cells, no header.
    Tabbed,
    /// `rails routes`: words in columns whose width may change between sections, or a block of lines for each route.
    Rails,
    /// A sentence that says that there are no routes.
    Nothing,
}

impl Layout {
    /// The key that the rows stand under.
    fn name(self, first: &str) -> &'static str {
        match self {
            Self::Ruled => "flask routes",
            Self::Barred | Self::Tabbed => "show_urls",
            Self::Nothing if first == NO_FLASK_ROUTES => "flask routes",
            Self::Rails | Self::Nothing => "rails routes",
        }
    }
}

/// A line without its break: its first byte and its text.
#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    start: usize,
    text: &'t str,
}

/// A part of a line that has a name or a value.
type Cell = (usize, usize);

/// The table that a text holds; nothing if it holds none.
pub(super) fn parse(source: &Source) -> Option<Tree> {
    let text = &*source.text;
    let (layout, first) = find(text)?;
    let mut table = Table { builder: Builder::new(source), columns: Vec::new() };
    let root = table.builder.open(Kind::Object, 0);
    let before = text[..first.start].trim();
    if !before.is_empty() {
        let start = before.as_ptr() as usize - text.as_ptr() as usize;
        table.builder.decoded("before", start, start);
        table.builder.bare(Kind::String, start, start + before.len());
    }
    table.builder.decoded(layout.name(first.text), first.start, first.start + first.text.len());
    let rows = table.builder.open(Kind::Array, first.start);
    let rest = lines(text, first.start);
    match layout {
        Layout::Ruled => table.ruled(rest),
        Layout::Barred => table.barred(rest),
        Layout::Tabbed => table.tabbed(rest, first.start),
        Layout::Rails => table.rails(rest),
        Layout::Nothing => {}
    }
    table.builder.close(rows, text.len());
    table.builder.close(root, text.len());
    Some(table.builder.finish())
}

/// Where a table begins, and how it is laid out. Only shapes that cannot stand in a YAML mapping count: they begin at
/// the first column, or hold what no key does.
fn find(text: &str) -> Option<(Layout, Line<'_>)> {
    let begin = text.len() - text.trim_start_matches('\u{FEFF}').len();
    let mut before = "";
    let mut lines = lines(text, begin).take_while(|line| line.start < HEAD).peekable();
    while let Some(line) = lines.next() {
        let next = lines.peek().map_or("", |next| next.text);
        let layout = match line.text {
            text if text.starts_with("Endpoint ") && is_rule(next, ' ') => Layout::Ruled,
            text if text.starts_with("URL ") && text.contains(" | ") && is_rule(next, '+') => Layout::Barred,
            text if is_url_row(text) => Layout::Tabbed,
            // A YAML text of several lines may quote a table: its key ends in a mark, or is a version key.
            text if is_header(text) && !before.trim_end().ends_with(['|', '>', '-', '+', ':']) => Layout::Rails,
            text if is_block_head(text) => Layout::Rails,
            text if text == NO_FLASK_ROUTES || text == NO_RAILS_ROUTES => Layout::Nothing,
            _ => {
                if !line.text.is_empty() {
                    before = line.text;
                }
                continue;
            }
        };
        return Some((layout, line));
    }
    None
}

/// A line of dashes under three or four columns, with this character between them.
fn is_rule(text: &str, between: char) -> bool {
    let mut columns = text.trim_end().split(between).filter(|part| !part.is_empty());
    let count = columns.by_ref().take(5).take_while(|part| part.bytes().all(|byte| byte == b'-')).count();
    (3..=4).contains(&count) && columns.next().is_none()
}

/// `/path`, a tab, the view, and perhaps its name and decorators behind further tabs.
fn is_url_row(text: &str) -> bool {
    let mut cells = text.split('\t');
    let path = cells.next().is_some_and(|path| path.starts_with('/') && !path.contains(' ') && !path.ends_with(':'));
    path && cells.next().is_some_and(|view| !view.is_empty() && !view.contains(' ')) && cells.count() <= 2
}

/// The lines from a byte on.
fn lines(text: &str, from: usize) -> impl Iterator<Item = Line<'_>> {
    let mut next = from;
    std::iter::from_fn(move || {
        let rest = text.get(next..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let line = Line { start: next, text: rest[..end].trim_end_matches('\r') };
        next += end + 1;
        Some(line)
    })
}

/// The rows that were read so far.
struct Table {
    builder: Builder,
    /// The nodes that name the columns; rows repeat them.
    columns: Vec<u32>,
}

impl Table {
    fn ruled<'t>(&mut self, lines: impl Iterator<Item = Line<'t>>) {
        let mut lines = lines.peekable();
        let Some(header) = lines.next() else { return };
        let Some(rule) = lines.next() else { return };
        // Columns in characters, as the command counted them.
        let mut columns: Vec<Cell> = Vec::new();
        for (at, character) in rule.text.chars().enumerate() {
            match columns.last_mut() {
                _ if character != '-' => {}
                Some((_, end)) if *end == at => *end = at + 1,
                _ => columns.push((at, at + 1)),
            }
        }
        let names = cut(header, &columns).unwrap_or_default();
        for line in lines {
            let is_row =
                |cells: &Vec<Cell>| cells.len() == names.len() && cells.last().is_some_and(|c| is_path(line, *c));
            match cut(line, &columns).filter(is_row) {
                Some(cells) => self.row(line, &names, &cells),
                None => self.other(line),
            }
        }
    }

    fn barred<'t>(&mut self, lines: impl Iterator<Item = Line<'t>>) {
        let mut names = Vec::new();
        for (number, line) in lines.enumerate() {
            let cells = split(line, " | ", SHOW_URLS.len() + 1);
            match number {
                0 => names = cells,
                1 => {}
                _ if cells.len() == names.len() && is_path(line, cells[0]) => self.row(line, &names, &cells),
                _ => self.other(line),
            }
        }
    }

    fn tabbed<'t>(&mut self, lines: impl Iterator<Item = Line<'t>>, start: usize) {
        let names = [(start, start); SHOW_URLS.len()];
        for line in lines {
            if is_url_row(line.text) {
                let cells = split(line, "\t", SHOW_URLS.len());
                self.row(line, &names[..cells.len()], &cells);
            } else {
                self.other(line);
            }
        }
    }

    /// A row; names that span nothing are those of `show_urls`.
    fn row(&mut self, line: Line<'_>, names: &[Cell], cells: &[Cell]) {
        let row = self.builder.open(Kind::Object, line.start);
        for (column, (&name, &cell)) in names.iter().zip(cells).enumerate() {
            match self.columns.get(column) {
                Some(&known) => {
                    self.builder.again(known);
                }
                None => {
                    let (start, end) = name;
                    self.columns.push(if start == end {
                        self.builder.decoded(SHOW_URLS[column], start, end)
                    } else {
                        self.builder.bare(Kind::String, start, end)
                    });
                }
            }
            self.builder.bare(Kind::String, cell.0, cell.1);
        }
        self.builder.close(row, line.start + line.text.len());
    }

    /// A line that is no row.
    fn other(&mut self, line: Line<'_>) {
        let text = line.text.trim();
        if !text.is_empty() {
            let start = line.start + (line.text.len() - line.text.trim_start().len());
            self.builder.bare(Kind::String, start, start + text.len());
        }
    }
}

/// The cells of a line between these columns, in characters; the last one takes the rest. Nothing comes back if text
/// stands between the columns.
fn cut(line: Line<'_>, columns: &[Cell]) -> Option<Vec<Cell>> {
    let ascii = line.text.is_ascii();
    let byte = |column: usize| {
        if ascii {
            column.min(line.text.len())
        } else {
            line.text.char_indices().nth(column).map_or(line.text.len(), |(at, _)| at)
        }
    };
    let mut cells = Vec::with_capacity(columns.len());
    let mut last = 0;
    for (number, &(start, end)) in columns.iter().enumerate() {
        let start = byte(start);
        let end = if number + 1 == columns.len() { line.text.len() } else { byte(end) };
        if !line.text[last..start].trim().is_empty() {
            return None;
        }
        cells.push(trimmed(line, start, end));
        last = end;
    }
    Some(cells)
}

/// The parts of a line, without the space around them; the last of at most `limit` parts is the rest.
fn split(line: Line<'_>, between: &str, limit: usize) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut start = 0;
    for part in line.text.splitn(limit, between) {
        cells.push(trimmed(line, start, start + part.len()));
        start += part.len() + between.len();
    }
    cells
}

fn is_path(line: Line<'_>, (start, _): Cell) -> bool {
    line.text[start - line.start..].starts_with('/')
}

fn trimmed(line: Line<'_>, start: usize, end: usize) -> Cell {
    let text = &line.text[start..end];
    let lead = if text.trim().is_empty() { 0 } else { text.len() - text.trim_start().len() };
    let start = line.start + start + lead;
    (start, start + text.trim().len())
}
