"""Plots say what the numbers say."""

import pytest
from conftest import ENGLISH, THAI

np = pytest.importorskip("numpy")
matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

from matplotlib.figure import Figure
from ruthan import plot


@pytest.fixture
def ax():
    return Figure().subplots()


def test_scores(ax, classifier):
    plot.scores(classifier.classify_batch([THAI, None, ENGLISH]), classifier.thresholds, bins=10, ax=ax)
    assert sum(patch.get_height() for patch in ax.patches) == 2 and len(ax.patches) == 10
    assert [line.get_xdata()[0] for line in ax.lines] == list(classifier.thresholds)


def test_labels_over_time(ax):
    times = ["2026-01-05", "2026-01-20", "2026-03-01", "2026-03-02", "2026-02-01"]
    plot.labels_over_time(times, ["bank", "bank", "loan", "otp", None], most=2, ax=ax)
    shown = [text.get_text() for text in ax.get_legend().get_texts()]
    assert shown == ["bank", "loan", "rest"] and ax.get_ylim()[1] >= 2
    with pytest.raises(ValueError, match="item 0: the time is missing"):
        plot.labels_over_time(["NaT"], ["bank"], ax=ax)
    with pytest.raises(ValueError, match="1 times and 2 labels"):
        plot.labels_over_time(times[:1], ["bank", "bank"], ax=ax)
    plot.labels_over_time([], [], ax=ax)


def test_reliability(ax):
    score = np.repeat([0.1, 0.5, 0.9], 100)
    truth = np.concatenate([np.arange(100) < 100 * share for share in (0.1, 0.5, 0.9)])
    plot.reliability(truth, score, bins=3, ax=ax)
    points = ax.lines[1]
    assert points.get_xdata() == pytest.approx([0.1, 0.5, 0.9]) and points.get_ydata() == pytest.approx([0.1, 0.5, 0.9])


def test_precision_recall_is_that_of_scikit_learn(ax):
    metrics = pytest.importorskip("sklearn.metrics")
    random = np.random.default_rng(1)
    truth, score = random.random(500) < 0.3, random.random(500).round(2)
    plot.precision_recall(truth, score, ax=ax)
    average = metrics.average_precision_score(truth, score)
    assert ax.lines[0].get_label() == f"average precision {average:.3f}"
    with pytest.raises(ValueError, match="no scam"):
        plot.precision_recall([False], [0.5], ax=ax)
    with pytest.raises(ValueError, match="shape"):
        plot.precision_recall([True, False], [0.5], ax=ax)
    with pytest.raises(ValueError, match="no messages"):
        plot.reliability([], [], ax=ax)
