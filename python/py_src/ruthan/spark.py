"""Ruthan on a cluster, with Spark. Needs ``pip install 'ruthan[spark]'`` on every machine.

::

    import ruthan.spark

    judged = ruthan.spark.classify(spark.read.parquet("messages/"), text="body")
    judged.where("verdict = 'scam'").write.parquet("scams/")
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from ._classifier import STANDARD, Classifier, Column, shared

__all__ = ["classify"]


def classify(
    df: DataFrame,
    text: str = "text",
    columns: Sequence[Column] | Literal["all"] = STANDARD,
    errors: Literal["raise", "column"] = "column",
    classifier: Classifier | None = None,
) -> DataFrame:
    """Add what each message was found to be to the columns of a data frame.

    Rows are handed to Python workers as Arrow batches (``mapInArrow``). The model is made once in each worker process,
    which Spark keeps from task to task.

    Parameters
    ----------
    df : DataFrame
        Rows with a column of messages.
    text : str
        The name of that column, of type ``string``; null stays null.
    columns : sequence of str, or "all"
        As for :meth:`ruthan.Classifier.classify_batch`.
    errors : {"raise", "column"}
        As there; standard is ``"column"``, so that one message of a billion does not end a job.
    classifier : Classifier, optional
        Its settings are sent to the workers; paths in them must hold there. Standard: one thread, since Spark runs one
        task for each core.

    Returns
    -------
    DataFrame
        The columns of ``df``, then those asked for.

    Raises
    ------
    ValueError
        If there is no column ``text``, or ``df`` has a column of a name that is to be added.
    """
    if text not in df.columns:
        raise ValueError(f"no column {text!r}: there are {', '.join(df.columns)}")
    chosen = shared(threads=1) if classifier is None else classifier
    added = chosen.classify_batch([], columns, errors).to_pyarrow().schema
    taken = [name for name in added.names if name in df.columns]
    if taken:
        raise ValueError(f"there is a column {taken[0]!r} already: rename it first")

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            results = chosen.classify_batch(batch[text], columns, errors).to_pyarrow().combine_chunks()
            new = [column.chunk(0) if column.num_chunks else pa.nulls(0, column.type) for column in results.columns]
            yield pa.RecordBatch.from_arrays([*batch.columns, *new], [*batch.schema.names, *results.column_names])

    schema = StructType([*df.schema.fields, *from_arrow_schema(added).fields])
    return df.mapInArrow(run, schema)
