//! Accepted and known findings of an audit.

use std::path::Path;

use mcpsentry::config::{Baseline, Day, Exceptions, Fault};
use mcpsentry::finding::Status;
use mcpsentry::pack::Pack;
use mcpsentry::report::{Report, count};
use mcpsentry::surface::Documents;

use super::message;
use super::setup::Setup;
use crate::cli;

/// The baseline that was named, and the path it was named by. One that is to be written does not hold back the one of
/// the configuration, which it may replace.
///
/// # Errors
/// After the message was printed: it cannot be read.
pub(crate) fn baseline(arguments: &cli::Gate, setup: &Setup, color: bool) -> Result<Option<(String, Baseline)>, ()> {
    let chosen = setup.file.as_ref().and_then(|file| file.baseline.as_ref());
    let chosen = chosen.filter(|_| arguments.write_baseline.is_none());
    let flag = arguments.baseline.as_deref();
    let Some(path) = flag.or(chosen.map(|(_, path)| &**path)) else { return Ok(None) };
    let name = path.to_string_lossy().into_owned();
    match (Baseline::read(path), chosen) {
        (Ok(baseline), _) => Ok(Some((name, baseline))),
        (Err((message, help)), Some((word, _))) if flag.is_none() => {
            setup.fault(color, &Fault { span: word.span, message, help });
            Err(())
        }
        (Err((message, help)), _) => {
            message::error(color, &name, &message, &help);
            Err(())
        }
    }
}

/// Everything that sets findings aside.
pub(crate) fn gather(
    setup: &Setup,
    baseline: Option<(String, Baseline)>,
    documents: &Documents,
    pack: &Pack,
) -> Exceptions {
    let chosen = setup.file.as_ref().map(|file| file.suppress.clone()).unwrap_or_default();
    Exceptions::new(chosen, baseline, documents, pack, Day::today())
}

/// Writes the baseline that was asked for: all findings of the run, which are known from now on; or, where an old one was
/// named as well, what is left of that.
///
/// # Errors
/// After the message was printed: it cannot be written.
pub(crate) fn write_baseline(arguments: &cli::Gate, report: &mut Report, color: bool) -> Result<(), ()> {
    let Some(path) = &arguments.write_baseline else { return Ok(()) };
    let name = path.to_string_lossy().into_owned();
    if report.failed {
        message::error(
            color,
            &name,
            "the baseline was not written",
            "it needs every input: mend what could not be read",
        );
        return Err(());
    }
    if arguments.baseline.is_none() {
        for finding in report.findings.iter_mut().filter(|finding| finding.is_active()) {
            finding.status = Status::Baselined;
        }
    }
    let known = report.findings.iter().filter(|finding| finding.status == Status::Baselined);
    let known = known.map(|finding| (finding, report.documents[finding.document].name.as_str()));
    let baseline = Baseline::of(known, std::mem::take(&mut report.exceptions.unseen));
    if let Err(error) = replace(path, &baseline.text()) {
        message::error(color, &name, &format!("the baseline cannot be written: {error}"), "check the path");
        return Err(());
    }
    report.exceptions.fixed.clear();
    message::note(&format!("{name}: {} written", count(baseline.len(), "known finding")));
    Ok(())
}

/// Writes a file as a whole or not at all.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".part");
    std::fs::write(&draft, text)?;
    std::fs::rename(&draft, path)
}
