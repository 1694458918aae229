"""What comes back for many messages."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ._names import Verdict

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from . import _ruthan


class Results:
    """A table with one row for each message, in their order.

    It is an Arrow table that any program with the Arrow PyCapsule interface takes without a copy: ``pyarrow.table(r)``,
    ``polars.DataFrame(r)``, ``duckdb.sql("from r")``. ``len`` gives the number of rows. See
    :meth:`Classifier.classify_batch` for its columns.
    """

    __slots__ = ("_table",)

    def __init__(self, table: _ruthan.Table) -> None:
        self._table = table

    def __len__(self) -> int:
        return len(self._table)

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in order."""
        return self._table.column_names

    def column(self, name: str) -> list[Any]:
        """Return a column as a list of Python values; nested values are dictionaries and lists.

        Needs no other package, and as much memory as Python's values take: for millions of rows take
        :meth:`to_pyarrow`.

        Parameters
        ----------
        name : str
            The column's name.

        Returns
        -------
        list
            As long as the table; ``None`` where the message was null.

        Raises
        ------
        KeyError
            If there is no such column.
        """
        return self._table.column(name)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the rows as dictionaries, as :meth:`column` does its values."""
        names = self.column_names
        return [dict(zip(names, row, strict=True)) for row in zip(*map(self.column, names), strict=True)]

    def to_pyarrow(self) -> pyarrow.Table:
        """Return the table as pyarrow's, without a copy. Needs ``pyarrow`` 15 or later."""
        import pyarrow

        return pyarrow.table(self)

    def to_pandas(self) -> pandas.DataFrame:
        """Return the table as pandas', with nested values as dictionaries and arrays. Needs ``pandas``, ``pyarrow``."""
        frame: pandas.DataFrame = self.to_pyarrow().to_pandas()
        return frame

    def to_polars(self) -> polars.DataFrame:
        """Return the table as Polars'. Needs ``polars`` 1.3 or later."""
        import polars

        return polars.DataFrame(self)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        return self._table.__arrow_c_schema__()

    def counts(self) -> dict[Verdict, int]:
        """Count the rows of each verdict; those without one are left out.

        Raises
        ------
        KeyError
            If the table has no column ``verdict``.
        """
        counted = Counter(self.column("verdict"))
        return {verdict: counted[verdict.value] for verdict in Verdict if verdict.value in counted}

    def __repr__(self) -> str:
        counts = ""
        if "verdict" in self.column_names:
            counts = "".join(f", {count:,} {verdict}" for verdict, count in self.counts().items())
        return f"<ruthan.Results: {len(self):,} rows{counts}; columns {', '.join(self.column_names)}>"

    def _repr_html_(self) -> str:
        from ._html import of_results

        return of_results(self)
