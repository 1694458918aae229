"""Plots of results. Needs ``pip install 'ruthan[plot]'``; Matplotlib, since its pictures need no network to show.

Every function draws on ``ax`` (standard: the current axes) and returns it, so that titles and sizes are yours to set.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

    from ._results import Results

__all__ = ["labels_over_time", "precision_recall", "reliability", "scores"]


def scores(
    results: Results | ArrayLike, thresholds: Sequence[float] = (), bins: int = 50, ax: Axes | None = None
) -> Axes:
    """Draw how many messages have which score, on a logarithmic scale; null is left out.

    Parameters
    ----------
    results : Results, or array-like of float of shape (n,)
        Scores, or results with a column ``score``.
    thresholds : sequence of float
        Scores to mark, such as :attr:`ruthan.Classifier.thresholds`.
    bins : int
        Number of bars.
    ax : Axes, optional
        Where to draw.
    """
    axes = plt.gca() if ax is None else ax
    axes.hist(_scores(results), bins=np.linspace(0, 1, bins + 1).tolist(), log=True, color="#5c6bc0")
    for threshold in thresholds:
        axes.axvline(threshold, color="#c62828", linestyle="--", linewidth=1)
    axes.set(xlim=(0, 1), xlabel="score", ylabel="messages")
    return axes


def labels_over_time(
    times: ArrayLike, labels: Sequence[str | None], every: str = "M", most: int = 8, ax: Axes | None = None
) -> Axes:
    """Draw how many messages of each label there were in each span of time, as areas on top of each other.

    Parameters
    ----------
    times : array-like of datetime64 of shape (n,)
        When each message came.
    labels : sequence of str or None of length n
        Labels, such as ``results.column("label")``. ``None`` is left out.
    every : {"h", "D", "W", "M", "Y"}
        The span of time: numpy's units of dates.
    most : int
        So many labels are shown, the most frequent; the rest are added up.
    ax : Axes, optional
        Where to draw.

    Raises
    ------
    ValueError
        If there are not as many times as labels, or a time is missing.
    """
    axes = plt.gca() if ax is None else ax
    when = np.asarray(times, dtype="datetime64[s]").astype(f"datetime64[{every}]")
    if len(when) != len(labels):
        raise ValueError(f"{len(when)} times and {len(labels)} labels")
    if np.isnat(when).any():
        raise ValueError(f"item {int(np.isnat(when).argmax())}: the time is missing")
    named = np.array([label is not None for label in labels], dtype=bool)
    when, names = when[named], np.array([str(label) for label in labels if label is not None], dtype=object)
    if not len(when):
        return axes
    steps = np.arange(when.min(), when.max() + 1)
    kinds, counts = np.unique(names.astype(str), return_counts=True)
    shown = [str(kind) for kind in kinds[np.argsort(-counts, kind="stable")][:most]]
    rows = [np.bincount((when[names == kind] - steps[0]).astype(int), minlength=len(steps)) for kind in shown]
    if len(kinds) > most:
        rest = ~np.isin(names.astype(str), shown)
        rows.append(np.bincount((when[rest] - steps[0]).astype(int), minlength=len(steps)))
        shown.append("rest")
    axes.stackplot(steps.astype("datetime64[s]").astype(object), rows, labels=shown)
    axes.set(ylabel=f"messages ({every})", ylim=(0, None))
    axes.legend(loc="upper left", fontsize="small")
    return axes


def reliability(is_scam: ArrayLike, results: Results | ArrayLike, bins: int = 10, ax: Axes | None = None) -> Axes:
    """Draw how often messages of a score were scams indeed. A calibrated score lies on the diagonal.

    Parameters
    ----------
    is_scam : array-like of bool of shape (n,)
        The truth.
    results : Results, or array-like of float of shape (n,)
        Scores, or results with a column ``score``; none may be null.
    bins : int
        Messages are put into so many groups of equal size by their score; each is a point, with the 95 % interval
        (Wilson) of its share.
    ax : Axes, optional
        Where to draw.
    """
    axes = plt.gca() if ax is None else ax
    truth, score = _truth(is_scam, results)
    order = np.argsort(score, kind="stable")
    groups = [group for group in np.array_split(order, bins) if len(group)]
    means = np.array([score[group].mean() for group in groups])
    shares = np.array([truth[group].mean() for group in groups])
    low, high = np.array([_wilson(share, len(group)) for share, group in zip(shares, groups, strict=True)]).T
    axes.plot([0, 1], [0, 1], color="#9e9e9e", linestyle="--", linewidth=1)
    axes.errorbar(means, shares, yerr=[shares - low, high - shares], marker="o", color="#5c6bc0", capsize=2)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="score", ylabel="share of scams")
    return axes


def precision_recall(is_scam: ArrayLike, results: Results | ArrayLike, ax: Axes | None = None) -> Axes:
    """Draw which share of the alarms is right against which share of the scams is found, over all thresholds.

    Parameters
    ----------
    is_scam : array-like of bool of shape (n,)
        The truth; at least one must be a scam.
    results : Results, or array-like of float of shape (n,)
        Scores, or results with a column ``score``; none may be null.
    ax : Axes, optional
        Where to draw.
    """
    axes = plt.gca() if ax is None else ax
    truth, score = _truth(is_scam, results)
    if not truth.any():
        raise ValueError("there is no scam among the messages")
    order = np.argsort(-score, kind="stable")
    found = np.cumsum(truth[order])
    # Messages of the same score are alarms together or not at all.
    last = np.append(np.diff(score[order]) != 0, True)
    precision, recall = (found / np.arange(1, len(found) + 1))[last], (found / found[-1])[last]
    average = float(np.sum(np.diff(recall, prepend=0) * precision))
    axes.step(recall, precision, where="post", color="#5c6bc0", label=f"average precision {average:.3f}")
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="recall", ylabel="precision")
    axes.legend(loc="lower left")
    return axes


def _scores(results: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    values = results.column("score") if hasattr(results, "column_names") and hasattr(results, "to_dicts") else results
    score = np.asarray(values, dtype=np.float64)
    return score[~np.isnan(score)]


def _truth(is_scam: ArrayLike, results: Any) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    truth, score = np.asarray(is_scam, dtype=bool), _scores(results)
    if truth.shape != score.shape:
        raise ValueError(f"truth of shape {truth.shape} and scores of shape {score.shape}, less those that are null")
    if not len(truth):
        raise ValueError("there are no messages")
    return truth, score


def _wilson(share: float, n: int, z: float = 1.96) -> tuple[float, float]:
    """The interval of a share of ``n``."""
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * float(np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)))
    return min(middle - half, share), max(middle + half, share)
