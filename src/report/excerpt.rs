//! The source beside a finding: a window of it, so that a document of one line and many megabytes stays readable.

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, MietteError, MietteSpanContents, Report,
    SourceCode, SourceSpan, SpanContents,
};

use super::Look;
use super::escape::{LEGACY_COMMAND, is_unsafe};
use crate::source::{Position, Source, Span};

/// Bytes shown on either side of the marked text, where a line is longer than that.
const AROUND: usize = 60;

/// Bytes of the marked text that are shown.
const MARKED: usize = 120;

/// A part of a document, with every character that could steer a terminal replaced, under its true line and column.
struct Window {
    text: String,
    line: usize,
    column: usize,
}

impl SourceCode for Window {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        Ok(Box::new(MietteSpanContents::new(
            self.text.as_bytes(),
            (0, self.text.len()).into(),
            self.line,
            self.column,
            1,
        )))
    }
}

/// A part of a line around a span, safe to print.
pub(super) struct Clip {
    /// What stands before the span, from the beginning of the line if it is not too long.
    pub(super) before: String,
    /// What the span covers of the line.
    pub(super) marked: String,
    /// What stands behind it.
    pub(super) after: String,
    /// Where `before` begins.
    pub(super) at: Position,
}

/// The part of the line of `span` that is shown.
pub(super) fn clip(source: &Source, span: Span) -> Clip {
    let (line_start, line_end) = source.line_bounds(span.start);
    let start = span.start as usize;
    let end = (span.end as usize).min(line_end as usize).min(start + MARKED).max(start);
    let from = source.floor((line_start as usize).max(start.saturating_sub(AROUND)));
    let to = source.floor((line_end as usize).min(end + AROUND));
    let (start, end) = (source.floor(start), source.floor(end));
    let (cut_before, cut_after) = (from > line_start as usize, to < line_end as usize);
    let before = visible(&source.text[from..start]);
    let after = visible(&source.text[end..to.max(end)]);
    Clip {
        before: if cut_before { format!("…{before}") } else { before },
        marked: visible(&source.text[start..end]),
        after: if cut_after { format!("{after}…") } else { after },
        at: source.position(from as u32),
    }
}

/// The lines that show `span`, marked with `label`; nothing if there is nothing to be seen.
pub fn excerpt(source: &Source, span: Span, label: &str, look: Look) -> String {
    let Clip { before, marked, after, at } = clip(source, span);
    let text = format!("{before}{marked}{after}");
    if text.trim().is_empty() {
        return String::new();
    }
    let window = Window { text, line: at.line as usize - 1, column: at.column as usize - 1 };
    let label = LabeledSpan::at((before.len(), marked.len().max(1)), label.to_owned());
    let report = Report::new(MietteDiagnostic::new("").with_label(label)).with_source_code(window);
    let theme = if look.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let mut shown = String::new();
    // A diagnostic that cannot be drawn leaves the finding without its excerpt.
    let drawn = GraphicalReportHandler::new_themed(theme).with_width(100).render_report(&mut shown, report.as_ref());
    if drawn.is_err() {
        return String::new();
    }
    // The handler begins with the message, which stands above the excerpt already.
    shown.lines().skip_while(|line| !line.contains('╭')).map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Every unsafe character, and what begins a command to a CI runner, as one that only looks like it; a tab, which is as
/// wide as a terminal likes, as an arrow.
fn visible(text: &str) -> String {
    let shown = |character| match character {
        '\t' => '→',
        _ if is_unsafe(character) => '\u{FFFD}',
        _ => character,
    };
    let shown: String = text.chars().map(shown).collect();
    if shown.contains(LEGACY_COMMAND) { shown.replace(LEGACY_COMMAND, "\u{FFFD}#[") } else { shown }
}
