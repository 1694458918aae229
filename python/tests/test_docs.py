"""What the documentation shows runs: README, docstrings, types."""

import doctest
import importlib
import pathlib
import re
import subprocess
import sys

import pytest

README = pathlib.Path(__file__).resolve().parents[1] / "README.md"
NEEDS = {"sklearn": "sklearn", "polars": "polars", "duckdb": "duckdb"}


def test_the_first_lines_of_the_readme_run_by_themselves():
    first = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[1]
    assert len([line for line in first.splitlines() if line]) <= 5
    run = subprocess.run([sys.executable, "-X", "utf8", "-c", first], capture_output=True, encoding="utf-8", check=True)
    assert re.match(r"(suspicious|scam) 0\.\d+ fake parcel delivery\n[+-]\d\.\d\d ", run.stdout)


def test_the_other_lines_of_the_readme_run():
    for name in NEEDS.values():
        pytest.importorskip(name)
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 3
    exec("\n".join(blocks), {})


@pytest.mark.parametrize(
    "name", ["", "._names", "._types", "._classifier", "._results", ".sklearn", ".polars", ".duckdb"]
)
def test_docstrings_run(name):
    if name.removeprefix(".") in NEEDS:
        pytest.importorskip(NEEDS[name.removeprefix(".")])
    module = importlib.import_module(f"ruthan{name}")
    failed, tried = doctest.testmod(module)
    assert failed == 0 and (tried > 0 or name == "._results")


SAMPLE = """
import pyarrow as pa
import ruthan

classifier = ruthan.Classifier(engine="embedded", threads=2)
c = classifier.classify("hello")
verdict: ruthan.Verdict = c.verdict
start: int = c.links[0].span.start
share: float = c.probabilities[ruthan.Label.BANK]
results = classifier.classify_batch(pa.array(["a", None]), columns=["score", "links"])
results = classifier.classify_batch(["a", None], columns="all", errors="column")
results = classifier.classify_batch(text for text in ["a"])
rows: int = len(results)
table: pa.Table = results.to_pyarrow()
text: str = ruthan.normalize("x").text
reveal_type(ruthan.indicators("x")[0].kind)
"""

WRONG = """
import ruthan

ruthan.Classifier().classify(b"bytes")
ruthan.Classifier().classify_batch([1])
ruthan.Classifier().classify_batch(["a"], columns=["nonsense"])
ruthan.Classifier(thread=1)
"""


def mypy(*arguments):
    return subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True)


def test_types_hold(tmp_path):
    pytest.importorskip("mypy")
    package = pathlib.Path(importlib.import_module("ruthan").__file__).parent
    (tmp_path / "sample.py").write_text(SAMPLE)
    (tmp_path / "wrong.py").write_text(WRONG)
    settings = ["--strict", "--cache-dir", str(README.parent / ".mypy_cache")]
    # Libraries without types of their own, or that are not installed, count as `Any`.
    run = mypy("mypy", *settings, "--ignore-missing-imports", "-p", "ruthan")
    assert run.returncode == 0, run.stdout
    run = mypy("mypy", *settings, "--ignore-missing-imports", str(tmp_path / "sample.py"))
    assert run.returncode == 0 and 'Revealed type is "str"' in run.stdout.replace("builtins.", ""), run.stdout
    run = mypy("mypy", *settings, str(tmp_path / "wrong.py"))
    assert run.stdout.count("error:") == 4, run.stdout
    assert (package / "py.typed").exists()


def test_the_stub_is_that_of_the_binding():
    pytest.importorskip("mypy")
    run = mypy("mypy.stubtest", "ruthan._ruthan", "--ignore-disjoint-bases")
    assert run.returncode == 0, run.stdout
