//! What holds for all views together.

use super::*;

fn read(text: &str) -> (Vec<View>, Budget) {
    let mut budget = Budget::new(text.len() * 40 + 1000);
    let mut found = views(text, signs(text), &mut budget);
    found.extend(fold(text));
    found.extend(costly_views(text, &mut budget));
    (found, budget)
}

#[test]
fn repeated_signs_cost_little() {
    let size = 200_000;
    for unit in [
        "&",
        "%",
        "\\",
        "=",
        "<",
        ">",
        "a.",
        "<a",
        "<!--",
        "&#",
        "%4",
        "\\u",
        "\\x",
        "'",
        "\"+\"",
        "*a",
        "a ",
        "1 ",
        "65 ",
        "A",
        ".",
        "- ",
        ".- ",
        "<~",
        "<~a~>",
        "\u{1B}[",
        "\u{1B}]",
        "\u{202E}",
        "\u{200B}",
        "\u{E0041}",
        "\u{FE0F}",
        "ʇ",
        "⠁",
        "ᚨ ",
        "a_",
        "aaaa_",
        "e\u{301}",
        "аb",
        "QUJD",
        "3A",
        "l33t ",
        "siht eht ",
        "gur ",
        "а",
        "ﷺ",
        "sysetm ",
        "the your print ",
        "a\u{200B}",
        "\n",
        "4ll 0",
    ] {
        let text = unit.repeat(size / unit.len());
        let started = std::time::Instant::now();
        let (found, budget) = read(&text);
        assert!(started.elapsed().as_secs() < 10, "{unit:?} took {:?}", started.elapsed());
        assert!(budget.work <= text.len() * 40, "{unit:?} cost {}", budget.work);
        for view in &found {
            let name = view.name;
            assert!(view.text.len() <= text.len() * 2 + 1000 || unit == "ﷺ", "{unit:?} {name} {}", view.text.len());
        }
    }
}

#[test]
fn every_place_lies_in_the_text() {
    let texts = [
        "o.p.e.n t.h.e %41 &#65; \\u0041 <b>x</b>y 0p3n th3 UGxlYXNlIHdhdGVyIHRoZSBwbGFudHMu é Ｏ",
        "72 101 108 108 111 32 121 111 117 \u{202E}rood eht\u{202C} stnalp eht dna uoy wohs esaelp",
        "\u{E0041}\u{E0042} 'a' + 'b' .-- .- - . .-. / - .... . ʇǝxʇ sysetm pasword",
    ];
    for text in texts {
        for view in read(text).0 {
            for (at, c) in view.text.char_indices() {
                let range = view.map.origin(at, at + c.len_utf8());
                assert!(range.end <= text.len() && range.start <= range.end, "{} {range:?}", view.name);
                assert!(
                    text.is_char_boundary(range.start) && text.is_char_boundary(range.end),
                    "{} {range:?}",
                    view.name
                );
            }
        }
    }
}

#[test]
fn an_exhausted_budget_is_said() {
    let mut budget = Budget::new(10);
    let text = "%41%42%43 and a longer text";
    assert!(views(text, signs(text), &mut budget).is_empty());
    assert!(budget.exhausted);
}
