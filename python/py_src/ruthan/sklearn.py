"""Ruthan as an estimator of scikit-learn. Needs ``pip install 'ruthan[sklearn]'``.

>>> from ruthan.sklearn import ScamClassifier
>>> ScamClassifier().predict(["Your parcel is held. Pay the fee: https://usps.track-sh.top/x", "See you at noon"])
array([ True, False])
"""

from __future__ import annotations

import os
from typing import Any, Literal

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.metaestimators import available_if

from ._classifier import Classifier, Column, shared
from ._names import Label

__all__ = ["ScamClassifier"]

_TARGETS = {
    "scam": np.array([False, True]),
    "class": np.array(["ham", "scam", "spam"]),
    "label": np.array(sorted(label.value for label in Label)),
}


def _two_classes(estimator: ScamClassifier) -> bool:
    return estimator.target == "scam"


class ScamClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Classifies messages with a model that is trained already.

    ``fit`` learns nothing: it checks that the labels are such as can be predicted. So the estimator can stand in a
    ``Pipeline``, be cross-validated, and be calibrated or given a threshold on data of your own::

        CalibratedClassifierCV(FrozenEstimator(ScamClassifier())).fit(texts, is_scam)
        FixedThresholdClassifier(FrozenEstimator(ScamClassifier()), threshold=0.8)

    Parameters
    ----------
    target : {"scam", "class", "label"}
        What is predicted: whether a message is a scam (``False``, ``True``), its class (``ham``, ``scam``, ``spam``),
        or one of the 19 labels. The likeliest is predicted, so ``scam`` from a score of 0.5; the verdicts of
        :class:`ruthan.Classifier` set in later, at thresholds with a known rate of false alarms.
    model, engine, threads, lists
        As for :class:`ruthan.Classifier`.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        What can be predicted, in the order of the columns of ``predict_proba``.
    """

    def __init__(
        self,
        target: Literal["scam", "class", "label"] = "scam",
        model: str | os.PathLike[str] | None = None,
        engine: str | os.PathLike[str] = "auto",
        threads: int | None = None,
        lists: str | os.PathLike[str] | None = None,
    ) -> None:
        self.target = target
        self.model = model
        self.engine = engine
        self.threads = threads
        self.lists = lists

    @property
    def classes_(self) -> np.ndarray[Any, Any]:
        """What can be predicted, in the order of the columns of ``predict_proba``."""
        if self.target not in _TARGETS:
            raise ValueError(f"`target` must be one of {', '.join(_TARGETS)}, not {self.target!r}")
        return _TARGETS[self.target]

    def fit(self, X: Any, y: Any = None) -> ScamClassifier:
        """Check labels, and learn nothing.

        Parameters
        ----------
        X : array-like of str of shape (n_samples,) or (n_samples, 1)
            Messages.
        y : array-like of shape (n_samples,), optional
            Labels of the kind that ``target`` says; for ``scam`` anything equal to ``False`` or ``True``, as 0 and 1.

        Returns
        -------
        ScamClassifier
            The estimator itself.

        Raises
        ------
        ValueError
            If a label cannot be predicted, or there are not as many as messages.
        """
        classes = self.classes_
        if y is not None:
            y = np.asarray(y)
            if y.shape != (len(_column(X)),):
                raise ValueError(f"{len(_column(X))} messages and labels of shape {y.shape}")
            strange = [label for label in np.unique(y) if label not in classes]
            if strange:
                known = ", ".join(map(str, classes))
                if self.target == "scam" and len(np.unique(y)) > 2:
                    raise ValueError("Only binary classification is supported. See `target` for more classes.")
                raise ValueError(f"label {strange[0]} is none of those that are predicted: {known}")
        return self

    def predict_proba(self, X: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Give the probability of each class.

        Parameters
        ----------
        X : array-like of str of shape (n_samples,) or (n_samples, 1)
            Messages; none may be missing.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            Each row adds up to 1; columns are in the order of ``classes_``.

        Raises
        ------
        TypeError, ValueError
            If a message is no text or is missing, naming its position.
        """
        classes = self.classes_
        texts = _column(X)
        wanted: Column = "score" if self.target == "scam" else "probabilities"
        values = self._classifier().classify_batch(texts, columns=[wanted]).column(wanted)
        if None in values:
            raise ValueError(f"item {values.index(None)}: the message is missing")
        if self.target == "scam":
            scores = np.array(values, dtype=np.float64)
            return np.stack([1 - scores, scores], axis=1)
        of = {label.value: label.class_ if self.target == "class" else label.value for label in Label}
        groups = [[label for label, kind in of.items() if kind == name] for name in classes]
        shares = [[sum(row[name] for name in group) for group in groups] for row in values]
        matrix = np.array(shares, dtype=np.float64).reshape(len(values), len(classes))
        matrix /= matrix.sum(axis=1, keepdims=True)
        return matrix

    @available_if(_two_classes)  # type: ignore[untyped-decorator]
    def decision_function(self, X: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Give the log-odds of a scam; only with ``target="scam"``.

        Parameters
        ----------
        X : array-like of str of shape (n_samples,) or (n_samples, 1)
            Messages; none may be missing.

        Returns
        -------
        ndarray of shape (n_samples,)
        """
        share = self.predict_proba(X)
        log_odds: np.ndarray[Any, np.dtype[np.float64]] = np.log(share[:, 1]) - np.log(share[:, 0])
        return log_odds

    def predict(self, X: Any) -> np.ndarray[Any, Any]:
        """Give the likeliest class.

        Parameters
        ----------
        X : array-like of str of shape (n_samples,) or (n_samples, 1)
            Messages; none may be missing.

        Returns
        -------
        ndarray of shape (n_samples,)
        """
        likeliest: np.ndarray[Any, Any] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return likeliest

    def _classifier(self) -> Classifier:
        return shared(model=self.model, engine=self.engine, threads=self.threads, lists=self.lists)

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.target_tags.required = False
        tags.no_validation = True
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.classifier_tags.multi_class = self.target != "scam"
        return tags


def _column(X: Any) -> Any:
    """Take the only column of a table, as pipelines hand over."""
    if hasattr(X, "tocsr"):
        raise TypeError("sparse input is not supported: pass messages")
    shape = getattr(X, "shape", None)
    if shape is None or len(shape) != 2:
        return X if hasattr(X, "__len__") else list(X)
    if shape[1] != 1:
        raise ValueError(f"expected one column of messages, not {shape[1]}")
    return X.iloc[:, 0] if hasattr(X, "iloc") else np.asarray(X)[:, 0]
