"""The network: a bag of n-grams that gives logits directly and through one hidden layer; trained by AdaGrad.

For features ``x`` (weighted by idf, of length one), a table ``E`` of one row for each n-gram and ``K`` labels::

    a = x @ E                     # K + H numbers
    h = relu(a[K:] + b1)
    logits = a[:K] + b + h @ W2

The direct part is multinomial logistic regression; the hidden part sees combinations. Networks from ``PARTS`` seeds are
joined into one, which gives the mean of their logits. Two thirds of the n-grams are seen
at each step (``DROP``), and a twentieth of the target is spread over all labels (``SMOOTH``), so that no single n-gram
and no single row is trusted too far. AdaGrad: Duchi, Hazan and Singer, JMLR 12 (2011).
"""

import numba
import numpy as np

HIDDEN = 8
PARTS = 8
EPOCHS = 3
RATE = 0.1
DROP = 0.3
SMOOTH = 0.05
SPREAD = 0.05


@numba.njit(cache=True)
def _next(state):
    """Step a 64-bit linear congruential generator (Knuth's MMIX); its top bits are the random number."""
    return state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)


@numba.njit(cache=True)
def _kept(state, drop):
    return np.float64(state >> np.uint64(40)) / 16777216.0 >= drop


@numba.njit(fastmath=True, cache=True)
def _epoch(indptr, indices, data, labels, weights, order, table, square, b, square_b, w2, square_w2, b1, square_b1, rate, drop, smooth, seed):
    """Go once through the rows in ``order``; change the parameters and their sums of squared gradients in place."""
    labels_count, hidden = len(b), len(b1)
    width = labels_count + hidden
    a, g = np.zeros(width, np.float32), np.zeros(width, np.float32)
    h, p = np.zeros(hidden, np.float32), np.zeros(labels_count, np.float32)
    state = np.uint64(seed)
    for at in range(len(order)):
        row = order[at]
        weight = weights[row]
        first, last = indptr[row], indptr[row + 1]
        state = _next(state)
        start = state
        a[:] = 0
        for j in range(first, last):
            state = _next(state)
            if _kept(state, drop):
                for d in range(width):
                    a[d] += data[j] * table[indices[j], d]
        for k in range(labels_count):
            p[k] = a[k] + b[k]
        for d in range(hidden):
            h[d] = max(a[labels_count + d] + b1[d], np.float32(0))
            if h[d] > 0:
                for k in range(labels_count):
                    p[k] += h[d] * w2[d, k]
        top, total = p.max(), np.float32(0)
        for k in range(labels_count):
            p[k] = np.exp(p[k] - top)
            total += p[k]
        for k in range(labels_count):
            target = smooth / labels_count + (1 - smooth if k == labels[row] else 0.0)
            g[k] = weight * (p[k] / total - target)
        for d in range(hidden):
            back = np.float32(0)
            if h[d] > 0:
                for k in range(labels_count):
                    back += g[k] * w2[d, k]
                    slope = g[k] * h[d]
                    square_w2[d, k] += slope * slope
                    w2[d, k] -= rate * slope / np.sqrt(square_w2[d, k] + 1e-8)
                square_b1[d] += back * back
                b1[d] -= rate * back / np.sqrt(square_b1[d] + 1e-8)
            g[labels_count + d] = back
        for k in range(labels_count):
            square_b[k] += g[k] * g[k]
            b[k] -= rate * g[k] / np.sqrt(square_b[k] + 1e-8)
        # The same n-grams as above.
        state = start
        for j in range(first, last):
            state = _next(state)
            if _kept(state, drop):
                for d in range(width):
                    slope = g[d] * data[j]
                    square[indices[j], d] += slope * slope
                    table[indices[j], d] -= rate * slope / np.sqrt(square[indices[j], d] + 1e-10)


@numba.njit(fastmath=True, cache=True)
def _logits(indptr, indices, data, table, b, w2, b1):
    labels_count, hidden = len(b), len(b1)
    out = np.zeros((len(indptr) - 1, labels_count), np.float32)
    a = np.zeros(labels_count + hidden, np.float32)
    for row in range(len(indptr) - 1):
        a[:] = 0
        for j in range(indptr[row], indptr[row + 1]):
            for d in range(len(a)):
                a[d] += data[j] * table[indices[j], d]
        for k in range(labels_count):
            out[row, k] = a[k] + b[k]
        for d in range(hidden):
            h = a[labels_count + d] + b1[d]
            if h > 0:
                for k in range(labels_count):
                    out[row, k] += h * w2[d, k]
    return out


class Network:
    """The parameters: ``table`` (rows x (labels + hidden)), ``b``, ``w2``, ``b1``, all float32."""

    def __init__(self, rows, labels, seed, hidden=HIDDEN):
        rng = np.random.default_rng(seed)
        self.rng = rng
        self.table = np.zeros((rows, labels + hidden), np.float32)
        self.table[:, labels:] = rng.normal(0, SPREAD, (rows, hidden))
        self.b, self.b1 = np.zeros(labels, np.float32), np.zeros(hidden, np.float32)
        self.w2 = rng.normal(0, 0.3, (hidden, labels)).astype(np.float32)

    def fit(self, features, labels, weights, epochs=EPOCHS):
        """Train on a CSR matrix of features, with a label and a weight for each of its rows."""
        squares = [np.zeros_like(self.table), np.zeros_like(self.b), np.full_like(self.w2, 1e-3), np.full_like(self.b1, 1e-3)]
        for _ in range(epochs):
            order = self.rng.permutation(features.shape[0])
            _epoch(
                features.indptr, features.indices, features.data, labels, weights.astype(np.float32), order,
                self.table, squares[0], self.b, squares[1], self.w2, squares[2], self.b1, squares[3],
                np.float32(RATE), DROP, np.float32(SMOOTH), self.rng.integers(1 << 62),
            )
        return self

    @classmethod
    def joined(cls, parts):
        """Join networks into one that gives the mean of their logits: hidden layers side by side."""
        whole = cls(0, len(parts[0].b), 0)
        labels = len(whole.b)
        whole.table = np.hstack([np.mean([p.table[:, :labels] for p in parts], axis=0), *(p.table[:, labels:] for p in parts)])
        whole.b = np.mean([p.b for p in parts], axis=0)
        whole.b1 = np.concatenate([p.b1 for p in parts])
        whole.w2 = np.vstack([p.w2 for p in parts]) / np.float32(len(parts))
        return whole

    def logits(self, features):
        """Compute the logits (rows x labels) of a CSR matrix of features."""
        return _logits(features.indptr, features.indices, features.data, self.table, self.b, self.w2, self.b1)
