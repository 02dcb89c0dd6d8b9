//! `mcpsentry scan`

use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use mcpsentry::config::{Fault, File, Word};
use mcpsentry::guard::{Catalogue, Decision, Guard, Options, Policy, Verdict};
use mcpsentry::pack;
use mcpsentry::report::{Ruling, broken_call, broken_line, broken_log_line, escape, log_line};

use super::{Colors, Outcome, hook, message, setup};
use crate::cli::{self, Answer};

/// Largest payload, unless something else is chosen.
const MAX_BYTES: usize = 4 << 20;

/// Deepest nesting of JSON, unless something else is chosen.
const MAX_DEPTH: usize = 128;

/// Bytes of a line that is copied, so that its room serves the next one.
const GIVEN: usize = 64 << 10;

/// Scans the inputs and answers each payload.
pub(crate) fn run(arguments: &cli::Scan, color: Colors) -> Outcome {
    try_run(arguments, color).unwrap_or(Outcome::Failed)
}

fn try_run(arguments: &cli::Scan, color: Colors) -> Result<Outcome, ()> {
    let file = setup::file(&arguments.config, color.messages)?;
    let settings = file.as_ref().map(|file| file.guard.clone()).unwrap_or_default();
    let catalogue = catalogue(&arguments.rules, &arguments.ignore, file.as_ref(), color.messages)?;
    let rules = catalogue.len();
    let options = Options {
        max_bytes: arguments.max_bytes.or(settings.max_bytes).unwrap_or(MAX_BYTES),
        max_depth: arguments.max_depth.or(settings.max_depth).unwrap_or(MAX_DEPTH),
        excerpts: !arguments.no_excerpts && settings.excerpts.unwrap_or(true),
    };
    let log = arguments.log.as_deref().map(|path| open_log(path, color.messages)).transpose()?;
    let policy = match (arguments.policy, settings.policy.as_deref()) {
        (Some(cli::Policy::Alert), _) | (None, Some("alert")) => Policy::Alert,
        (Some(cli::Policy::Log), _) | (None, Some("log")) => Policy::Log,
        _ => Policy::Block,
    };
    let guard = Guard::new(catalogue, options);
    let mut desk = Desk { arguments, color, guard, policy, rules, log, counts: Counts::default() };
    for input in &arguments.inputs {
        desk.input(input)?;
    }
    let counts = desk.counts;
    if arguments.stream {
        let errors = if counts.errors > 0 { format!(", errors {}", counts.errors) } else { String::new() };
        message::note(&format!(
            "total {}, blocked {}, alerted {}, clean {}{errors}",
            counts.total, counts.blocked, counts.alerted, counts.clean
        ));
    }
    Ok(if counts.errors > 0 {
        Outcome::Failed
    } else if counts.blocked > 0 {
        Outcome::Blocked
    } else {
        Outcome::Clean
    })
}

/// Our rules and those of the folders and of the configuration, less those that are not to run.
///
/// # Errors
/// After the message was printed: a rule that cannot be used, or a word that names none.
pub(super) fn catalogue(
    folders: &[PathBuf],
    off: &[String],
    file: Option<&File>,
    color: bool,
) -> Result<Catalogue, ()> {
    let mut catalogue = Catalogue::shipped();
    // Folders of the configuration hold rules for audits too.
    let shared = file.into_iter().flat_map(|file| &file.rules).map(|folder| (folder, true));
    for (folder, shared) in shared.chain(folders.iter().map(|folder| (folder, false))) {
        let pack = pack::load_folder(folder).map_err(|fault| message::rule_error(color, &fault))?;
        let own: Vec<_> = pack.guard().cloned().collect();
        if own.is_empty() && shared {
            continue;
        }
        if own.is_empty() {
            let why = "no guard rule in it";
            message::error(color, &folder.to_string_lossy(), why, "a guard rule is `on: text` and has `match`");
            return Err(());
        }
        if let Some(taken) = own.iter().find(|rule| catalogue.heads().any(|head| *head.id == *rule.id)) {
            message::rule_error(color, &pack.taken(&taken.id, "another guard rule has it"));
            return Err(());
        }
        if let Err(why) = catalogue.extend(&own) {
            message::error(color, &folder.to_string_lossy(), &why, "use fewer words in `match` and `words`");
            return Err(());
        }
    }
    let ignore = match file {
        Some(file) if off.is_empty() => file.guard.ignore.clone(),
        _ => off.iter().map(|id| Word::flag(id)).collect(),
    };
    let ids: Vec<String> = ignore.iter().map(|word| word.text.clone()).collect();
    if let Some(unknown) = catalogue.ignore(&ids).first() {
        let known: Vec<&str> = catalogue.heads().flat_map(|head| [&*head.id, &*head.category]).collect();
        let help = mcpsentry::rule::nearest(unknown, &known).map_or_else(
            || "`mcpsentry rules list` names them all".to_owned(),
            |nearest| format!("did you mean `{nearest}`?"),
        );
        let message = format!("`{unknown}` is neither a guard rule nor a topic of them");
        let span = ignore.iter().find(|word| word.text == *unknown).and_then(|word| word.span);
        match file {
            Some(file) => message::config_fault(color, &file.source, &Fault { span, message, help }),
            None => message::error(color, "", &message, &help),
        }
        return Err(());
    }
    if catalogue.is_empty() {
        message::error(color, "", "no rule is left to run", "loosen --ignore");
        return Err(());
    }
    Ok(catalogue)
}

