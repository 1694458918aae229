"""Ruthan as a function of DuckDB's SQL. Needs ``pip install 'ruthan[duckdb]'``.

>>> import duckdb
>>> import ruthan.duckdb
>>> con = ruthan.duckdb.register(duckdb.connect())
>>> con.execute("select ruthan('Your OTP is 482910. Do not share it.').verdict").fetchone()
('clean',)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import duckdb
import pyarrow as pa

from ._classifier import STANDARD, Classifier, Column, shared

__all__ = ["register"]


def register(
    con: duckdb.DuckDBPyConnection,
    name: str = "ruthan",
    columns: Sequence[Column] | Literal["all"] = STANDARD,
    errors: Literal["raise", "column"] = "raise",
    classifier: Classifier | None = None,
) -> duckdb.DuckDBPyConnection:
    """Make a function of SQL that classifies a column of messages.

    Parameters
    ----------
    con : DuckDBPyConnection
        The connection that gets the function.
    name : str
        The function's name. It takes a ``VARCHAR`` and gives a ``STRUCT`` with a field for each column: ``null`` for
        ``null``. Texts and results cross as Arrow, some thousands at a time.
    columns, errors
        As for :meth:`ruthan.Classifier.classify_batch`.
    classifier : Classifier, optional
        Standard: one with the standard settings.

    Returns
    -------
    DuckDBPyConnection
        The connection.
    """
    chosen = shared() if classifier is None else classifier

    def run(texts: pa.ChunkedArray) -> pa.ChunkedArray:
        table = chosen.classify_batch(texts, columns, errors).to_pyarrow()
        return pa.chunked_array(
            [batch.to_struct_array() for batch in table.to_batches()], pa.struct(list(table.schema))
        )

    # DuckDB says itself which of its types are those of the columns.
    like = con.from_arrow(chosen.classify_batch([], columns, errors).to_pyarrow())
    fields = dict(zip(like.columns, like.types, strict=True))
    con.create_function(name, run, [con.type("VARCHAR")], con.struct_type(fields), type="arrow")  # type: ignore[call-overload]
    return con
