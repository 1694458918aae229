"""Step 2: fit the network, then calibration, evidence weights and thresholds on out-of-fold answers."""

import json

import numpy as np
import scipy.optimize
import scipy.sparse as sp
from scipy.special import expit, log_softmax, logsumexp

from .common import LABELS, SCAM, SEED, WORK, featurize, read

PENALTY = 2e-6
ITERATIONS = 60
FOLDS = 3


def idf_of(matrix):
    """Compute the inverse document frequency of each slot, quantised as the network keeps it."""
    frequency = np.bincount(matrix.indices, minlength=matrix.shape[1])
    idf = np.log((1 + matrix.shape[0]) / (1 + frequency)) + 1
    scale = idf.max() / 127
    return np.round(idf / scale).astype(np.int8), np.float32(scale)


def weigh(matrix, idf):
    """Scale by idf and to length one."""
    scaled = matrix @ sp.diags(idf.astype(np.float32))
    norms = np.sqrt(scaled.multiply(scaled).sum(axis=1)).A1 if hasattr(scaled.sum(axis=1), "A1") else np.sqrt(
        np.asarray(scaled.multiply(scaled).sum(axis=1)).ravel()
    )
    return (sp.diags((1 / np.maximum(norms, 1e-6)).astype(np.float32)) @ scaled).tocsr().astype(np.float32)


def fit(matrix, labels, weights):
    """Fit multinomial logistic regression by L-BFGS; returns weights (slots x labels) and biases."""
    used = np.unique(matrix.indices)
    small = matrix[:, used]
    transposed = small.T.tocsr()
    n, width, k = small.shape[0], len(used), len(LABELS)
    target = np.zeros((n, k), np.float32)
    target[np.arange(n), labels] = 1
    share = (weights / weights.sum()).astype(np.float32)

    def loss(x):
        w, b = x[:-k].reshape(width, k).astype(np.float32), x[-k:].astype(np.float32)
        logp = log_softmax(small @ w + b, axis=1)
        error = (np.exp(logp) - target) * share[:, None]
        value = -(logp * target).sum(1) @ share + 0.5 * PENALTY * float((w * w).sum())
        gradient = np.concatenate([(transposed @ error + PENALTY * w).ravel(), error.sum(0)])
        return float(value), gradient.astype(np.float64)

    start = np.zeros(width * k + k)
    found = scipy.optimize.minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS, "maxcor": 6}
    ).x
    w = np.zeros((matrix.shape[1], k), np.float32)
    w[used] = found[:-k].reshape(width, k)
    return w, found[-k:].astype(np.float32)


def odds(logits):
    """Compute the log-odds of a scam."""
    return logsumexp(logits[:, SCAM], axis=1) - logsumexp(logits[:, ~SCAM], axis=1)


def worst(values, starts):
    """Take the highest value of each text's windows."""
    return np.maximum.reduceat(values, starts)


def evidence_matrix(about):
    """Mark the evidence of each text: of its worst link (here: the one with most evidence), and of the text itself."""
    kinds = sorted({k for a in about for link in a[2] for k in link} | {k for a in about for k in a[3]})
    place = {kind: i for i, kind in enumerate(kinds)}
    marks = np.zeros((len(about), len(kinds)), np.float32)
    for row, (_, _, links, text, _) in enumerate(about):
        for kind in (max(links, key=len) if links else []) + text:
            marks[row, place[kind]] = 1
    return kinds, marks


def calibrate(z, scam, weights, thai, marks):
    """Fit a slope and an intercept for each language and weights of evidence, all in log-odds."""
    design = np.column_stack([z * thai, thai, z * ~thai, ~thai, marks]).astype(np.float64)
    # Evidence is in the model text already: weights are held near zero unless the data insists.
    penalty = np.array([0, 0, 0, 0] + [3.0] * marks.shape[1])

    def loss(x):
        margin = design @ x
        p = expit(margin)
        value = (weights * (np.logaddexp(0, margin) - scam * margin)).sum() + 0.5 * (penalty * x * x).sum()
        return value, design.T @ (weights * (p - scam)) + penalty * x

    start = np.zeros(design.shape[1])
    start[[0, 2]] = 1
    return scipy.optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x


def main():
    """Write work/network.npz and work/scoring.json."""
    rows = read(WORK / "train.jsonl")
    about, windows = featurize(row["text"] for row in rows)
    counts = np.array([a[4] for a in about])
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    label = np.array([LABELS.index(row["label"]) for row in rows])
    sure = np.array([1.0 if row["sure"] else 0.3 for row in rows])
    of_window = np.repeat(np.arange(len(rows)), counts)
    idf, idf_scale = idf_of(windows)
    features = weigh(windows, idf)
    # A long text's windows share its weight.
    weights = (sure / counts)[of_window]

    fold = np.array([int(row["group"], 16) % FOLDS for row in rows])
    out = np.zeros(features.shape[0])
    for held in range(FOLDS):
        train = fold[of_window] != held
        w, b = fit(features[train], label[of_window][train], weights[train])
        out[~train] = odds(features[~train] @ w + b)
        print(f"fold {held}: {train.sum()} windows")
    z = worst(out, starts)
    w, b = fit(features, label[of_window], weights)

    thai = np.array([row["language"] == "th" for row in rows])
    known = np.array([row["language"] in ("th", "en") for row in rows])
    chat = np.array([row["set"].startswith("chat") for row in rows])
    scam = SCAM[label].astype(float)
    kinds, marks = evidence_matrix(about)
    # Chat rows are many and easy; a third of their weight keeps the intercepts those of SMS.
    x = calibrate(z[known], scam[known], (sure * np.where(chat, 0.3, 1))[known], thai[known], marks[known])
    total = np.where(thai, x[0] * z + x[1], x[2] * z + x[3]) + marks @ x[4:]
    genuine = known & (scam == 0) & (sure == 1)
    thresholds = {}
    for name, rate in (("suspicious", 0.01), ("scam", 0.001)):
        # The stricter of the two languages, so that neither has more false alarms than said.
        cut = max(np.quantile(total[genuine & side & ~chat], 1 - rate) for side in (thai, ~thai))
        thresholds[name] = {"score": round(float(expit(cut)), 4), "false_alarm_rate": rate}
    if thresholds["scam"]["score"] < thresholds["suspicious"]["score"]:
        raise SystemExit("the thresholds do not rise")
    np.savez(WORK / "network.npz", w=w, b=b, idf=idf, idf_scale=idf_scale)
    scoring = {
        "calibration": {
            "en": {"slope": round(float(x[2]), 5), "intercept": round(float(x[3]), 5)},
            "th": {"slope": round(float(x[0]), 5), "intercept": round(float(x[1]), 5)},
        },
        # What cannot be read counts as the rarest of scams until a link says otherwise.
        "prior": -3.0,
        "evidence": {kind: round(float(v), 4) for kind, v in zip(kinds, x[4:], strict=True)},
        "thresholds": thresholds,
    }
    (WORK / "scoring.json").write_text(json.dumps(scoring, indent=2))
    print(json.dumps(scoring, indent=1), "seed", SEED)


if __name__ == "__main__":
    main()
