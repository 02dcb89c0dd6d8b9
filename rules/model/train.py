#!/usr/bin/env python3
"""Trains the small linear model for instructions aimed at a model, and writes it as text.

    pip install numpy scipy
    python3 train.py DATA_DIR OUT.tsv [--seeds SEEDS.jsonl]

DATA_DIR holds *.jsonl, one item a line: id, source, label (attack or benign), tier, text or arguments, optionally group.
SEEDS.jsonl (default: seeds.jsonl beside this file, if it is there) holds further items of the same form, written by hand; they
are trained on, but no threshold is measured on them.
OUT.tsv gets header lines `# key value`, then `feature<TAB>weight` sorted by feature in byte order. Same data, same file: there is no random
number in here. Half a minute to a minute on one core. Folding, tokens, windows and the score are those of score.py, beside this file.

How. A text is cut into windows of 64 tokens, 32 apart. Features of a window are its words and word pairs, present or not. The
model is logistic regression on windows, trained as multiple-instance learning: an attack item only has to have one bad window, a
benign item may have none. Round 0 takes every window; every later round takes of an attack the window that the last round scored
highest, and of a benign item its highest window (most of the weight) and the others (the rest). Each class weighs the same in
sum, a source of n items weighs sqrt(n). A feature must occur in at least 5 items of at least 2 sources; the strongest MAX_FEATURES
are kept and fitted once more. No weight falls below FLOOR, so that
no single harmless word beside an attack weighs much. The threshold is the score that a share FPR of the benign items reaches when they are not trained on.
"""
import argparse
import glob
import hashlib
import json
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, minimize

import score as reference

MIN_ITEMS, MIN_SOURCES, MAX_FEATURES = 5, 2, 10000
LAMBDA, ROUNDS, TOP_SHARE, FLOOR = 1e-3, 2, 0.9, -0.15
FPR, FOLDS, SEED_WEIGHT = 0.015, 4, 0.4
ATTACK = {"core": 1, "structure": 1, "multilingual": 1, "jailbreak": 1, "obf": 1, "core-noisy": 0.2}
BENIGN = {"ordinary": 1, "hardneg": 2, "hardneg-role": 3, "hardneg-sec": 2, "noisy": 0.2}
MEASURED = ("ordinary", "hardneg", "hardneg-role", "hardneg-sec")  # the benign tiers that a threshold is measured on


