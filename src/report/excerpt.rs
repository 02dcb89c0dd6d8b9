//! The source beside a finding: a window of it, so that a document of one line and many megabytes stays readable.

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, MietteError, MietteSpanContents, Report,
    SourceCode, SourceSpan, SpanContents,
};

use super::Look;
use super::escape::is_unsafe;
use crate::source::{Source, Span};

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

/// The lines that show `span`, marked with `label`.
pub fn excerpt(source: &Source, span: Span, label: &str, look: Look) -> String {
    let (line_start, line_end) = source.line_bounds(span.start);
    let start = span.start as usize;
    let end = (span.end as usize).min(line_end as usize).min(start + MARKED).max(start);
    let from = source.floor((line_start as usize).max(start.saturating_sub(AROUND)));
    let to = source.floor((line_end as usize).min(end + AROUND));
    let (start, end) = (source.floor(start), source.floor(end));
    let at = source.position(from as u32);
    let before = visible(&source.text[from..start]);
    let marked = visible(&source.text[start..end]);
    let (cut_before, cut_after) = (from > line_start as usize, to < line_end as usize);
    let before = if cut_before { format!("…{before}") } else { before };
    let after = visible(&source.text[end..to.max(end)]);
    let text = format!("{before}{marked}{after}{}", if cut_after { "…" } else { "" });
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

/// Every unsafe character as one that only looks like it.
fn visible(text: &str) -> String {
    text.chars().map(|character| if is_unsafe(character) { '\u{FFFD}' } else { character }).collect()
}
