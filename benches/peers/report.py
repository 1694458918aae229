"""Writes down what was measured."""

import datetime
import os
import platform
import re
import statistics
import subprocess
from importlib.metadata import version
from pathlib import Path

from models import PROJECT

PACKAGES = ("fasttext-numpy2-wheel", "scikit-learn", "onnxruntime", "tokenizers", "numpy")


def seconds(value):
    """Format a time."""
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= size:
            return f"{value / size:.3g} {unit}" if value / size < 100 else f"{value / size:.0f} {unit}"
    return f"{value * 1e6:.2g} µs"


def megabytes(size):
    """Format a size."""
    return f"{size / 1e6:.1f} MB" if size else ""


def rate(rates, best):
    """Format messages a second: the median, the least and the most, and how many times as fast Ruthan is."""
    middle = statistics.median(rates)
    spread = f"{number(middle)} ({number(min(rates))} to {number(max(rates))})"
    return [spread, f"{best / middle:.3g}"]


def number(value):
    """Format a rate."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def table(found):
    """Format what was measured."""
    head = ["", "gives"]
    for threads in sorted(found[0].rates):
        cores = "one core" if threads == 1 else f"{threads} cores"
        head += [f"messages a second on {cores} (least to most)", "Ruthan is … times as fast"]
    head += ["one call, median", "99th percentile", "start to first answer", "peak memory", "model"]
    head += ["average precision, Thai, English", "messages a run"]
    lines = [head, ["---"] * len(head)]
    best = {threads: statistics.median(rates) for threads, rates in found[0].rates.items()}
    for peer in found:
        cells = [peer.name, peer.gives]
        for threads in sorted(peer.rates):
            cells += rate(peer.rates[threads], best[threads])
        calls = sorted(peer.calls)
        cells += [seconds(calls[len(calls) // 2]), seconds(calls[len(calls) * 99 // 100])]
        cells += [seconds(statistics.median(peer.starts)), megabytes(peer.peak), megabytes(peer.size)]
        cells += [peer.precision, f"{peer.count:,}"]
        lines.append(cells)
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def machine():
    """Return what runs this."""
    try:
        processor = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))[1]
    except (OSError, TypeError):
        processor = platform.processor() or platform.machine()
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{processor}, {os.cpu_count()} cores, {system}"


def revision():
    """Return the commit that is measured, and whether files differ from it."""
    git = ["git", "-C", PROJECT, "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(git, capture_output=True, text=True).stdout.strip() or "an unknown revision"


def load():
    """Return the load of the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def report(found, gathered, skipped, before, runs):
    """Fill in `report.md`."""
    lengths = sorted(len(text.encode()) for text in gathered.texts)
    return (Path(__file__).with_name("report.md").read_text(encoding="utf-8")).format(
        date=f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M}",
        machine=machine(),
        ruthan=version("ruthan"),
        revision=revision(),
        versions=", ".join(f"{name} {version(name)}" for name in PACKAGES),
        before=before,
        after=load(),
        texts=f"{len(lengths):,}",
        median=lengths[len(lengths) // 2],
        mean=round(sum(lengths) / len(lengths)),
        texts_from=gathered.texts_from,
        runs=runs,
        table=table(found),
        held=len(gathered.held),
        train=f"{len(gathered.train):,}",
        train_from=gathered.train_from,
        skipped=skipped,
    )
