#!/usr/bin/env python3
"""Reference scorer for injection.tsv - pure Python standard library, the behaviour the Rust code is compared with.

    python3 score.py [MODEL.tsv] < texts.jsonl

Every line of standard input is a JSON value: a string, an object with "text" or "arguments" (an item of the data folder),
or any other JSON value, whose string leaves are taken. Every line of output is a JSON object:
    {"score": integer, "fires": bool, "window": index of the best window, "words": [[feature, weight], ... at most 5]}

Formula, integers only:
  1. text = fold(input)                      lower case, NFKC, no marks, look-alikes to Latin, foreign signs to spaces
  2. t[0..n) = tokens(text)
  3. window k = t[32k .. min(32k+64, n)), for k = 0, 1, ... until 32k+64 >= n; a text has at least one window
  4. F(k) = set of the features of window k: every token, every pair of neighbours ("a b") and, when the header says
     `ngrams 3`, every three neighbours ("a b c"), all inside the window. A feature counts once, however often it occurs
  5. score = max over k of (bias + sum of weight[f] for f in F(k) that the model knows); the first window wins a tie
  6. fires  when score >= threshold
"""
import functools
import json
import os
import re
import sys
import unicodedata

# ---------------------------------------------------------------- fold: the same as the program's fold
SPECIAL = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h",
           "’": "'", "‘": "'", "ʼ": "'"}
