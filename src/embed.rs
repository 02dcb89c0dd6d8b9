//! Build script: puts every rule file into the program, sorted by path, and prepares the rules, so that a start reads
//! none of these files.

// Cargo is told things on standard output, and a script stops by panicking.
#![allow(clippy::print_stdout, dead_code, unreachable_pub, missing_docs, unused_imports)]

use std::fmt::{Debug, Write as _};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

#[path = "guard/assembly.rs"]
mod assembly;
#[path = "guard/automata.rs"]
mod automata;
#[path = "guard/filter.rs"]
mod filter;
#[path = "embed/layout.rs"]
mod layout;
#[path = "guard/lexicon.rs"]
mod lexicon;
#[path = "guard/lists.rs"]
mod lists;
mod rule;
mod source;
mod surface;
mod syntax;
#[path = "guard/weights.rs"]
mod weights;

use assembly::{Assembly, ByteTables, WordTables};
use automata::{Automata, Automaton, Writer};
use filter::Filter;
use lists::Lists;
use rule::phrase::{self, Phrase, Unless};
use rule::{Rule, RuleReader};
use source::{Source, SourceId};
use syntax::Node;
use weights::Weights;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=rules");
    for watched in ["embed.rs", "embed", "source.rs", "source", "syntax", "surface", "rule", "guard"] {
        println!("cargo::rerun-if-changed=src/{watched}");
    }
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("rules");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    layout::arrange(&out)?;
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let (mut code, mut audit, mut guard) = (String::new(), Vec::new(), Vec::new());
    for file in &files {
        let name = file.strip_prefix(&root).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let _ = writeln!(code, "    ({name:?}, include_str!({file:?})),");
        let text = fs::read_to_string(file)?;
        if name.starts_with("guard/") {
            guard.push((name, text));
        } else {
            audit.push(prepared(&name, text));
        }
    }
    fs::write(out.join("rules.rs"), format!("&[\n{code}]\n"))?;
    let audit = postcard::to_stdvec(&audit).unwrap_or_else(|why| panic!("the audit rules: {why}"));
    fs::write(out.join("audit.table"), audit)?;
    let model = fs::read_to_string(root.join("model/injection.tsv"))?;
    let lines = model[weights::body(&model)..].to_owned();
    fs::write(out.join("weights.table"), Weights::new(lines.leak()).slots)?;
    catalogue(&guard, &out)
}

/// An audit rule, which will be read without its cases: no audit needs them.
fn prepared(name: &str, text: String) -> Rule {
    let source = Source::new(SourceId(0), name, text);
    let tree = syntax::parse(&source).unwrap_or_else(|error| panic!("rules/{name}: {}", error.message));
    let rule = RuleReader { source: &source, custom: false }.rule(tree.root());
    rule.unwrap_or_else(|fault| panic!("rules/{name}: {}", fault.message))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "yml") {
            files.push(path);
        }
    }
    Ok(())
}

