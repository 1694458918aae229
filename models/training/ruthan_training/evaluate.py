"""Step 4: measure the model beside two baselines trained on the same rows, and write models/ruthan-1/FIGURES.md.

Every table of the card and the README comes from here. Nothing that is measured on was trained on: the evaluation files,
the held-out tenth of `data/messages`, the chat rows beyond those that were trained on.
"""

import datetime
import json
import platform
import random
import re
import tempfile

import fasttext
import numpy as np
import ruthan
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold

from .attacks import ATTACKS
from .common import (
    LABELS,
    MODEL,
    PROJECT,
    SCAM,
    SEED,
    SHARED,
    WORK,
    by_links,
    featurize,
    read,
    table,
    written_and_held_out,
)
from .prepare import CHAT

# How many unseen chat rows false alarms are counted on.
UNSEEN = {"chat_th": 5000, "chat_en": 2000}


class Ruthan:
    """The model itself, through its Python binding."""

    name = "Ruthan"

    def __init__(self):
        self.classifier = ruthan.Classifier(model=MODEL, engine="embedded")

    def __call__(self, texts):
        """Score texts: the probability of a scam."""
        return np.array(self.classifier.classify_batch(texts).column("score"))


class Linear:
    """TF-IDF of character 1- to 5-grams and logistic regression over the labels."""

    name = "TF-IDF + logistic regression"

    def __init__(self, rows):
        self.weigh = TfidfVectorizer(analyzer="char", ngram_range=(1, 5), min_df=4, max_features=300_000, sublinear_tf=True)
        features = self.weigh.fit_transform(row["text"] for row in rows)
        weights = [1.0 if row["sure"] else 0.3 for row in rows]
        # Scam or not: one against the rest is as good here and ten times as fast as all labels at once.
        target = [SCAM[LABELS.index(row["label"])] for row in rows]
        self.model = LogisticRegression(C=10, solver="liblinear", random_state=SEED).fit(features, target, weights)

    def __call__(self, texts):
        """Score texts: the probability of a scam."""
        return self.model.predict_proba(self.weigh.transform(texts))[:, 1]


class FastText:
    """The classifier of fastText, with character n-grams."""

    name = "fastText"

    def __init__(self, rows):
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
            file.writelines(f"__label__{row['label']} {self.line(row['text'])}\n" for row in rows)
            file.flush()
            self.model = fasttext.train_supervised(
                file.name, dim=50, epoch=15, lr=0.5, minn=2, maxn=5, wordNgrams=2, bucket=500_000, thread=1, seed=SEED, verbose=0
            )

    @staticmethod
    def line(text):
        """Return a text on one line, as fastText reads it."""
        return re.sub(r"\s+", " ", text).lower()

    def __call__(self, texts):
        """Score texts: the probabilities of the scam labels added up."""
        scams = {f"__label__{label}" for label, scam in zip(LABELS, SCAM, strict=True) if scam}
        scores = []
        for text in texts:
            # Not through the wrapper's own `predict`, which NumPy 2 breaks.
            answers = self.model.f.predict(self.line(text) + "\n", len(LABELS), 0.0, "strict")
            scores.append(sum(p for p, label in answers if label in scams))
        return np.array(scores)


def masked(text):
    """Take the links out of a text."""
    return by_links(text, lambda link: " ")


def at(scores, scam, rate):
    """Compute the share of scams above the bar that a share ``rate`` of the others passes."""
    others = np.sort(scores[~scam])[::-1]
    bar = others[min(len(others) - 1, int(rate * len(others)))]
    return (scores[scam] > bar).mean()


def calibration_error(scores, scam, bins=10):
    """Compute the expected calibration error over bins of equal width."""
    place = np.clip((scores * bins).astype(int), 0, bins - 1)
    parts = [(place == b) for b in range(bins)]
    return sum(abs(scores[p].mean() - scam[p].mean()) * p.sum() for p in parts if p.any()) / len(scores)


def percent(share):
    """Format a share."""
    return f"{100 * share:.1f} %" if share >= 0.0095 or share == 0 else f"{100 * share:.2f} %"


