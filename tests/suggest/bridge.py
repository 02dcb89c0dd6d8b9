"""What the tests of both bridges share: the document, and which of its operations are to stay."""

import json
import runpy
import sys

import yaml

METHODS = ("get", "put", "post", "delete", "patch")


def arguments():
    """The document, its operations by `(method, path)`, those with blockers, and what the suggestion defines."""
    document, report, suggested = sys.argv[1:]
    with open(document, encoding="utf-8") as file:
        document = json.load(file) if document.endswith(".json") else yaml.safe_load(file)
    with open(report, encoding="utf-8") as file:
        report = json.load(file)
    operations = {
        (method.upper(), path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }
    blocked = {(f["method"], f["path"]) for f in report["findings"] if f["severity"] == "critical"}
    assert blocked and blocked < set(operations), blocked
    return document, operations, blocked, runpy.run_path(suggested)


def check(bridge, before, after, blocked):
    """The tools that the suggestion removed are those with blockers, and no other."""
    assert before - after == blocked, (before - after) ^ blocked
    assert after == before - blocked
    print(f"{bridge}: {len(blocked)} operations with blockers are gone, {len(after)} are left", file=sys.stderr)
