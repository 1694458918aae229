"""Step 2: fit the network, then calibration, evidence weights and thresholds on answers for rows that trained nothing."""

import hashlib
import json

import numpy as np
import scipy.optimize
import scipy.sparse as sp
from scipy.special import expit, logsumexp

from .common import LABELS, SCAM, SEED, WORK, featurize, read
from .network import PARTS, Network

# An n-gram is kept if it stands in at least this many windows ...
LEAST = 4
# ... and is among this many that stand in most.
MOST = 80_000
FOLDS = 4
# Evidence that decides: on sources held out nearly each message with such a link is a scam, or nearly none is, also where
# the wording says the opposite. Other kinds mean something else in each source (with a shortener 4 % are scams in one, 80 %
# in another). The wording has seen all of them as placeholders, but there each is one n-gram among hundreds.
DECIDING = {
    "brand_in_host", "disguised_letters", "embedded_host", "free_hosting", "ip_host", "known_domain", "lure_in_host",
    "mixed_script", "own_domain", "punycode", "random_name", "restricted_domain",
}
# How strongly the weights of evidence beside the wording are held near zero: of what decides, of the rest.
DECIDES, BESIDE = 10.0, 200.0
# How much a written message counts beside one that was received, for slopes, intercepts and thresholds. Evidence is the
# same wherever a message comes from, but scores are best calibrated on received messages where the hard written pairs, in
# which a scam is as likely as not, count least.
WRITTEN = 0.1
# Log-odds of a scam where nothing can be read and there is no link: scams are one message in twenty then.
PRIOR = -3.0


class Weighing:
    """Which slots are kept, and the idf of each: what turns counts into features of length one."""

    def __init__(self, counts):
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        kept = np.flatnonzero(frequency >= LEAST)
        if len(kept) > MOST:
            # Stable, so that the same data keeps the same slots.
            kept = np.sort(kept[np.argsort(-frequency[kept], kind="stable")[:MOST]])
        self.slots = kept
        self.idf = (np.log((1 + counts.shape[0]) / (1 + frequency[kept])) + 1).astype(np.float32)

    def __call__(self, counts):
        """Keep, weigh by idf, scale each row to length one."""
        scaled = (counts[:, self.slots] @ sp.diags(self.idf)).tocsr().astype(np.float32)
        norms = np.sqrt(np.asarray(scaled.multiply(scaled).sum(axis=1)).ravel())
        return (sp.diags((1 / np.maximum(norms, 1e-6)).astype(np.float32)) @ scaled).tocsr().astype(np.float32)


def odds(logits):
    """Compute the log-odds of a scam."""
    return logsumexp(logits[:, SCAM], axis=1) - logsumexp(logits[:, ~SCAM], axis=1)


def folds_of(rows):
    """Split the rows: real messages by group; written ones by file, since one hand has its habits."""
    files = sorted({row["set"] for row in rows if row["source"] == "ruthan"})
    place = {name: i for i, name in enumerate(files)}
    return np.array([place[row["set"]] % FOLDS if row["set"] in place else int(row["group"], 16) % FOLDS for row in rows])


def evidence(about):
    """Mark the kinds of evidence of each link (a row each, with its text's number) and of each text itself."""
    kinds = sorted({k for a in about for link in a[2] for k in link} | {k for a in about for k in a[3]})
    place = {kind: i for i, kind in enumerate(kinds)}
    of_links, owner, of_texts = [], [], np.zeros((len(about), len(kinds)), np.float32)
    for row, (_, _, links, text, _) in enumerate(about):
        for link in links:
            marks = np.zeros(len(kinds), np.float32)
            marks[[place[k] for k in link]] = 1
            of_links.append(marks)
            owner.append(row)
        of_texts[row, [place[k] for k in text]] = 1
    return kinds, np.array(of_links), np.array(owner), of_texts


def worst_link(of_links, owner, of_texts, weights):
    """Add to each text's own evidence that of its heaviest link, the last of equals: the rule of the library."""
    marks = of_texts.copy()
    sums = of_links @ weights
    best = {}
    for i, row in enumerate(owner):
        if row not in best or sums[i] >= sums[best[row]]:
            best[row] = i
    for row, i in best.items():
        marks[row] = np.maximum(marks[row], of_links[i])
    return marks


def logistic(design, scam, weights, penalty, start, offset=0.0):
    """Fit a logistic regression with a penalty for each coefficient; ``offset`` is added to the log-odds of each row."""
    design = design.astype(np.float64)

    def loss(x):
        margin = design @ x + offset
        p = expit(margin)
        value = (weights * (np.logaddexp(0, margin) - scam * margin)).sum() + 0.5 * (penalty * x * x).sum()
        return value, design.T @ (weights * (p - scam)) + penalty * x

    return scipy.optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x


def quantile(values, weights, share):
    """Return the value below which a share of the weight lies."""
    order = np.argsort(values)
    sums = np.cumsum(weights[order])
    return values[order][np.searchsorted(sums, share * sums[-1])]