class Data:
    """Items, and their windows as a sparse matrix of features."""

    def __init__(self, folder, seeds=None):
        self.items, lists = [], []
        for path in sorted(glob.glob(os.path.join(folder, "*.jsonl"))) + ([seeds] if seeds else []):
            with open(path, encoding="utf-8") as lines:
                for line in lines:
                    item = json.loads(line)
                    lists.append(reference.tokens(reference.fold(reference.text_of(item))))
                    self.items.append({k: item.get(k) for k in ("id", "source", "tier", "category", "lang", "group")} | {"seed": path == seeds})
                    self.items[-1]["attack"] = item["label"] == "attack"
        self.count = len(self.items)
        pick = lambda key: np.array([item[key] for item in self.items])
        self.attack, self.tier, self.source_name, self.seed = pick("attack"), pick("tier"), pick("source"), pick("seed")
        self.group = [item["group"] or item["id"] for item in self.items]
        self.sources, self.source = np.unique(self.source_name, return_inverse=True)
        self.length = np.array([len(t) for t in lists])
        self.tokens = lists
        self._base_weight()
        self._matrix()

    def _base_weight(self):
        self.base = np.array([(ATTACK if a else BENIGN).get(t, 0) for a, t in zip(self.attack, self.tier)], float)
        # of the obfuscated attacks only those whose words are still words
        items_with = {}
        for tokens, tier in zip(self.tokens, self.tier):
            if tier != "obf":
                for w in set(tokens):
                    items_with[w] = items_with.get(w, 0) + 1
        self.plain_obf = np.array([tier == "obf" and len(t) >= 4 and sum(len(w) > 1 and items_with.get(w, 0) >= 30 for w in t) >= 0.7 * len(t)
                                   for t, tier in zip(self.tokens, self.tier)])
        self.base[(self.tier == "obf") & ~self.plain_obf] = 0
        self.base[self.seed] *= SEED_WEIGHT

    def _matrix(self):
        vocabulary, flat = {}, []
        for tokens in self.tokens:
            flat.extend(vocabulary.setdefault(t, len(vocabulary)) for t in tokens)
        words, size = list(vocabulary), len(vocabulary)
        flat, item = np.array(flat, np.int64), np.repeat(np.arange(self.count), self.length)
        pair = np.full(len(flat), -1, np.int64)
        pair[:-1] = np.where(item[1:] == item[:-1], flat[:-1] * size + flat[1:], -1)
        self.names, self.seen_feature, self.seen_item, at = [], [], [], []
        for keys, name in ((flat, lambda k: words[k]), (pair, lambda k: words[k // size] + " " + words[k % size])):
            unique, inverse = np.unique(keys, return_inverse=True)
            seen = np.unique(inverse.astype(np.int64) * self.count + item)
            feature, where = seen // self.count, seen % self.count
            items, sources = self._spread(feature, where, len(unique))
            good = (items >= MIN_ITEMS) & (sources >= MIN_SOURCES) & (unique >= 0)
            number = np.full(len(unique), -1)
            number[good] = np.arange(good.sum()) + len(self.names)
            self.names.extend(name(int(k)) for k in unique[good])
            at.append(number[inverse])
            self.seen_feature.append(number[feature][good[feature]])
            self.seen_item.append(where[good[feature]])
        self.seen_feature, self.seen_item = np.concatenate(self.seen_feature), np.concatenate(self.seen_item)
        start, length, owner, first = [], [], [], 0
        for i, n in enumerate(self.length):
            for a, b in reference.windows(int(n)):
                start.append(first + a), length.append(b - a), owner.append(i)
            first += n
        start, length, self.owner = np.array(start), np.array(length), np.array(owner)
        rows, columns = [], []
        for span, numbers in enumerate(at, 1):
            for j in range(reference.WINDOW):
                row = np.nonzero(length >= j + span)[0]
                column = numbers[start[row] + j]
                rows.append(row[column >= 0]), columns.append(column[column >= 0])
        rows, columns = np.concatenate(rows), np.concatenate(columns)
        self.X = sp.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(start), len(self.names)))
        self.X.sum_duplicates()
        self.X.data[:] = 1  # present or not

    def _spread(self, feature, item, size):
        """In how many items and in how many sources each feature occurs."""
        pairs = np.unique(feature.astype(np.int64) * len(self.sources) + self.source[item])
        return np.bincount(feature, minlength=size), np.bincount(pairs // len(self.sources), minlength=size)

    def weights(self, allowed):
        """Weight of each item for training: each class 1 in sum, a source of n items sqrt(n) times an item's own weight."""
        out = np.zeros(self.count)
        for cls in (True, False):
            m = (self.attack == cls) & allowed & (self.base > 0)
            share = np.where(m, self.base / np.sqrt(np.maximum(np.bincount(self.source[m], minlength=len(self.sources))[self.source], 1)), 0)
            out += share / share.sum()
        return out


def fit(X, attack, weight, start):
    XT, sign = X.T.tocsr(), np.where(attack, 1.0, -1.0)

    def loss(t):
        z = (X @ t[:-1] + t[-1]) * sign
        g = -sign * weight / (1 + np.exp(np.clip(z, -50, 50)))
        return (weight * np.logaddexp(0, -z)).sum() + LAMBDA / 2 * (t[:-1] ** 2).sum(), np.append(XT @ g + LAMBDA * t[:-1], g.sum())
    low = np.append(np.full(X.shape[1], FLOOR), -np.inf)
    return minimize(loss, start, jac=True, method="L-BFGS-B", bounds=Bounds(low, np.full(len(low), np.inf)), options={"maxiter": 100}).x


def train(data, allowed, limit=MAX_FEATURES):
    """Weights of all features (0: not used) and the bias, learned from the allowed items only."""
    weight = data.weights(allowed)
    used = weight > 0
    m = used[data.seen_item]
    items, sources = data._spread(data.seen_feature[m], data.seen_item[m], len(data.names))
    columns = np.nonzero((items >= MIN_ITEMS) & (sources >= MIN_SOURCES))[0]
    rows = np.nonzero(used[data.owner])[0]
    owner = data.owner[rows]
    attack, windows = data.attack[owner], np.bincount(owner, minlength=data.count)[owner]
    X, item_weight = data.X[rows][:, columns], weight[owner]
    t, of_window = np.zeros(len(columns) + 1), item_weight / windows
    for step in range(ROUNDS + 2):
        if step:
            order = np.lexsort((-(X @ t[:-1]), owner))
            first = np.ones(len(order), bool)
            first[1:] = owner[order][1:] != owner[order][:-1]
            top = np.zeros(len(order), bool)
            top[order[first]] = True
            share = np.where(windows == 1, 1, np.where(top, TOP_SHARE, (1 - TOP_SHARE) / np.maximum(windows - 1, 1)))
            of_window = item_weight * np.where(attack, top, share)
        if step == ROUNDS + 1:  # the last round: only the strongest features
            if len(columns) <= limit:
                break
            keep = np.sort(np.lexsort((columns, -np.abs(np.round(t[:-1], 6))))[:limit])
            columns, X, t = columns[keep], X[:, keep], np.append(t[:-1][keep], t[-1])
        s = of_window > 0
        t = fit(X[s], attack[s], of_window[s], t)
    full = np.zeros(len(data.names))
    full[columns] = t[:-1]
    return full, t[-1]


def item_scores(data, full, bias, items):
    rows = np.nonzero(items[data.owner])[0]
    out = np.full(data.count, -np.inf)
    np.maximum.at(out, data.owner[rows], data.X[rows] @ full + bias)
    return out


def cross_scores(data, fold):
    """Scores of all items, each from the model that has not seen its fold. Seeds are always trained on."""
    out = np.full(data.count, -np.inf)
    for k in np.unique(fold):
        held = (fold == k) & ~data.seed
        part = item_scores(data, *train(data, ~held), held)
        out[held] = part[held]
    return out


def folds(data, n):
    return np.array([int(hashlib.sha1(g.encode()).hexdigest(), 16) % n for g in data.group])


def threshold_at(data, scores, fpr):
    z = np.sort(scores[~data.attack & np.isin(data.tier, MEASURED) & ~data.seed])[::-1]
    return z[int(fpr * len(z))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("out")
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "seeds.jsonl")
    parser.add_argument("--seeds", default=beside if os.path.exists(beside) else "", help="\"\" for none")
    args = parser.parse_args()
    data = Data(args.data, args.seeds)
    threshold = threshold_at(data, cross_scores(data, folds(data, FOLDS)), FPR)
    full, bias = train(data, np.ones(data.count, bool))
    scale = 127 / np.abs(full).max()
    whole = np.round(full * scale).astype(int)
    lines = sorted((name.encode(), int(w)) for name, w in zip(data.names, whole) if w)
    with open(args.out, "wb") as out:
        head = [("model", "words and word pairs that speak to a language model, logistic regression over windows"),
                ("features", "tokens and neighbour pairs joined by one space, present or not, in a window of tokens"),
                ("ngrams", 2), ("window", reference.WINDOW), ("stride", reference.STRIDE), ("token_bytes", reference.MAX_BYTES),
                ("scale", f"{scale:.3f}"), ("bias", round(bias * scale)), ("threshold", round(threshold * scale)), ("count", len(lines))]
        out.write("".join(f"# {k} {v}\n" for k, v in head).encode())
        for name, w in lines:
            out.write(name + b"\t%d\n" % w)
    print(f"{len(lines)} features, scale {scale:.2f}, bias {round(bias * scale)}, threshold {round(threshold * scale)}, {os.path.getsize(args.out)} bytes")


if __name__ == "__main__":
    main()
