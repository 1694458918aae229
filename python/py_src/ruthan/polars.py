"""Ruthan as a namespace of Polars' expressions. Needs ``pip install 'ruthan[polars]'``.

>>> import polars as pl
>>> import ruthan.polars
>>> frame = pl.DataFrame({"text": ["Your OTP is 482910. Do not share it.", None]})
>>> frame.with_columns(pl.col("text").ruthan.classify().struct.field("verdict"))["verdict"].to_list()
['clean', None]
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import polars as pl

from ._classifier import STANDARD, Classifier, Column, shared

__all__ = ["RuthanExpressions"]


@pl.api.register_expr_namespace("ruthan")
class RuthanExpressions:
    """What ``pl.col("text").ruthan`` offers."""

    def __init__(self, expr: pl.Expr) -> None:
        self._expr = expr

    def classify(
        self,
        columns: Sequence[Column] | Literal["all"] = STANDARD,
        errors: Literal["raise", "column"] = "raise",
        classifier: Classifier | None = None,
    ) -> pl.Expr:
        """Classify the messages of a column of strings.

        Parameters
        ----------
        columns, errors
            As for :meth:`ruthan.Classifier.classify_batch`.
        classifier : Classifier, optional
            Standard: one with the standard settings.

        Returns
        -------
        Expr
            A struct with a field for each column, of the length of the input; take it apart with ``.struct.unnest()``
            or ``.struct.field("score")``. Works row by row, so lazily and in streams too.
        """
        chosen = shared() if classifier is None else classifier

        def run(texts: pl.Series) -> pl.Series:
            results = chosen.classify_batch(texts, columns, errors)
            return pl.DataFrame(results).to_struct(texts.name)

        dtype = pl.Struct(pl.DataFrame(chosen.classify_batch([], columns, errors)).schema)
        return self._expr.map_batches(run, return_dtype=dtype, is_elementwise=True)