def main():
    """Write work/network.npz and work/scoring.json."""
    rows = read(WORK / "train.jsonl")
    about, counts = featurize(row["text"] for row in rows)
    windows = np.array([a[4] for a in about])
    starts = np.concatenate([[0], np.cumsum(windows)[:-1]])
    of_window = np.repeat(np.arange(len(rows)), windows)
    label = np.array([LABELS.index(row["label"]) for row in rows])
    sure = np.array([1.0 if row["sure"] else 0.3 for row in rows])
    # A long text's windows share its weight.
    weights = (sure / windows)[of_window]

    def fit(chosen):
        """Fit on the chosen windows; the weighing too is learned from them alone."""
        weigh = Weighing(counts[chosen])
        features = weigh(counts[chosen])
        parts = [
            Network(len(weigh.slots), len(LABELS), SEED + part).fit(features, label[of_window][chosen], weights[chosen])
            for part in range(PARTS)
        ]
        return weigh, Network.joined(parts)

    fold = folds_of(rows)
    out = np.zeros(counts.shape[0])
    for held in range(FOLDS):
        apart = fold[of_window] == held
        weigh, network = fit(~apart)
        out[apart] = odds(network.logits(weigh(counts[apart])))
        print(f"fold {held}: {(~apart).sum()} windows, {len(weigh.slots)} n-grams kept", flush=True)
    # The worst window counts, as in the library.
    z = np.maximum.reduceat(out, starts)
    weigh, network = fit(np.ones(counts.shape[0], bool))

    thai = np.array([row["language"] == "th" for row in rows])
    known = np.array([row["language"] in ("th", "en") for row in rows])
    chat = np.array([row["set"].startswith("chat") for row in rows])
    scam = SCAM[label].astype(float)
    kinds, of_links, owner, of_texts = evidence(about)
    x = np.array([1.0, 0, 1, 0] + [0.0] * len(kinds))
    # Chat rows are many and easy; a third of their weight keeps the intercepts those of SMS.
    written = np.array([row["source"] == "ruthan" for row in rows])
    of_evidence = sure * np.where(chat, 0.3, 1)
    importance = of_evidence * np.where(written, WRITTEN, 1)
    penalty = np.array([0.0] * 4 + [DECIDES if kind in DECIDING else BESIDE for kind in kinds])
    alone = np.zeros(1 + len(kinds))
    for _ in range(4):
        # A slope and an intercept for each language, and evidence, which the wording has seen as placeholders already.
        marks = worst_link(of_links, owner, of_texts, x[4:])
        design = np.column_stack([z * thai, thai, z * ~thai, ~thai, marks])[known]
        x = logistic(design, scam[known], of_evidence[known], penalty, x)
        # The same without the wording, for messages that cannot be read.
        marks_alone = worst_link(of_links, owner, of_texts, alone[1:])
        design = np.column_stack([np.ones(len(rows)), marks_alone])[~chat]
        # Without wording nothing else tells the twins apart: all rows count.
        alone = logistic(design, scam[~chat], sure[~chat], np.array([0.0] + [3.0] * len(kinds)), alone)
    marks = worst_link(of_links, owner, of_texts, x[4:])
    # Slopes and intercepts once more, beside the evidence as it now is.
    lines = np.column_stack([z * thai, thai, z * ~thai, ~thai])[known]
    x[:4] = logistic(lines, scam[known], importance[known], penalty[:4], x[:4], (marks @ x[4:])[known])
    total = np.where(thai, x[0] * z + x[1], x[2] * z + x[3]) + marks @ x[4:]
    genuine = known & (scam == 0) & (sure == 1)
    thresholds = {}
    for name, rate in (("suspicious", 0.01), ("scam", 0.001)):
        # The stricter of the two languages, so that neither has more false alarms than said. Written messages, most of
        # them the twins of scams, count less: what people receive is what false alarms are counted on.
        cut = max(quantile(total[chosen], importance[chosen], 1 - rate) for side in (thai, ~thai) for chosen in [genuine & side & ~chat])
        thresholds[name] = {"score": round(float(expit(cut)), 4), "false_alarm_rate": rate}
    if thresholds["scam"]["score"] < thresholds["suspicious"]["score"]:
        raise SystemExit("the thresholds do not rise")
    np.savez(
        WORK / "network.npz", table=network.table, b=network.b, w2=network.w2, b1=network.b1, slots=weigh.slots, idf=weigh.idf
    )
    scoring = {
        "calibration": {
            "en": {"slope": round(float(x[2]), 5), "intercept": round(float(x[3]), 5)},
            "th": {"slope": round(float(x[0]), 5), "intercept": round(float(x[1]), 5)},
        },
        "evidence": {kind: round(float(v), 4) for kind, v in zip(kinds, x[4:], strict=True)},
        "unread": {
            "prior": PRIOR,
            "evidence": {kind: round(float(v), 4) for kind, v in zip(kinds, alone[1:], strict=True)},
        },
        "thresholds": thresholds,
        "figures": figures(rows, total, scam, sure, known),
    }
    (WORK / "scoring.json").write_text(json.dumps(scoring, indent=2))
    print(json.dumps(scoring, indent=1))


def figures(rows, total, scam, sure, known):
    """Measure the answers for rows that trained nothing: by language, and by set."""
    from sklearn.metrics import average_precision_score

    def measure(chosen):
        s, y = total[chosen], scam[chosen]
        if not 0 < y.sum() < len(y):
            return None
        others = np.sort(s[y == 0])[::-1]
        bar = others[int(0.01 * len(others))]
        return {
            "messages": len(y), "scams": int(y.sum()),
            "average_precision": round(float(average_precision_score(y, s)), 4),
            "recall_at_1_percent": round(float((s[y == 1] > bar).mean()), 4),
        }

    headline = known & (sure == 1)
    language = np.array([row["language"] for row in rows])
    sets = np.array([row["set"] for row in rows])
    chat = np.array([name.startswith("chat") for name in sets])
    data = hashlib.sha256("".join(row["text"] for row in rows).encode()).hexdigest()[:16]
    result = {"how": "out of fold, sure rows without the chat sets", "data": data, "rows": len(rows)}
    result |= {lang: measure(headline & ~chat & (language == lang)) for lang in ("th", "en")}
    result["sets"] = {str(name): m for name in sorted(set(sets)) if (m := measure(headline & (sets == name)))}
    return result


if __name__ == "__main__":
    main()
