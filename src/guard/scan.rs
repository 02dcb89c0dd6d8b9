//! A payload against the catalogue.

use std::sync::{Arc, Mutex, PoisonError};

use super::boundary::floor;
use super::catalogue::{Catalogue, RuleId};
use super::location::Locator;
use super::payload::{Fault, Leaf, Payload};
use super::seam::{Joined, joined};
use super::search::{Place, Room, Search};
use super::verdict::{Found, Verdict};
use super::view::{Budget, slices};
use crate::source::SharedText;

/// Bytes of readings for each byte of a payload, and for the smallest payload: what no real text needs.
const VIEWS: usize = 24;
const SPARE: usize = 1 << 16;

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
    /// Room to work in that the last scan left.
    room: Mutex<Option<Vec<Room>>>,
}

impl Guard {
    /// A guard with these rules and limits.
    pub fn new(catalogue: Catalogue, options: Options) -> Self {
        Self { catalogue, options, room: Mutex::new(None) }
    }

    /// The limits.
    pub fn options(&self) -> Options {
        self.options
    }

    /// Scans a call that has to be JSON.
    ///
    /// # Errors
    /// Why it is no JSON. A call beyond a limit is no error but a verdict that blocks.
    pub fn scan_json(&self, text: impl Into<String>) -> Result<Verdict, String> {
        self.json(Arc::new(text.into()))
    }

    fn json(&self, text: SharedText) -> Result<Verdict, String> {
        if let Some(beyond) = self.too_large(&text) {
            return Ok(beyond);
        }
        match Payload::json(text, self.options.max_depth) {
            Ok(payload) => Ok(self.scan(&payload)),
            Err(Fault::Limit(limit)) => Ok(Verdict::beyond(limit)),
            Err(Fault::Syntax(why)) => Err(why),
        }
    }

    /// Scans a call if it is JSON, and anything else as a text.
    pub fn scan_any(&self, text: impl Into<String>) -> Verdict {
        let text: SharedText = Arc::new(text.into());
        if matches!(text.trim_start_matches('\u{FEFF}').trim_start().as_bytes(), [b'{' | b'[' | b'"', ..])
            && let Ok(verdict) = self.json(Arc::clone(&text))
        {
            return verdict;
        }
        self.too_large(&text).unwrap_or_else(|| self.scan(&Payload::text(Arc::unwrap_or_clone(text))))
    }

    fn too_large(&self, text: &str) -> Option<Verdict> {
        // Places are told in 32 bits.
        let limit = self.options.max_bytes.min(u32::MAX as usize);
        (text.len() > limit).then(|| Verdict::beyond(format!("larger than {limit} bytes")))
    }

    /// Scans a payload.
    pub fn scan(&self, payload: &Payload) -> Verdict {
        let room = self.room.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut search = Search::new(&self.catalogue, payload.text.len(), room);
        let mut budget = Budget::new(VIEWS * payload.text.len() + SPARE);
        for part in slices(&payload.text) {
            search.read(&payload.text[part.clone()], &[], false, part.start);
        }
        for Joined { view, cuts } in joined(payload) {
            if search.has_word_at(&view.text, &cuts) {
                search.read(&view.text, &[&view], false, 0);
            }
        }
        for &leaf in &payload.leaves {
            if search.is_over() {
                break;
            }
            let text = payload.leaf_text(leaf);
            for part in slices(text) {
                search.views(&text[part.clone()], &mut Vec::new(), leaf.range().start + part.start, &mut budget);
            }
        }
        let limit = budget.exhausted.then_some("its decodings are larger than may be scanned");
        let limit = limit.or(search.effort.limit()).map(str::to_owned);
        let work = search.effort.work + budget.work as u64;
        let (judged, room) = search.judged();
        *self.room.lock().unwrap_or_else(PoisonError::into_inner) = Some(room);
        let mut places = Locator::new(payload);
        let found = judged.into_iter().map(|(rule, place)| self.found(payload, &mut places, rule, place));
        let mut matches: Vec<_> = found.collect();
        matches.sort_by(|a, b| b.head.confidence.cmp(&a.head.confidence).then_with(|| a.head.id.cmp(&b.head.id)));
        Verdict { tool: payload.tool.clone(), matches, limit, work }
    }

    fn found(&self, payload: &Payload, places: &mut Locator<'_>, rule: RuleId, place: Place) -> Found {
        let text = &payload.text;
        let leaf = payload.leaf_at(place.span.start);
        let (location, inside) = leaf.map(|leaf| places.location(leaf)).unwrap_or_default();
        let leaf = leaf.map(Leaf::range).filter(|leaf| place.span.end <= leaf.end);
        let span = leaf.map_or(0..0, |leaf| place.span.start - leaf.start..place.span.end - leaf.start);
        let shown =
            |text: &str| if self.options.excerpts { text.chars().take(EXCERPT).collect() } else { String::new() };
        Found {
            head: self.catalogue.head(rule).clone(),
            location,
            span,
            excerpt: shown(&text[floor(text, place.span.start)..floor(text, place.span.end)]),
            decoded: if place.views.is_empty() { String::new() } else { shown(&place.decoded) },
            views: inside.then_some("json").into_iter().chain(place.views).collect(),
            words: if self.options.excerpts { place.words } else { Vec::new() },
        }
    }
}
