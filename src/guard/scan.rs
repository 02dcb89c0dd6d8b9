//! A payload against the catalogue.

use rustc_hash::FxHashMap;

use super::catalogue::{Catalogue, Part};
use super::filter::is_separator;
use super::payload::{Fault, Payload};
use super::verdict::{Found, Verdict};
use crate::rule::Confidence;

/// Letters and digits around a window in which its phrase is looked for; phrases are shorter.
const REACH: usize = 400;

/// Places of a window that are closer than this become one.
const GAP: usize = 512;

/// Characters of an excerpt.
const EXCERPT: usize = 120;

/// The limits of a scan, and what it tells.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Largest payload, in bytes.
    pub max_bytes: usize,
    /// Deepest nesting of JSON, in levels.
    pub max_depth: usize,
    /// Whether matches repeat the text that matched.
    pub excerpts: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_bytes: 4 << 20, max_depth: 128, excerpts: true }
    }
}

/// Scans calls.
#[derive(Debug)]
pub struct Guard {
    catalogue: Catalogue,
    options: Options,
}

impl Guard {
    /// A guard with these rules and limits.
    pub fn new(catalogue: Catalogue, options: Options) -> Self {
        Self { catalogue, options }
    }

    /// The limits.
    pub fn options(&self) -> Options {
        self.options
    }

    /// Scans a call that has to be JSON.
    ///
    /// # Errors
    /// Why it is no JSON. A call beyond a limit is no error but a verdict that blocks.
    pub fn scan_json(&self, text: &str) -> Result<Verdict, String> {
        if let Some(beyond) = self.too_large(text) {
            return Ok(beyond);
        }
        match Payload::json(text, self.options.max_depth) {
            Ok(payload) => Ok(self.scan(&payload)),
            Err(Fault::Limit(limit)) => Ok(Verdict::beyond(limit)),
            Err(Fault::Syntax(why)) => Err(why),
        }
    }

    /// Scans a call if it is JSON, and anything else as a text.
    pub fn scan_any(&self, text: &str) -> Verdict {
        if matches!(text.trim_start_matches('\u{FEFF}').trim_start().as_bytes(), [b'{' | b'[', ..])
            && let Ok(verdict) = self.scan_json(text)
        {
            return verdict;
        }
        self.too_large(text).unwrap_or_else(|| self.scan(&Payload::text(text)))
    }

    fn too_large(&self, text: &str) -> Option<Verdict> {
        let limit = self.options.max_bytes;
        (text.len() > limit).then(|| Verdict::beyond(format!("larger than {limit} bytes")))
    }

    /// Scans a payload.
    pub fn scan(&self, payload: &Payload) -> Verdict {
        let mut scan = Scan { catalogue: &self.catalogue, found: FxHashMap::default(), work: 0 };
        scan.text(&payload.text, false);
        let mut matches: Vec<(Confidence, usize, Found)> = Vec::new();
        for ((part, head), place) in scan.found {
            let head = self.catalogue.parts[part].heads[usize::from(head)].clone();
            let leaf = payload.leaf_at(place.start);
            let (location, inside) = leaf.map(|leaf| payload.location(leaf)).unwrap_or_default();
            let views = if inside { vec!["json"] } else { Vec::new() };
            let span = leaf.filter(|leaf| place.end <= leaf.end).map_or(0..0, |leaf| place.start - leaf.start..place.end - leaf.start);
            let excerpt = if self.options.excerpts {
                payload.text[floor(&payload.text, place.start)..floor(&payload.text, place.end)].chars().take(EXCERPT).collect()
            } else {
                String::new()
            };
            matches.push((head.confidence, place.start, Found { head, location, views, span, excerpt, decoded: String::new(), words: Vec::new() }));
        }
        matches.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then_with(|| a.2.head.id.cmp(&b.2.head.id)));
        Verdict { tool: payload.tool.clone(), matches: matches.into_iter().map(|found| found.2).collect(), limit: None, work: scan.work }
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[derive(Debug, Clone)]
struct Place {
    start: usize,
    end: usize,
}

struct Scan<'c> {
    catalogue: &'c Catalogue,
    found: FxHashMap<(usize, u16), Place>,
    work: u64,
}