def main():
    """Write FIGURES.md and print it."""
    train = read(WORK / "train.jsonl")
    models = [Ruthan(), Linear(train), FastText(train)]
    bars = {name: t["score"] for name, t in json.loads((MODEL / "manifest.json").read_text())["thresholds"].items()}
    written = written_and_held_out()
    files = {
        "dev/sms_th": read(SHARED / "data/dev/sms_th.jsonl"),
        "dev/sms_en": read(SHARED / "data/dev/sms_en.jsonl"),
        "held-out tenth, Thai": [row | {"sure": 1} for row in written if row["lang"] != "en"],
        "held-out tenth, English": [row | {"sure": 1} for row in written if row["lang"] == "en"],
    }
    files = {name: [row | {"line": i} for i, row in enumerate(rows, 1) if row["sure"]] for name, rows in files.items()}
    out = [
        "# Figures\n\nMade by `cargo xtask eval`; nothing here is written by hand. Sure rows only.\n",
        f"{models[0].classifier.model}, {datetime.date.today()}, {platform.machine()}. Baselines: the same {len(train)} rows.\n",
        "## Quality\n",
    ]
    lines = []
    for name, rows in files.items():
        scam = np.array([SCAM[LABELS.index(row["label"])] for row in rows])
        for links, texts in (("given", [row["text"] for row in rows]), ("masked", [masked(row["text"]) for row in rows])):
            for model in models:
                s = model(texts)
                lines.append([
                    name, links, model.name, f"{len(rows)} ({scam.sum()})", f"{average_precision_score(scam, s):.4f}",
                    f"{at(s, scam, 0.01):.3f}", f"{at(s, scam, 0.001):.3f}", f"{calibration_error(s, scam):.3f}",
                ])
    head = ["set", "links", "model", "messages (scams)", "average precision", "recall at 1 % false alarms", "at 0.1 %", "calibration error"]
    out.append(table(head, lines))

    out.append("## False alarms and label, by kind\n")
    lines = []
    for name, rows in files.items():
        answers = [models[0].classifier.classify(row["text"]) for row in rows]
        for label in LABELS:
            these = [(row, a) for row, a in zip(rows, answers, strict=True) if row["label"] == label]
            if these:
                share = [np.mean([a.score >= bar for _, a in these]) for bar in bars.values()]
                right = "" if not SCAM[LABELS.index(label)] else percent(np.mean([best_scam(a) == label for _, a in these]))
                lines.append([name, label, len(these), *map(percent, share), right])
        scams = [(row, a) for row, a in zip(rows, answers, strict=True) if SCAM[LABELS.index(row["label"])]]
        lines.append([name, "**all scams**", len(scams), *(percent(np.mean([a.score >= bar for _, a in scams])) for bar in bars.values()),
                      percent(np.mean([best_scam(a) == row["label"] for row, a in scams]))])
    out.append(table(["set", "label", "messages", *(f"at `{name}`" for name in bars), "likeliest scam label right"], lines))

    out.append("## False alarms on unseen chat\n")
    lines = []
    for name, most in UNSEEN.items():
        chat = read(SHARED / "data/train" / f"{name}.jsonl")
        random.Random(SEED).shuffle(chat)
        unseen = [row for row in chat[CHAT[name] :] if row["sure"]][:most]
        s = models[0]([row["text"] for row in unseen])
        lines.append([name, len(unseen), *(f"{100 * (s >= bar).mean():.2f} %" for bar in bars.values())])
    out.append(table(["set", "messages", *(f"at `{name}`" for name in bars)], lines))

    out.append("## Attacks\n\nRecall at `suspicious` on all scams above, and how many points an attack takes off.\n")
    lines = []
    for lang in ("th", "en"):
        scams = [row["text"] for name, rows in files.items() for row in rows
                 if SCAM[LABELS.index(row["label"])] and (("_th" in name or "Thai" in name) == (lang == "th"))]
        plain = [(model(scams) >= bars["suspicious"]) for model in models]
        lines.append([lang, "none", *(percent(hit.mean()) for hit in plain)])
        for attack, change in ATTACKS.items():
            rng = random.Random(SEED)
            texts = [change(text, rng, lang) for text in scams]
            hits = [(model(texts) >= bars["suspicious"]) for model in models]
            lines.append([lang, attack, *(f"{100 * (h.mean() - p.mean()):+.1f}" for h, p in zip(hits, plain, strict=True))])
    out.append(table(["language", "attack", *(model.name for model in models)], lines))

    out.append("## Leakage\n\nMessages of each set whose model text is that of a trained row, and whose closest trained row "
               "shares at least .8 of its five-character pieces (Jaccard).\n")
    trained = model_texts(train)
    sizes = np.array([len(pieces(text)) for text in trained])
    holders, known = {}, set(trained)
    for i, text in enumerate(trained):
        for piece in pieces(text):
            holders.setdefault(piece, []).append(i)
    lines = []
    for name, rows in files.items():
        exact = near = 0
        for text in model_texts(rows):
            own = pieces(text)
            shared = np.zeros(len(train), np.int32)
            for piece in own:
                shared[holders.get(piece, [])] += 1
            exact += len(text) >= 20 and text in known
            near += len(own) >= 15 and (shared / (sizes + len(own) - shared)).max() >= 0.8
        lines.append([name, len(rows), exact, near])
    out.append(table(["set", "messages", "exact", "near"], lines))
    out.append("## What words alone give away\n\nA bag of words (words of Latin letters, pairs of Thai clusters) with logistic regression, "
               "trained on nine tenths of the pairs of `data/messages` and asked about the others, says of each message whether it is the "
               "scam or the twin.\n")
    every = [row for path in sorted((PROJECT / "data/messages").glob("*/*.jsonl")) for row in read(path) if row["pair"]]
    lines = []
    for name, rows in (("Thai", [r for r in every if r["lang"] != "en"]), ("English", [r for r in every if r["lang"] == "en"])):
        lines.append([name, len(rows), percent(bag_of_words(rows))])
    out.append(table(["language", "messages", "right"], lines))
    text = "\n".join(out)
    (MODEL / "FIGURES.md").write_text(text, encoding="utf-8")
    print(text)
    (MODEL / "ERRORS.md").write_text(errors(models[0], files, bars["suspicious"]), encoding="utf-8")


