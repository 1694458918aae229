"""Attack the model: what each way of disguising a message, alone and three at once, takes off recall and adds to false alarms.

The bar stays where it is (`suspicious` in the manifest), as it does for who uses the model. Everything follows from one
seed, so that the same model gives the same table. Writes ``tests/ATTACKS.md`` and, of the messages that this project wrote
and never trained on, ``tests/attacks.json``, which ``--check`` holds the model to.
"""

import argparse
import datetime
import json
import random
import re
import sys

import numpy as np
import ruthan

from .attacks import ATTACKS
from .common import LABELS, MODEL, PROJECT, SCAM, SEED, SHARED, read, table, written_and_held_out

RECORD = PROJECT / "tests/attacks.json"
HELD_OUT = "held-out tenth"
# How many of the 1,320 ways to attack three times are tried: drawn once, from the seed.
TRIPLES = 24
# How many points of recall an attack may cost more than is recorded, and of false alarms bring more: some four messages.
MARGIN = 1.5


def three_at_once():
    """Draw the combinations: three attacks, in the order in which they are made."""
    rng = random.Random(SEED)
    drawn = set()
    while len(drawn) < TRIPLES:
        drawn.add(tuple(rng.sample(list(ATTACKS), 3)))
    return sorted(drawn)


def attacked(texts, attacks, lang):
    """Make attacks on texts, one after another."""
    for attack in attacks:
        # Each text has its own generator: what becomes of it does not depend on those beside it.
        texts = [ATTACKS[attack](text, random.Random(f"{SEED} {attack} {text}"), lang) for text in texts]
    return texts


def languages(rows):
    """Split rows into Thai, with what mixes both, and English."""
    return {"th": [row for row in rows if row["lang"] != "en"], "en": [row for row in rows if row["lang"] == "en"]}


def measure(classifier, bar, rows, lang):
    """Measure recall and false alarms, in percent, of rows in one language, under no attack and under each."""
    scam = np.array([SCAM[LABELS.index(row["label"])] for row in rows])
    figures = {}
    for attacks in [(), *((name,) for name in ATTACKS), *three_at_once()]:
        texts = attacked([row["text"] for row in rows], attacks, lang)
        over = np.array(classifier.classify_batch(texts).column("score")) >= bar
        figures[", ".join(attacks) or "none"] = [round(100 * over[scam].mean(), 2), round(100 * over[~scam].mean(), 2)]
    return {"scams": int(scam.sum()), "others": int((~scam).sum()), "figures": figures}


def lines(name, lang, measured):
    """Return the lines that the table has of one set."""
    (recall, alarms), *_ = measured["figures"].values()
    yield [name, lang, f"none ({measured['scams']} scams, {measured['others']} others)", f"{recall:.1f} %", "", f"{alarms:.1f} %", ""]
    for attack, (r, a) in list(measured["figures"].items())[1:]:
        yield [name, lang, attack, f"{r:.1f} %", f"{r - recall:+.1f}", f"{a:.1f} %", f"{a - alarms:+.1f}"]


def worse(now, recorded):
    """Yield what is worse than recorded by more than the margin."""
    for lang, measured in now.items():
        for attack, (recall, alarms) in measured["figures"].items():
            if attack not in recorded[lang]["figures"]:
                yield f"{lang}, {attack}: not recorded"
                continue
            before, alarms_before = recorded[lang]["figures"][attack]
            if recall < before - MARGIN:
                yield f"{lang}, {attack}: recall {recall} %, recorded {before} %"
            if alarms > alarms_before + MARGIN:
                yield f"{lang}, {attack}: false alarms {alarms} %, recorded {alarms_before} %"


def main():
    """Measure and write, or measure and compare."""
    arguments = argparse.ArgumentParser(description="Attack the model.")
    arguments.add_argument("--check", action="store_true", help="compare with tests/attacks.json, write nothing")
    check = arguments.parse_args().check
    classifier = ruthan.Classifier(model=MODEL, engine="embedded")
    bar = json.loads((MODEL / "manifest.json").read_text())["thresholds"]["suspicious"]["score"]
    now = {lang: measure(classifier, bar, rows, lang) for lang, rows in languages(written_and_held_out()).items()}
    if check:
        recorded = json.loads(RECORD.read_text())
        found = list(worse(now, recorded["sets"]))
        print("\n".join(found) or f"no attack costs more than {MARGIN} points above what is recorded of {recorded['model']}")
        sys.exit(bool(found))
    record = json.dumps({"model": str(classifier.model), "seed": SEED, "sets": now}, indent=1)
    # A line for each attack, so that a change shows as one.
    RECORD.write_text(re.sub(r"\[\s+([\d.]+),\s+([\d.]+)\s+\]", r"[\1, \2]", record) + "\n")
    rows = [line for lang, measured in now.items() for line in lines(HELD_OUT, lang, measured)]
    for name, lang in (("sms_th", "th"), ("sms_en", "en")):
        path = SHARED / "data/dev" / f"{name}.jsonl"
        if path.exists():
            sure = [row for row in read(path) if row["sure"]]
            rows += lines(f"dev/{name}", lang, measure(classifier, bar, sure, lang))
    head = ["set", "language", "attack", "recall", "points", "false alarms", "points"]
    (PROJECT / "tests/ATTACKS.md").write_text(
        "# Attacks\n\nMade by `cargo xtask attack`; nothing here is written by hand. "
        f"{classifier.model}, {datetime.date.today()}, seed {SEED}.\n\n"
        f"The bar is `suspicious` ({bar}), attacked or not. Recall: the share of scams over it; false alarms: the share of the "
        "others. Three attacks are made in the order in which they stand. The attacks themselves: "
        "`models/training/ruthan_training/attacks.py`. `cargo xtask attack --check` holds every line of the held-out tenth to "
        f"within {MARGIN} points of `attacks.json`.\n\n" + table(head, rows),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
