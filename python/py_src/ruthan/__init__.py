"""Says how likely a Thai or English message is a scam, which kind, and why. Offline.

>>> import ruthan
>>> c = ruthan.Classifier().classify("พัสดุของท่านจัดส่งไม่สำเร็จ ยืนยันที่ www.flash.goxth.com")
>>> c.verdict in ("suspicious", "scam"), c.label
(True, 'delivery')
"""

from __future__ import annotations

import importlib.util
import json
import os
import pathlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from . import _ruthan

__all__ = ["Classification", "Classifier", "indicators", "links", "normalize"]
__version__ = version("ruthan")


@dataclass(frozen=True)
class Classification:
    """What a message was found to be, and why. Spans are byte offsets into the UTF-8 of the text as given."""

    score: float
    verdict: str
    label: str
    language: str
    evidence: list[dict[str, Any]]
    links: list[dict[str, Any]]
    indicators: list[dict[str, Any]]
    model: str
    probabilities: dict[str, float]

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return asdict(self)


def _installed_onnxruntime() -> pathlib.Path | None:
    """Find the library inside the installed package ``onnxruntime``, without importing it."""
    spec = importlib.util.find_spec("onnxruntime")
    for folder in spec.submodule_search_locations or [] if spec else []:
        for pattern in ("libonnxruntime.so*", "libonnxruntime*.dylib", "onnxruntime.dll"):
            for path in sorted(pathlib.Path(folder, "capi").glob(pattern)):
                return path
    return None


class Classifier:
    """Classifies messages. Immutable and safe to share between threads; pickles by its settings.

    ``model`` is a model folder (standard: the one inside the package). ``engine`` is ``"auto"`` (ONNX Runtime if the
    package ``onnxruntime`` is installed, else the embedded engine), ``"embedded"``, ``"onnxruntime"``, or the path of
    an ONNX Runtime library. ``lists`` is a folder of lists (``brands.toml``, ``shorteners.txt`` …) in place of those
    inside the package; ``show_ids`` shows national IDs in full, which are masked otherwise. Raises ``ValueError`` if
    the model, the engine or a list cannot be used.
    """

    def __init__(
        self,
        model: str | os.PathLike[str] | None = None,
        engine: str | os.PathLike[str] = "auto",
        threads: int | None = None,
        lists: str | os.PathLike[str] | None = None,
        show_ids: bool = False,
    ) -> None:
        self._settings = (model, engine, threads, lists, show_ids)
        library: str | os.PathLike[str] | None
        if engine == "embedded":
            library = None
        elif engine in ("auto", "onnxruntime"):
            library = _installed_onnxruntime()
            if library is None and engine == "onnxruntime":
                raise ValueError("the package `onnxruntime` is not installed: pip install 'ruthan[onnxruntime]'")
        else:
            library = engine
        self._inner = _ruthan.Classifier(model, library, threads, lists, show_ids)

    @property
    def model(self) -> str:
        """The model's name and version."""
        return str(self._inner.model)

    @property
    def engine(self) -> str:
        """The name of the engine in use."""
        return str(self._inner.engine)

    def classify(self, text: str) -> Classification:
        """Classify one message. Raises ``ValueError`` if it is longer than the limit."""
        return Classification(**json.loads(self._inner.classify(text)))

    def classify_batch(self, texts: Iterable[str | None]) -> list[Classification | None]:
        """Classify many messages on all cores, in order; ``None`` stays ``None``."""
        answers = self._inner.classify_batch(list(texts))
        return [None if answer is None else Classification(**json.loads(answer)) for answer in answers]

    def __reduce__(self) -> tuple[Any, ...]:
        return (Classifier, self._settings)

    def __repr__(self) -> str:
        return f"Classifier(model={self.model!r}, engine={self.engine!r})"


def normalize(text: str) -> str:
    """Undo what was done to a text so that filters would not read it."""
    return _ruthan.normalize(text)


def links(text: str) -> list[dict[str, Any]]:
    """Find and judge the links of a text; weights are zero, since they belong to a model."""
    return list(json.loads(_ruthan.links(text)))


def indicators(text: str) -> list[dict[str, Any]]:
    """Find what cases can be linked by: numbers, accounts, handles, amounts."""
    return list(json.loads(_ruthan.indicators(text)))
