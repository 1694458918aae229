"""The notebooks run from top to bottom, and are kept with what they showed."""

import os
import pathlib

import pytest

for name in ("nbclient", "ipykernel", "pandas", "pyarrow", "matplotlib", "sklearn"):
    pytest.importorskip(name)

import nbformat
from nbclient import NotebookClient

BOOKS = sorted((pathlib.Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_notebook(path, monkeypatch):
    monkeypatch.setenv("PYTHONUTF8", "1")
    monkeypatch.setenv("MPLBACKEND", os.environ.get("MPLBACKEND", "module://matplotlib_inline.backend_inline"))
    book = nbformat.read(path, as_version=4)
    kept = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in kept) and not any(
        output.output_type in ("error", "stream") and output.get("name") != "stdout"
        for cell in kept
        for output in cell.outputs
    )
    shown = [len(cell.outputs) for cell in kept]
    NotebookClient(book, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    again = [cell for cell in book.cells if cell.cell_type == "code"]
    assert [len(cell.outputs) for cell in again] == shown
    assert any(
        "unicode-bidi" in output.data.get("text/html", "") for c in again for output in c.outputs if "data" in output
    )


def test_there_are_three():
    assert len(BOOKS) == 3