def errors(model, files, bar, most=20):
    """Describe the worst errors of each kind: the scams that score lowest, and what scores highest and is none.

    Messages that the project wrote are shown whole; of others only their line in the file.
    """
    out = [
        "# The worst errors\n\nMade by `cargo xtask eval`; nothing here is written by hand. `CARD.md` says what they have in common.\n",
        (f"{model.classifier.model}, {datetime.date.today()}. At most {most} of each kind that are on the wrong side of `suspicious` "
         f"({bar}). Words: those that moved the model most, and by how much.\n"),
    ]
    for name, rows in files.items():
        scores = model([row["text"] for row in rows])
        scam = np.array([SCAM[LABELS.index(row["label"])] for row in rows])
        for kind, wrong, order in (("missed", scam & (scores < bar), scores), ("false alarms", ~scam & (scores >= bar), -scores)):
            worst = sorted(np.flatnonzero(wrong), key=order.__getitem__)[:most]
            out.append(f"## {name}: {kind} ({wrong.sum()} of {(scam if kind == 'missed' else ~scam).sum()})\n")
            lines = [[*about(model.classifier, rows[i]), f"{scores[i]:.4f}"] for i in worst]
            out.append(table(["line or message", "label", "evidence", "words", "score"], lines))
    return "\n".join(out)


def about(classifier, row):
    """Return what a table of errors says of a row."""
    answer = classifier.explain(row["text"])
    evidence = " ".join(f"{e.kind} {e.weight:+.1f}" for e in answer.classification.evidence)
    if "note" not in row:
        return [row["line"], row["label"], evidence, ""]
    heaviest = sorted(answer.words, key=lambda word: -abs(word.weight))[:4]
    words = ", ".join(f"{cell(word.span.of(row['text']))} {word.weight:+.1f}" for word in heaviest)
    return [cell(row["text"]), row["label"], evidence, words]


def cell(text):
    """Write hostile text into a cell of a table."""
    return re.sub(r"[\\`*_\[\]<>|~#]", r"\\\g<0>", " ".join(text.split()))


def model_texts(rows):
    """Return what the network reads of each row."""
    return [about[1] for about in featurize([row["text"] for row in rows])[0]]


def pieces(text):
    """Return the five-character pieces of a text."""
    return {text[i : i + 5] for i in range(len(text) - 4)}


def bag_of_words(rows):
    """Measure how often a bag of words tells scams from their twins, in pairs that it was not trained on."""
    texts = [re.sub(r"[0-9]", "0", masked(row["text"]).lower()) for row in rows]
    scam = np.array([SCAM[LABELS.index(row["label"])] for row in rows])
    pattern = r"[a-z]+|(?:[เแโใไ]?[ก-ฮ][ัิ-ฺ็-๎]*[ะาำๅ]?){2}"
    features = CountVectorizer(token_pattern=pattern, binary=True, min_df=2).fit_transform(texts)
    folds = GroupKFold(10).split(features, scam, [row["pair"] for row in rows])
    right = np.zeros(len(rows), bool)
    for train, test in folds:
        model = LogisticRegression(C=0.1, solver="liblinear", random_state=SEED).fit(features[train], scam[train])
        right[test] = model.predict(features[test]) == scam[test]
    return right.mean()


def best_scam(answer):
    """Return the likeliest scam label of an answer."""
    return max((label for label, scam in zip(LABELS, SCAM, strict=True) if scam), key=answer.probabilities.get)


if __name__ == "__main__":
    main()
