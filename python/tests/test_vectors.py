"""The expected results of `data/vectors`, which the Rust tests run too."""

import json
import pathlib

import pytest
import ruthan

VECTORS = pathlib.Path(__file__).resolve().parents[2] / "data/vectors"


def vectors(name):
    """Read the lines of a file of ``data/vectors``."""
    return [json.loads(line) for line in (VECTORS / name).open(encoding="utf-8")]


@pytest.mark.parametrize("case", vectors("normalize.jsonl"), ids=lambda case: ascii(case["given"])[:40])
def test_normalize(case):
    assert ruthan.normalize(case["given"]) == case["text"]
