"""Measures Ruthan beside what a user would pick instead, in one run, and writes `benches/PEERS.md`.

``cargo xtask bench-peers`` prepares what it needs and starts it.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import ruthan
from sklearn.metrics import average_precision_score

from models import FOLDER, LABELS, PROJECT, SCAM, data, is_scam, make
from report import load, report

HERE = Path(__file__).resolve().parent
CORES = os.cpu_count() or 1
# A first message, to time the start with.
FIRST = "พัสดุของท่านจัดส่งไม่สำเร็จ ยืนยันที่อยู่ Your parcel is held: www.flash.goxth.com"
# One run of a slow peer covers as many messages as it reads in about this many seconds, evenly spaced.
SECONDS = 4.0
# The most single calls of a run, and the fewest messages of anything.
CALLS, FEWEST = 1000, 50
SCAMS = {label for label, scam in zip(LABELS, SCAM, strict=True) if scam}


def peak_memory(pid):
    """Return the most memory in bytes that a process and its children held, each its own peak."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    own = int(re.search(r"VmHWM:\s*(\d+)", status)[1]) * 1024
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return own + sum(map(peak_memory, children))


class Served:
    """A process that answers `FIRST` when it starts, then what it is asked for, see ``worker.py``."""

    def __init__(self, *command):
        start = time.perf_counter()
        self.process = subprocess.Popen(
            [*map(str, command), FIRST], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self.read()
        self.start = time.perf_counter() - start

    def read(self):
        """Read one line of JSON."""
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"peers: a process ended with {self.process.wait()}: {self.process.args[:-1]}")
        return json.loads(line)

    def ask(self, word, path):
        """Let it do what a word says with the texts of a file."""
        self.process.stdin.write(f"{word} {path}\n")
        self.process.stdin.flush()
        answer = self.read()
        return answer.get("seconds", answer.get("scores"))

    def memory(self, path):
        """Return the peak of memory once it has answered the texts of a file."""
        self.ask("batch", path)
        return peak_memory(self.process.pid)

    def close(self):
        """End the process."""
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


