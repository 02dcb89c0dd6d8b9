#!/usr/bin/env python3
"""Compares what an audit costs with what other linters cost, on the same files, in one run.

    benches/compare.py [FILE…]          the files, or two that are generated (1,000 operations, JSON and YAML)
    benches/compare.py --no-linters …   only the floor: reading the file into a plain value, or over its YAML events

Whole processes, their start included: processor time (user and system) is the median of the runs, memory the peak of the
largest process in one more run, started by GNU time: a process begins with the peak of the one that starts it, so a small
one has to. Linters are installed from npm into a temporary folder, at the versions below. Needs cargo and time, and node
with npm for the linters. Compare ratios, and only those of one run.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGES = [
    "@stoplight/spectral-cli@6.16.3",
    "@stoplight/spectral-owasp-ruleset@2.0.1",
    "@redocly/cli@2.77.0",
]
RULESETS = {
    "spectral.yaml": 'extends: ["spectral:oas"]\n',
    "owasp.yaml": 'extends: ["spectral:oas", "@stoplight/spectral-owasp-ruleset"]\n',
}
TINY = {
    "openapi": "3.0.3",
    "info": {"title": "Tiny", "version": "1"},
    "paths": {"/items": {"get": {"operationId": "listItems", "responses": {"200": {"description": "OK"}}}}},
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    parser.add_argument("--no-linters", action="store_true", help="leave out what npm installs")
    parser.add_argument("--runs", type=int, default=15, help="runs of what is fast (default 15)")
    parser.add_argument("--slow-runs", type=int, default=1, help="runs of the linters (default 1)")
    parser.add_argument("--limit", type=int, default=900, help="seconds after which a linter is stopped (default 900)")
    options = parser.parse_args()
    audit, floor = build()
    with tempfile.TemporaryDirectory(prefix="mcpsentry-compare-") as folder:
        folder = pathlib.Path(folder)
        tiny = folder / "tiny.json"
        tiny.write_text(json.dumps(TINY))
        files = [file.resolve() for file in options.files] or generated(floor, folder)
        linters = [] if options.no_linters else install(folder)
        for file in [tiny, *files]:
            compare(file, audit, floor, linters, options)


def build():
    """The program and the floor as they are released; the paths of both."""
    floor = ["--manifest-path", str(ROOT / "benches" / "floor" / "Cargo.toml")]
    return executable("mcpsentry", []), executable("floor", floor)


def executable(name, where):
    command = ["cargo", "build", "--release", "--locked", "--bin", name, "--message-format=json-render-diagnostics"]
    output = subprocess.run([*command, *where], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    messages = (json.loads(line) for line in output.splitlines())
    return next(message["executable"] for message in messages if message.get("executable"))


def generated(floor, folder):
    files = []
    for form in ["json", "yaml"]:
        file = folder / f"generated.{form}"
        with file.open("w") as out:
            subprocess.run([floor, "make", form, "1000"], check=True, stdout=out)
        files.append(file)
    return files


def install(folder):
    """Installs the linters and gives their names and commands, the document left out."""
    print(f"installing {', '.join(PACKAGES)}", file=sys.stderr)
    command = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder), *PACKAGES]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    for name, text in RULESETS.items():
        (folder / name).write_text(text)
    programs = folder / "node_modules" / ".bin"
    spectral = [str(programs / "spectral"), "lint", "--format", "json", "--ruleset"]
    return [
        ("Redocly", [str(programs / "redocly"), "lint", "--format", "json"]),
        ("Spectral", [*spectral, str(folder / "spectral.yaml")]),
        ("Spectral, OWASP rules", [*spectral, str(folder / "owasp.yaml")]),
    ]


def compare(file, audit, floor, linters, options):
    size = file.stat().st_size
    is_json = file.suffix == ".json"
    rows = [("mcpsentry audit", [audit, "audit", str(file), "--format", "json"], options.runs)]
    if is_json:
        rows.append(("floor: serde_json::Value", [floor, "json", str(file)], options.runs))
    else:
        rows.append(("floor: events of saphyr-parser", [floor, "yaml", str(file)], options.runs))
        rows.append(("floor: events of granit-parser", [floor, "granit", str(file)], options.runs))
    rows += [(name, [*command, str(file)], options.slow_runs) for name, command in linters]
    # What is fast takes turns, so that a machine that slows down does so for all.
    fast = [row for row in rows if row[2] == options.runs]
    samples = {name: [] for name, _, _ in rows}
    for number in range(options.runs + 1):
        for name, command, _ in fast:
            sample = measure(command, options.limit)
            if number > 0:
                samples[name].append(sample)
    for name, command, runs in rows:
        if (name, command, runs) not in fast:
            samples[name] = [measure(command, options.limit) for _ in range(runs)]
    print(f"\n{file.name}, {size / 1e6:.3f} MB, {time.strftime('%Y-%m-%d')}\n")
    print("| whole process | CPU ms | times the audit | peak MB | MB beyond 3 documents |")
    print("| --- | --- | --- | --- | --- |")
    ours = None
    peaks = {name: peak_of(command) for name, command, _ in rows}
    for name, _, _ in rows:
        faults = [sample for sample in samples[name] if isinstance(sample, str)]
        if faults:
            print(f"| {name} | {faults[0]} | | | |")
            continue
        cpu = statistics.median(samples[name])
        peak = peaks[name]
        ours = ours or cpu
        beyond = (peak - 3 * size) / 1e6
        print(f"| {name} | {cpu * 1e3:.1f} | {cpu / ours:.2f} | {peak / 1e6:.1f} | {beyond:.1f} |")
    sys.stdout.flush()


def measure(command, limit):
    """Processor seconds of one run, or why there are none."""
    with open(os.devnull, "r+b") as nothing:
        process = subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing, cwd=ROOT)
    deadline = time.monotonic() + limit
    while True:
        done, status, usage = os.wait4(process.pid, os.WNOHANG)
        if done:
            break
        if time.monotonic() > deadline:
            process.kill()
            os.wait4(process.pid, 0)
            process.returncode = -9
            return f"stopped after {limit} s"
        time.sleep(0.0005 if deadline - time.monotonic() > limit - 1 else 0.05)
    process.returncode = os.waitstatus_to_exitcode(status)
    # Linters end with 1 when they found something; 2 and above, or a signal, is a fault of the run.
    if process.returncode not in (0, 1, 3):
        return f"failed with {process.returncode}"
    return usage.ru_utime + usage.ru_stime


def peak_of(command):
    """Peak bytes of one run."""
    time_program = shutil.which("time") or sys.exit("GNU time is needed to measure memory")
    with tempfile.NamedTemporaryFile("r") as note:
        command = [time_program, "-q", "-f", "%M", "-o", note.name, *command]
        subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return int(note.read().split()[-1]) * 1024


if __name__ == "__main__":
    main()