SPECIAL.update(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz"))
CONFUSABLE = {}
for _a, _b in zip("аеорсухіјѕԁһӏкмтвнгпԛԝοαεικνρτυχηωβγєзьԍϲϳ", "aeopcyxijsdhlkmtbhrnqwoaeikvptuxnwbye3bgcj"):
    CONFUSABLE.setdefault(_a, _b)


def _ranges(*pairs):
    return lambda c: any(a <= ord(c) <= b for a, b in pairs)


is_mark = _ranges((0x300, 0x36F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F))
is_format = _ranges((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E),
                    (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0xE0000, 0xE0FFF),
                    (0x115F, 0x115F), (0x1160, 0x1160), (0x3164, 0x3164), (0xFFA0, 0xFFA0))
is_sign = _ranges((0x80, 0xBF), (0xD7, 0xD7), (0xF7, 0xF7), (0x589, 0x58A), (0x5BE, 0x5BE), (0x5C0, 0x5C0), (0x5C3, 0x5C3),
                  (0x60C, 0x60C), (0x61B, 0x61B), (0x61F, 0x61F), (0x66A, 0x66D), (0x6D4, 0x6D4), (0x964, 0x965),
                  (0x2000, 0x2BFF), (0x3000, 0x3003), (0x3008, 0x3020), (0x3030, 0x3030), (0x30FB, 0x30FB),
                  (0xFE10, 0xFE6F), (0xFF00, 0xFF0F), (0xFF1A, 0xFF20), (0xFFE0, 0xFFFD), (0x1F000, 0x1FAFF))
# scripts written without spaces: every character is a token of its own
is_single = _ranges((0xE00, 0xEFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3040, 0x30FF), (0x31F0, 0x31FF),
                    (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
_single = functools.lru_cache(None)(is_single)
_format = functools.lru_cache(None)(is_format)


@functools.lru_cache(None)
def _fold_char(char):
    out = ""
    for c in char.lower():
        if c.isascii():
            out += c
        elif c in SPECIAL:
            out += SPECIAL[c]
        elif 0xC0 <= ord(c) < 0x590 or 0x1E00 <= ord(c) < 0x2000:
            out += "".join(d if d.isascii() or d.isalpha() else " " for d in unicodedata.normalize("NFD", c) if not is_mark(d))
        elif is_mark(c) or is_format(c):
            pass
        else:
            out += " " if is_sign(c) else c
    return out


def _skeleton(text):
    out, word = [], []

    def flush():
        w = "".join(word)
        if not w.isascii() and any(c.isascii() and c.isalpha() for c in w):
            w = "".join(CONFUSABLE.get(c, c) for c in w)
        out.append(w)
        word.clear()
    for c in text:
        word.append(c)
        if not c.isalnum():
            flush()
    flush()
    return "".join(out)


def _euro(match):
    """A euro sign that touches letters as a letter would is an e."""
    before, after = match.string[match.start() - 1:match.start()], match.string[match.end():match.end() + 1]
    letters = any(c.isascii() and c.isalpha() for c in (before, after))
    return "e" if letters and not any(c.isascii() and c.isdigit() for c in (before, after)) else " "


def fold(text):
    if text.isascii():
        return text.lower()
    text = re.sub("€", _euro, text)
    text = unicodedata.normalize("NFKC", "".join(c for c in text if c.isascii() or not _format(c)))
    return _skeleton("".join(map(_fold_char, text)))


# ---------------------------------------------------------------- tokens and features
MAX_BYTES, WINDOW, STRIDE = 24, 64, 32
ASCII_WORD = frozenset("abcdefghijklmnopqrstuvwxyz0123456789'")


def tokens(folded):
    """One pass over folded text. A token is a maximal run of [a-z0-9'] with apostrophes trimmed from both ends, or a maximal
    run of non-ASCII characters (the fold has made every foreign sign a space), or one character of a script without spaces.
    Only digits: "0". Longer than 24 bytes of UTF-8: the longest whole-character prefix of at most 24 bytes."""
    out, run, kind = [], [], 0  # kind: 0 none, 1 ASCII word, 2 other letters

    def flush():
        if run:
            word = "".join(run)
            if kind == 1:
                word = word.strip("'")
                if word.isdigit():
                    word = "0"
            if word:
                if len(word) > MAX_BYTES // 4:
                    word = word.encode("utf-8", "surrogatepass")[:MAX_BYTES].decode("utf-8", "ignore")
                out.append(word)
            run.clear()
    for c in folded:
        if c in ASCII_WORD:
            now = 1
        elif c < "\x80":
            now = 0
        else:
            now = 3 if _single(c) else 2
        if now != kind:
            flush()
        kind = now
        if now == 3:
            out.append(c)
        elif now:
            run.append(c)
    flush()
    return out


def windows(count):
    """Ranges of the windows over `count` tokens."""
    start = 0
    while True:
        yield start, min(start + WINDOW, count)
        if start + WINDOW >= count:
            return
        start += STRIDE


def features(window, ngrams):
    found = set(window)
    for n in range(2, ngrams + 1):
        found.update(" ".join(window[i:i + n]) for i in range(len(window) - n + 1))
    return found


# ---------------------------------------------------------------- input
def leaves(value):
    """String values, then keys, joined by newlines; an object in a string is opened, an array of single characters is joined."""
    values, keys = [], []

    def walk(v):
        if isinstance(v, str):
            try:
                inner = json.loads(v)
            except ValueError:
                inner = None
            if isinstance(inner, (dict, list)):
                walk(inner)
            else:
                values.append(v)
        elif isinstance(v, list):
            if len(v) > 8 and all(isinstance(x, str) and len(x) <= 2 for x in v):
                values.append("".join(v))
            else:
                for x in v:
                    walk(x)
        elif isinstance(v, dict):
            for k, x in v.items():
                keys.append(k)
                walk(x)
    walk(value)
    return "\n".join(values + keys)


def text_of(item):
    if isinstance(item, str):
        return item
    if isinstance(item, dict) and isinstance(item.get("text"), str):
        return item["text"]
    return leaves(item["arguments"] if isinstance(item, dict) and "arguments" in item else item)


# ---------------------------------------------------------------- model
class Model:
    def __init__(self, path):
        self.head, self.weight = {}, {}
        with open(path, encoding="utf-8") as f:
            for line in f:
                line = line.rstrip("\n")
                if line.startswith("#"):
                    key, _, value = line[1:].strip().partition(" ")
                    self.head[key] = value
                elif line:
                    feature, weight = line.split("\t")
                    self.weight[feature] = int(weight)
        self.bias, self.threshold = int(self.head["bias"]), int(self.head["threshold"])
        self.ngrams = int(self.head["ngrams"])

    def score(self, text):
        """(score, index of the best window, its features with weights, weightiest first)"""
        words, best = tokens(fold(text)), None
        for k, (a, b) in enumerate(windows(len(words))):
            found = [(f, self.weight[f]) for f in features(words[a:b], self.ngrams) if f in self.weight]
            total = self.bias + sum(w for _, w in found)
            if best is None or total > best[0]:
                best = total, k, found
        return best[0], best[1], sorted(best[2], key=lambda fw: (-fw[1], fw[0]))


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    model = Model(sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "injection.tsv"))
    for line in sys.stdin:
        if line.strip():
            score, window, found = model.score(text_of(json.loads(line)))
            print(json.dumps({"score": score, "fires": score >= model.threshold, "window": window, "words": found[:5]}, ensure_ascii=False))


if __name__ == "__main__":
    main()