impl Scan<'_> {
    fn text(&mut self, text: &str, squeezed: bool) {
        let catalogue = self.catalogue;
        for (number, part) in catalogue.parts.iter().enumerate() {
            let mut places = Places::new(part.windows);
            for filter in [Some(&part.ascii), Some(&part.wide).filter(|_| !text.is_ascii())].into_iter().flatten() {
                filter.scan(text.as_bytes(), |window, end| places.add(window, end));
                self.work += text.len() as u64;
            }
            if !places.list.is_empty() {
                self.confirm(number, part, text, squeezed, &places);
            }
        }
    }

    fn confirm(&mut self, number: usize, part: &Part, text: &str, squeezed: bool, places: &Places) {
        let mut tried: Vec<u16> = places.seen.iter().flat_map(|&window| part.callers[usize::from(window)].iter().copied()).collect();
        tried.sort_unstable();
        tried.dedup();
        for phrase in tried {
            let spec = &part.specs[usize::from(phrase)];
            if self.found.contains_key(&(number, spec.head)) || !spec.needs.iter().all(|set| set.iter().any(|&window| places.has(window))) {
                continue;
            }
            let Some(regex) = part.regex(usize::from(phrase), squeezed) else { continue };
            for range in places.around(text.as_bytes(), &spec.needs[0]) {
                self.work += (range.end - range.start) as u64;
                if let Some(found) = regex.find_at(&text.as_bytes()[..range.end], range.start) {
                    self.found.insert((number, spec.head), Place { start: found.start(), end: found.end() });
                    break;
                }
            }
        }
    }
}

/// Where windows ended, neighbouring places joined.
struct Places {
    /// Window, first end and last end.
    list: Vec<(u16, usize, usize)>,
    /// For each window its last entry in `list`.
    last: Vec<u32>,
    /// Windows that were seen.
    seen: Vec<u16>,
}

impl Places {
    fn new(windows: usize) -> Self {
        Self { list: Vec::new(), last: vec![u32::MAX; windows], seen: Vec::new() }
    }

    fn add(&mut self, window: u16, end: usize) {
        let last = &mut self.last[usize::from(window)];
        if *last == u32::MAX {
            self.seen.push(window);
        } else {
            let place = &mut self.list[*last as usize];
            if end - place.2 <= GAP {
                place.2 = end;
                return;
            }
        }
        *last = self.list.len() as u32;
        self.list.push((window, end, end));
    }

    fn has(&self, window: u16) -> bool {
        self.last[usize::from(window)] != u32::MAX
    }

    /// The stretches of text around the places of some windows.
    fn around(&self, text: &[u8], windows: &[u16]) -> Vec<std::ops::Range<usize>> {
        let mut places: Vec<(usize, usize)> =
            self.list.iter().filter(|place| windows.binary_search(&place.0).is_ok()).map(|place| (place.1, place.2)).collect();
        places.sort_unstable();
        let mut ranges: Vec<std::ops::Range<usize>> = Vec::new();
        for (first, last) in places {
            if ranges.last().is_some_and(|range| last <= range.end && first >= range.start) {
                continue;
            }
            let (start, end) = (back(text, first), forth(text, last));
            match ranges.last_mut() {
                Some(range) if start <= range.end => range.end = range.end.max(end),
                _ => ranges.push(start..end),
            }
        }
        ranges
    }
}

/// The start of the stretch before `at` that holds `REACH` letters or digits.
fn back(text: &[u8], at: usize) -> usize {
    let mut left = REACH;
    let mut start = at;
    while start > 0 && left > 0 {
        start -= 1;
        left -= usize::from(!is_separator(text[start]));
    }
    start
}

/// The end of the stretch behind `at` that holds `REACH` letters or digits.
fn forth(text: &[u8], at: usize) -> usize {
    let mut left = REACH;
    let mut end = at;
    while end < text.len() && left > 0 {
        left -= usize::from(!is_separator(text[end]));
        end += 1;
    }
    end
}