fn open_log(path: &Path, color: bool) -> Result<fs::File, ()> {
    OpenOptions::new().create(true).append(true).open(path).map_err(|error| {
        message::error(
            color,
            &path.to_string_lossy(),
            &format!("the log cannot be written: {error}"),
            "check the path",
        );
    })
}

/// How the payloads of a run ended.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    total: usize,
    /// Refused.
    blocked: usize,
    /// Passed although something was found.
    alerted: usize,
    clean: usize,
    /// Lines that were no payload, and files that could not be read.
    errors: usize,
}

/// Where payloads come in and answers go out.
struct Desk<'a> {
    arguments: &'a cli::Scan,
    color: Colors,
    guard: Guard,
    policy: Policy,
    rules: usize,
    log: Option<fs::File>,
    counts: Counts,
}

impl Desk<'_> {
    fn input(&mut self, path: &Path) -> Result<(), ()> {
        let stdin = path.as_os_str() == "-";
        let name = if stdin { "<stdin>".to_owned() } else { path.to_string_lossy().into_owned() };
        let input: Box<dyn Read> = if stdin {
            if io::stdin().is_terminal() {
                let help = "pipe a payload in: echo '{\"text\": \"…\"}' | mcpsentry scan";
                message::error(self.color.messages, "", "nothing to scan: standard input is a terminal", help);
                return Err(());
            }
            Box::new(io::stdin().lock())
        } else {
            match fs::File::open(path) {
                Ok(file) => Box::new(file),
                Err(error) => {
                    self.unreadable(&name, &error.to_string(), "check the path");
                    return Ok(());
                }
            }
        };
        if self.arguments.stream { self.stream(&name, input) } else { self.single(&name, input) }
    }

    fn unreadable(&mut self, name: &str, why: &str, help: &str) {
        message::error(self.color.messages, name, why, help);
        self.counts.total += 1;
        self.counts.errors += 1;
    }

    fn single(&mut self, name: &str, input: Box<dyn Read>) -> Result<(), ()> {
        let limit = self.guard.options().max_bytes;
        let mut bytes = Vec::new();
        if let Err(error) = input.take(limit as u64 + 1).read_to_end(&mut bytes) {
            self.unreadable(name, &error.to_string(), "");
            return Ok(());
        }
        let size = bytes.len();
        let verdict = if size > limit {
            Verdict::beyond(format!("larger than {limit} bytes"))
        } else {
            match String::from_utf8(bytes) {
                Ok(text) if text.trim().is_empty() => {
                    self.unreadable(name, "the input is empty, so nothing was scanned", "is the pipe connected?");
                    return Ok(());
                }
                Ok(text) => self.guard.scan_any(text),
                Err(error) => {
                    let why = format!(
                        "not UTF-8 text: byte {} is the first that does not fit",
                        error.utf8_error().valid_up_to()
                    );
                    self.unreadable(name, &why, "convert it, for example with iconv");
                    return Ok(());
                }
            }
        };
        let mut out = io::BufWriter::new(io::stdout().lock());
        let written = self.answer(name, &verdict, size, &mut out).and_then(|()| out.flush());
        self.finish(written)
    }

    fn stream(&mut self, name: &str, input: Box<dyn Read>) -> Result<(), ()> {
        let mut input = BufReader::with_capacity(1 << 16, input);
        let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
        let mut line = Vec::new();
        loop {
            // Answers are held back only while the next line is at hand.
            if !input.buffer().contains(&b'\n') {
                match out.flush() {
                    Ok(()) => {}
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
                    written => return self.finish(written),
                }
            }
            let read = match read_line(&mut input, &mut line, self.guard.options().max_bytes) {
                Ok(Line::End) => break,
                Ok(read) => read,
                Err(error) => {
                    self.unreadable(name, &error.to_string(), "");
                    break;
                }
            };
            let size = line.len();
            let written = match self.judge(&mut line, &read) {
                Ok(verdict) => self.answer(name, &verdict, size, &mut out),
                Err(why) => self.broken(&why, size, &mut out),
            };
            if written.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
                return Ok(());
            }
            self.finish(written)?;
        }
        let written = out.flush();
        self.finish(written)
    }

    /// Judges a line. A long one is given away, so that it is in memory only once.
    fn judge(&self, line: &mut Vec<u8>, read: &Line) -> Result<Verdict, String> {
        if matches!(read, Line::TooLong) {
            return Ok(Verdict::beyond(format!("larger than {} bytes", self.guard.options().max_bytes)));
        }
        let text = std::str::from_utf8(line)
            .map_err(|error| format!("not UTF-8: byte {} is the first that does not fit", error.valid_up_to()))?;
        if text.len() > GIVEN {
            return self.guard.scan_json(String::from_utf8(std::mem::take(line)).unwrap_or_default());
        }
        self.guard.scan_json(text)
    }

    fn broken(&mut self, why: &str, bytes: usize, out: &mut dyn Write) -> io::Result<()> {
        self.counts.total += 1;
        self.counts.errors += 1;
        let policy = self.policy;
        self.record(|time, line| broken_log_line(policy, time, bytes, line));
        match self.arguments.format {
            Answer::Text => writeln!(out, "error  not a payload: {}", escape(why)),
            Answer::Json => broken_line(why, self.policy, out),
            Answer::Mcp => broken_call(out),
        }
    }

    fn answer(&mut self, name: &str, verdict: &Verdict, bytes: usize, out: &mut dyn Write) -> io::Result<()> {
        let ruling = Ruling { verdict, policy: self.policy };
        let decision = verdict.decision();
        self.counts.total += 1;
        *match (decision, ruling.allowed()) {
            (_, false) => &mut self.counts.blocked,
            (Decision::Allow, true) => &mut self.counts.clean,
            (_, true) => &mut self.counts.alerted,
        } += 1;
        if decision == Decision::Block && self.policy == Policy::Alert {
            let why = format!("let through although it would be blocked: {}", verdict.reason());
            message::alert(self.color.messages, verdict.tool.as_deref().unwrap_or_default(), &why);
        }
        self.record(|time, line| log_line(ruling, time, bytes, line));
        self.tell(ruling);
        match self.arguments.format {
            Answer::Text if self.arguments.stream => ruling.line(self.color.output, out),
            Answer::Text => ruling.text(name, self.rules, self.color.output, out),
            Answer::Json => ruling.json(self.arguments.stream, out),
            Answer::Mcp => ruling.mcp(out),
        }
    }

    fn record(&mut self, write: impl FnOnce(&str, &mut Vec<u8>) -> io::Result<()>) {
        let Some(log) = &mut self.log else { return };
        let time = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
        let mut line = Vec::new();
        // One write for each line, so that several processes can share a log.
        if let Err(error) = write(&time, &mut line).and_then(|()| log.write_all(&line)) {
            message::warning(self.color.messages, "", &format!("the log cannot be written: {error}"), "");
        }
    }

    fn tell(&self, ruling: Ruling<'_>) {
        let command = match (ruling.verdict.decision(), ruling.allowed(), self.policy) {
            (_, false, _) => &self.arguments.on_block,
            (Decision::Allow, ..) | (_, _, Policy::Log) => &None,
            _ => &self.arguments.on_alert,
        };
        let Some(command) = command else { return };
        let mut input = Vec::new();
        let told =
            ruling.json(true, &mut input).map_err(|error| error.to_string()).and_then(|()| hook::tell(command, &input));
        if let Err(why) = told {
            message::warning(
                self.color.messages,
                command,
                &format!("the command failed: {why}"),
                "the decision stands",
            );
        }
    }

    fn finish(&self, written: io::Result<()>) -> Result<(), ()> {
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                message::error(self.color.messages, "", &format!("standard output cannot be written: {error}"), "");
                Err(())
            }
            _ => Ok(()),
        }
    }
}

enum Line {
    /// The input is over.
    End,
    Whole,
    /// It has more bytes than may be kept; the rest was skipped.
    TooLong,
}

/// Reads one line without its break, keeping no more than `limit` bytes.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>, limit: usize) -> io::Result<Line> {
    line.clear();
    let mut long = false;
    let mut any = false;
    loop {
        let buffer = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            buffer => buffer?,
        };
        if buffer.is_empty() {
            break;
        }
        any = true;
        let end = memchr::memchr(b'\n', buffer);
        let piece = &buffer[..end.unwrap_or(buffer.len())];
        long |= line.len() + piece.len() > limit;
        if !long {
            line.extend_from_slice(piece);
        }
        let used = end.map_or(buffer.len(), |at| at + 1);
        input.consume(used);
        if end.is_some() {
            break;
        }
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(if !any {
        Line::End
    } else if long {
        Line::TooLong
    } else {
        Line::Whole
    })
}