/// Writes the guard rules as the code of `guard/catalogue.rs` and the tables of its filters.
fn catalogue(files: &[(String, String)], out: &Path) -> io::Result<()> {
    let (mut heads, mut specs, mut landmarks, mut signs) = (String::new(), String::new(), String::new(), Vec::new());
    let (mut owners, mut phrases, mut unless, mut faults) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (number, (name, text)) in files.iter().enumerate() {
        let source = Source::new(SourceId(0), name.as_str(), text.as_str());
        let tree = syntax::parse(&source).unwrap_or_else(|error| panic!("{name}: {}", error.message));
        let root = tree.root();
        let scalar = |key| root.get(key).map(|node| node.text().trim().to_owned()).unwrap_or_default();
        let confidence = match scalar("confidence").as_str() {
            "low" => "Low",
            "medium" => "Medium",
            _ => "High",
        };
        let category = name.split('/').nth(1).unwrap_or_default();
        let sign = match scalar("check").as_str() {
            "" => "None".to_owned(),
            check => format!("Some(Sign::{}{})", check[..1].to_uppercase(), &check[1..]),
        };
        let (id, label) = (scalar("id"), scalar("say"));
        let _ = writeln!(
            heads,
            "    Head {{ id: Cow::Borrowed({id:?}), category: Cow::Borrowed({category:?}), \
             confidence: Confidence::{confidence}, label: Cow::Borrowed({label:?}), sign: {sign} }},"
        );
        let sets: Vec<_> = root
            .get("words")
            .into_iter()
            .flat_map(Node::members)
            .map(|(name, list)| (name.text().into_owned(), texts(Some(list))))
            .collect();
        let hints = texts(root.get("hints"));
        unless.push(Unless::new(&texts(root.get("unless")), &sets).unwrap_or_else(|(_, why)| {
            faults.push(format!("rules/{name}: `unless`: {why}"));
            Unless::default()
        }));
        for written in texts(root.get("match")) {
            match Phrase::new(&written, &sets, &hints) {
                Ok(phrase) => {
                    owners.push(number);
                    phrases.push(phrase);
                }
                Err(why) => faults.push(format!("rules/{name}: `{written}`: {why}")),
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let assembly = Assembly::new(&phrases).unwrap_or_else(|why| panic!("the guard rules: {why}"));
    let (automata, mut places) = compiled(&phrases, &unless, |phrase| format!("rules/{}", files[owners[phrase]].0));
    let unless = places.split_off(2 * phrases.len());
    let squeezed = places.split_off(phrases.len());
    for ((phrase, owner), (spaced, squeezed)) in phrases.iter().zip(owners).zip(places.iter().zip(squeezed)) {
        let _ = writeln!(
            specs,
            "    Spec {{ head: {owner}, spaced: {spaced:?}, squeezed: {squeezed:?}, edge: {}, landmarks: {:?}, reach: {}, \
             sides: {:?}, lead: {}, signs: {} }},",
            phrase.edge,
            lists::keep(&mut landmarks, &phrase.landmarks),
            phrase.reach,
            phrase.sides(),
            phrase.lead(),
            lists::number(&mut signs, phrase.signs[0]),
        );
    }
    let code = format!(
        "static HEADS: &[Head] = &[\n{heads}];\n\nstatic SPECS: &[Spec] = &[\n{specs}];\n\n\
         static UNLESS: &[Automaton] = &{unless:?};\n\n\
         static SIGNS: &[u128] = &{signs:?};\n\n\
         static LANDMARKS: &str = {landmarks:?};\n\n\
         fn shipped_automata() -> Automata {{\n    {}\n}}\n\n\
         fn shipped_tables() -> Assembly {{\n    Assembly {{ words: {}, loose: {}, foreign: {}, squeezed: {} }}\n}}\n",
        written(&automata, out)?,
        word_tables(&assembly.words, out)?,
        byte_tables(&assembly.loose, "loose", out)?,
        byte_tables(&assembly.foreign, "foreign", out)?,
        byte_tables(&assembly.squeezed, "squeezed", out)?,
    );
    fs::write(out.join("catalogue.rs"), code)
}

/// The automata of phrases, and their places: first those for ordinary text, then those for text without gaps, then those of
/// the contexts of rules. What texts call for often stands at the front, so that it takes few pages of memory.
fn compiled(phrases: &[Phrase], unless: &[Unless], name: impl Fn(usize) -> String) -> (Automata, Vec<Automaton>) {
    let mut order: Vec<usize> = (0..phrases.len()).collect();
    let likelihood = |phrase: usize| -> f64 {
        let needs = phrases[phrase].needs.iter();
        needs.map(|need| f64::from(need.common + 1) / 1000.0).product()
    };
    order.sort_by(|&a, &b| likelihood(b).total_cmp(&likelihood(a)));
    let mut writer = Writer::default();
    for expression in [|phrase: &Phrase| phrase.spaced.clone(), |phrase: &Phrase| phrase.squeezed.clone()] {
        for &phrase in &order {
            let added = writer.add(&expression(&phrases[phrase]), phrases[phrase].unicode);
            added.unwrap_or_else(|why| panic!("{}: {why}", name(phrase)));
        }
    }
    for contexts in unless {
        let added = writer.add(&contexts.expression, contexts.unicode);
        added.unwrap_or_else(|why| panic!("`unless`: {why}"));
    }
    let (automata, mut written) = writer.finish().unwrap_or_else(|why| panic!("the guard rules: {why}"));
    let contexts = written.split_off(2 * order.len());
    let mut places = vec![Automaton::default(); written.len()];
    for (place, automaton) in written.into_iter().enumerate() {
        let (kind, at) = (place / order.len(), place % order.len());
        places[kind * order.len() + order[at]] = automaton;
    }
    places.extend(contexts);
    (automata, places)
}

fn written(automata: &Automata, out: &Path) -> io::Result<String> {
    let rows = bytes("automata", &automata.rows, out)?;
    let (states, sets) = (lists(&automata.states), numbers(&automata.sets));
    Ok(format!("Automata {{ states: {states}, rows: {rows}, sets: {sets} }}"))
}

fn word_tables(tables: &WordTables, out: &Path) -> io::Result<String> {
    let lexicon = &tables.lexicon;
    let lexicon = format!(
        "Lexicon {{ lengths: {}, sieve: {}, slots: {}, keys: {}, sides: {}, shift: {} }}",
        bytes("lengths", &lexicon.lengths, out)?,
        numbers(&lexicon.sieve),
        bytes("slots", &lexicon.slots, out)?,
        numbers(&lexicon.keys),
        numbers(&lexicon.sides),
        lexicon.shift,
    );
    Ok(format!(
        "WordTables {{ lexicon: {lexicon}, members: {}, pairs: {}, watched_members: {}, watched: {}, callers: {}, needs: {}, \
         demands: {}, signs: {} }}",
        lists(&tables.members),
        numbers(&tables.pairs),
        lists(&tables.watched_members),
        tables.watched,
        lists(&tables.callers),
        lists(&tables.needs),
        numbers(&tables.demands),
        numbers(&tables.signs),
    ))
}

/// What texts beyond ASCII need comes last: the others are then read from few pages of memory.
fn byte_tables(tables: &ByteTables, name: &str, out: &Path) -> io::Result<String> {
    Ok(format!(
        "ByteTables {{ ascii: {}, anchors: {}, members: {}, callers: {}, needs: {}, wide: {} }}",
        filter(&tables.ascii, &format!("{name}-ascii"), out)?,
        numbers(&tables.anchors),
        lists(&tables.members),
        lists(&tables.callers),
        lists(&tables.needs),
        filter(&tables.wide, &format!("{name}-wide"), out)?,
    ))
}

fn filter(filter: &Filter, name: &str, out: &Path) -> io::Result<String> {
    Ok(format!(
        "Filter {{ classes: {}, table: {}, shift: {}, rest: {}, first_report: {}, offsets: {}, reports: {} }}",
        numbers(&filter.classes),
        bytes(name, &filter.table, out)?,
        filter.shift,
        lists(&filter.rest),
        filter.first_report,
        numbers(&filter.offsets),
        numbers(&filter.reports),
    ))
}

fn lists(lists: &Lists) -> String {
    format!("Lists {{ offsets: {}, data: {} }}", numbers(&lists.offsets), numbers(&lists.data))
}

/// Numbers as the code of a list.
fn numbers<T: Debug>(numbers: &[T]) -> String {
    format!("Cow::Borrowed(&{numbers:?})")
}

/// Writes a table to a file, and gives the code that includes it.
fn bytes(name: &str, table: &[u8], out: &Path) -> io::Result<String> {
    let file = out.join(format!("{name}.table"));
    fs::write(&file, table)?;
    Ok(format!("Cow::Borrowed(include_bytes!({file:?}))"))
}

fn texts(list: Option<Node<'_>>) -> Vec<String> {
    let text =
        |item: Node<'_>| item.as_scalar().map(String::from).unwrap_or_else(|| panic!("not a text: {:?}", item.text()));
    list.into_iter().flat_map(Node::items).map(text).collect()
}
