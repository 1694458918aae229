"""What the steps share: places, labels, and the features that the Rust library computes."""

import hashlib
import json
import os
import pathlib

import numpy as np
import scipy.sparse as sp
from ruthan import _ruthan, links

TRAINING = pathlib.Path(__file__).resolve().parents[1]
PROJECT = TRAINING.parents[1]
# The developers' data; public users have none of it, see README.md.
SHARED = pathlib.Path(os.environ.get("RUTHAN_SHARED", PROJECT.parent / "shared"))
WORK = TRAINING / "work"
MODEL = PROJECT / "models" / "ruthan-1"

LABELS = ["personal", "otp", "notice", "ad", "vas", "bank", "government", "delivery", "account", "loan", "gambling", "job", "investment", "prize", "purchase", "romance", "acquaintance", "threat", "other"]
SCAM = np.array([i >= 5 for i in range(len(LABELS))])
FEATURES = {"slots": 1 << 20, "rows": 1 << 20, "characters": 4, "words": 2, "window": 160, "overlap": 80}
SEED = 20261124


def held_out(row):
    """Say whether a written message belongs to the tenth that is never trained on: chosen by pair, so twins stay together."""
    group = row["pair"] or row["text"]
    return int(hashlib.sha256(group.encode()).hexdigest()[:8], 16) % 10 == 0


def by_links(text, of_link, of_rest=lambda rest: rest):
    """Rewrite a text: its links by one function, what stands between them by another."""
    given, out, end = text.encode(), [], 0
    for link in links(text):
        start, stop = link.byte_span
        out += [of_rest(given[end:start].decode()), of_link(link.text)]
        end = stop
    return "".join([*out, of_rest(given[end:].decode())])


def read(path):
    """Read the rows of a JSON Lines file."""
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def write(path, rows):
    """Write rows as JSON Lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def table(head, rows):
    """Format a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def written_and_held_out():
    """Read the tenth of the written messages that is never trained on."""
    paths = sorted((PROJECT / "data/messages").glob("*/*.jsonl"))
    return [row for path in paths for row in read(path) if held_out(row)]


def featurize(texts):
    """Compute features with the library's own code: what is known of each text, and a matrix of its windows.

    Returns ``about`` (language, model text, evidence of links, evidence of text, number of windows) and a CSR matrix
    with one row for each window, windows of one text one after another.
    """
    about, lengths, slots, values = _ruthan.examples(list(texts), json.dumps(FEATURES))
    lengths = np.frombuffer(lengths, "<u4").astype(np.int64)
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    matrix = sp.csr_matrix(
        (np.frombuffer(values, "<f4"), np.frombuffer(slots, "<i4"), indptr),
        shape=(len(lengths), FEATURES["slots"]),
    )
    return about, matrix