class CommandLine(Served):
    """The command `ruthan`: single texts through a pipe, many by `scan` with all columns, its start included."""

    def __init__(self, program, *options):
        self.program, self.options = program, [*map(str, options)]
        start = time.perf_counter()
        self.process = subprocess.Popen(
            [program, *self.options, "classify", "--jsonl"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.classify(FIRST)
        self.start = time.perf_counter() - start

    def classify(self, text):
        """Send one text and read the answer."""
        self.process.stdin.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
        self.process.stdin.flush()
        return self.read()

    def scan(self, path):
        """Start a scan of the texts of a file."""
        lines = path.with_suffix(".jsonl")
        if not lines.exists():
            texts = json.loads(path.read_text(encoding="utf-8"))
            lines.write_text(
                "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts), encoding="utf-8"
            )
        columns = "score,verdict,label,language,evidence,links,indicators"
        out = lines.with_suffix(".out.jsonl")
        command = [self.program, *self.options, "--exit-zero", "scan", lines, "-o", out, "--columns", columns]
        return subprocess.Popen(command, stderr=subprocess.DEVNULL)

    def ask(self, word, path):
        """Do what a word says with the texts of a file."""
        if word == "batch":
            start = time.perf_counter()
            if code := self.scan(path).wait():
                raise SystemExit(f"peers: `ruthan scan` ended with {code}")
            return time.perf_counter() - start
        texts = json.loads(path.read_text(encoding="utf-8"))
        if word == "score":
            return [self.classify(text)["score"] for text in texts]
        seconds = []
        for text in texts:
            start = time.perf_counter()
            self.classify(text)
            seconds.append(time.perf_counter() - start)
        return seconds

    def memory(self, path):
        """Return the peak of memory of a scan, looked at until it ends."""
        scan, most = self.scan(path), 0
        while scan.poll() is None:
            try:
                most = max(most, peak_memory(scan.pid))
            except (TypeError, FileNotFoundError, ProcessLookupError):
                # It has just ended: what was seen last stands.
                pass
            time.sleep(0.002)
        return most


@dataclass
class Peer:
    """Something that is measured, and what was measured."""

    name: str
    gives: str
    start: Callable[[int], Served]
    # Of the model, in bytes.
    size: int = 0
    trained: bool = True
    # How many messages a run covers, on one core and on all the same.
    count: int = 0
    running: dict = field(default_factory=dict)
    starts: list = field(default_factory=list)
    rates: dict = field(default_factory=dict)
    calls: list = field(default_factory=list)
    peak: int = 0
    precision: str = ""


def peers(paths):
    """Return what is measured, Ruthan's faces first, and what is left out and why."""
    library = ruthan._classifier._installed_onnxruntime()
    release = PROJECT / "target/release"
    folder = PROJECT / "models/ruthan-1"
    own = sum((folder / name).stat().st_size for name in ("model.onnx", "vocabulary.bin"))
    engines = {"embedded": ("embedded", ["--engine", "embedded"]), "onnxruntime": (library, ["--onnxruntime", library])}
    found = []
    for engine, (named, _) in engines.items():
        program = [release / "examples/peer", named]
        found.append(Peer(f"Ruthan, Rust, {engine}", "reasons", lambda n, p=program: Served(*p, n), own))
    for engine in engines:
        found.append(Peer(f"Ruthan, Python, {engine}", "reasons", lambda n, e=engine: worker("Ruthan", e, n), own))
    for engine, (_, options) in engines.items():
        program = [release / "ruthan", *options, "--threads"]
        found.append(Peer(f"Ruthan, command line, {engine}", "reasons", lambda n, p=program: CommandLine(*p, n), own))
    for name, kind, file in (
        ("fastText", "FastText", "fasttext.bin"),
        ("scikit-learn", "ScikitLearn", "scikit.joblib"),
        ("transformer 2×128, ONNX Runtime", "Transformer", "2x128.onnx"),
        ("transformer 6×768, ONNX Runtime", "Transformer", "6x768.onnx"),
    ):
        path = paths[file]
        size = path.stat().st_size
        found.append(Peer(name, "label", lambda n, k=kind, p=path: worker(k, p, n), size, kind != "Transformer"))
    spamd = shutil.which("spamd") or shutil.which("spamd", path="/usr/sbin")
    if spamd:
        found.append(Peer("SpamAssassin", "label", lambda n: worker("SpamAssassin", spamd, n), trained=False))
    return found, "" if spamd else " SpamAssassin is left out: there is no `spamd` here."


def worker(kind, model, threads):
    """Start a subject of ``subjects.py`` in a process of its own."""
    return Served(sys.executable, HERE / "worker.py", kind, model, threads)


def spaced(texts, count):
    """Return about as many texts as said, evenly spaced."""
    return texts[:: max(1, len(texts) // count)]


class Files:
    """Texts in files, for processes to read."""

    def __init__(self, texts):
        self.texts = texts
        self.folder = FOLDER / "texts"
        # Whatever an earlier run with other texts left.
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def of(self, count):
        """Return a file of about as many texts as said, and how many they are."""
        texts = spaced(self.texts, count)
        return self.write(f"{len(texts)}", texts), len(texts)

    def write(self, name, texts):
        """Write texts if they are not there yet; return the file."""
        path = self.folder / f"{name}.json"
        if not path.exists():
            path.write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
        return path


def prepare(peer, files, starts):
    """Start a peer, see how fast it is, and measure what is measured once."""
    for _ in range(starts):
        process = peer.start(1)
        peer.starts.append(process.start)
        process.close()
    for threads in {1, CORES}:
        peer.running[threads] = peer.start(threads)
    few, count = files.of(FEWEST)
    one = peer.running[1]
    one.ask("batch", few)
    peer.count = max(FEWEST, int(SECONDS * count / one.ask("batch", few)))
    path, peer.count = files.of(min(peer.count, len(files.texts)))
    peer.peak = one.memory(path)
    if CORES > 1:
        peer.running[CORES].ask("batch", few)


def measure(peer, files):
    """Take one run of a peer: a batch on one core and on all, and single calls."""
    path, count = files.of(peer.count)
    for threads, process in peer.running.items():
        peer.rates.setdefault(threads, []).append(count / process.ask("batch", path))
    calls = min(CALLS, max(FEWEST, int(peer.rates[1][-1])))
    peer.calls += peer.running[1].ask("single", files.of(calls)[0])


def precision(peer, files, held):
    """Measure average precision on the held-out tenth, Thai and English."""
    found = []
    for english in (False, True):
        rows = [row for row in held if (row["lang"] == "en") == english]
        path = files.write(f"held-{english}", [row["text"] for row in rows])
        scores = peer.running[1].ask("score", path)
        if isinstance(scores[0], dict):
            scores = [sum(p for label, p in labels.items() if label in SCAMS) for labels in scores]
        found.append(f"{average_precision_score([is_scam(row) for row in rows], scores):.3f}")
    return ", ".join(found)


def main():
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument(
        "--quick", action="store_true", help="few messages and runs, to see that it works; writes no file"
    )
    options = parser.parse_args()
    if not Path("/proc/self/status").exists():
        raise SystemExit("peers: peak memory is read from /proc, so this runs on Linux only")
    runs = 2 if options.quick else options.runs
    before = load()
    gathered = data()
    if options.quick:
        gathered.texts = spaced(gathered.texts, 500)
    files = Files(gathered.texts)
    found, skipped = peers(make(gathered.train))
    for peer in found:
        print(f"starting {peer.name}", file=sys.stderr, flush=True)
        prepare(peer, files, runs)
        if peer.trained:
            peer.precision = precision(peer, files, gathered.held)
    for turn in range(runs):
        print(f"run {turn + 1} of {runs}, load {load()}", file=sys.stderr, flush=True)
        for peer in found:
            measure(peer, files)
    for peer in found:
        for process in peer.running.values():
            process.close()
    text = report(found, gathered, skipped, before, runs)
    print(text)
    if not options.quick:
        (PROJECT / "benches/PEERS.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
