"""The classifier."""

from __future__ import annotations

import functools
import importlib.util
import os
import pathlib
import warnings
from collections.abc import Iterable, Sequence
from typing import Any, Literal, Protocol, get_args

from . import _ruthan
from ._results import Results
from ._types import (
    Classification,
    Explanation,
    Indicator,
    Link,
    classification_of,
    explanation_of,
    indicator_of,
    link_of,
)

Path = str | os.PathLike[str]

Column = Literal["score", "verdict", "label", "language", "model", "evidence", "links", "indicators", "probabilities"]
COLUMNS: tuple[Column, ...] = get_args(Column)
STANDARD: tuple[Column, ...] = ("score", "verdict", "label")


class ArrowArray(Protocol):
    """A column by the Arrow PyCapsule interface."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        """Hand over an array."""


class ArrowStream(Protocol):
    """A column in pieces by the Arrow PyCapsule interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand over a stream of arrays."""


Texts = Iterable[str | None] | ArrowArray | ArrowStream


def _installed_onnxruntime() -> pathlib.Path | None:
    """Find the library inside the installed package ``onnxruntime``, without importing it."""
    spec = importlib.util.find_spec("onnxruntime")
    for folder in spec.submodule_search_locations or [] if spec else []:
        for pattern in ("libonnxruntime.so*", "libonnxruntime*.dylib", "onnxruntime.dll"):
            for path in sorted(pathlib.Path(folder, "capi").glob(pattern)):
                return path
    return None


def _plain_path(path: Path | None) -> str | None:
    return None if path is None else os.fspath(path)


class Classifier:
    """Classifies messages.

    It never changes: share it between threads as you like. It pickles by its settings, so that workers make their own,
    and goes on working in a forked child. Making one takes some milliseconds.

    Parameters
    ----------
    model : path, optional
        A model folder. Standard: the model inside the package.
    engine : str or path
        ``"auto"`` (ONNX Runtime if the package ``onnxruntime`` is installed and can be used, else the embedded engine),
        ``"embedded"``, ``"onnxruntime"``, or the path of an ONNX Runtime library. All give the same scores to 1e-4; a
        process can load one ONNX Runtime only.
    threads : int, optional
        How many threads a batch is spread over. Standard: one for each core.
    lists : path, optional
        A folder of lists (``brands.toml``, ``shorteners.txt`` …) in place of those inside the package.
    show_ids : bool
        Show national IDs in full, which are masked otherwise.
    suspicious_at, scam_at : float, optional
        The lowest scores of the verdicts ``suspicious`` and ``scam``. Standard: those of the model.
    max_bytes : int, optional
        The longest message that is read, in bytes of UTF-8. Standard: 1 MiB. A longer one is an error.

    Raises
    ------
    ValueError
        If the model, the engine or a list cannot be used, or the scores do not rise within 0 to 1.

    Examples
    --------
    >>> import ruthan
    >>> classifier = ruthan.Classifier()
    >>> c = classifier.classify("พัสดุของท่านจัดส่งไม่สำเร็จ ยืนยันที่ www.flash.goxth.com")
    >>> c.verdict.is_alarm, c.label.english
    (True, 'fake parcel delivery')
    """

    __slots__ = ("__weakref__", "_inner", "_settings")

    def __init__(
        self,
        model: Path | None = None,
        engine: Path = "auto",
        threads: int | None = None,
        lists: Path | None = None,
        show_ids: bool = False,
        suspicious_at: float | None = None,
        scam_at: float | None = None,
        max_bytes: int | None = None,
    ) -> None:
        if threads is not None and threads < 1:
            raise ValueError(f"`threads` must be 1 or more, not {threads}")
        if max_bytes is not None and max_bytes < 1:
            raise ValueError(f"`max_bytes` must be 1 or more, not {max_bytes}")
        self._settings: dict[str, Any] = {
            "model": _plain_path(model),
            "engine": os.fspath(engine),
            "threads": threads,
            "lists": _plain_path(lists),
            "show_ids": bool(show_ids),
            "suspicious_at": suspicious_at,
            "scam_at": scam_at,
            "max_bytes": max_bytes,
        }
        self._inner = self._make()

    def _make(self) -> _ruthan.Classifier:
        settings = self._settings
        engine = settings["engine"]

        def make(library: Path | None) -> _ruthan.Classifier:
            return _ruthan.Classifier(
                settings["model"],
                library,
                settings["threads"],
                settings["lists"],
                settings["show_ids"],
                settings["suspicious_at"],
                settings["scam_at"],
                settings["max_bytes"],
            )

        if engine == "embedded":
            return make(None)
        if engine not in ("auto", "onnxruntime"):
            return make(engine)
        library = _installed_onnxruntime()
        if engine == "onnxruntime":
            if library is None:
                raise ValueError("the package `onnxruntime` is not installed: pip install 'ruthan[onnxruntime]'")
            return make(library)
        if library is None:
            return make(None)
        try:
            return make(library)
        except ValueError as error:
            embedded = make(None)  # Where the fault is not the engine's, this says so.
            warnings.warn(f"taking the embedded engine: {error}", RuntimeWarning, stacklevel=3)
            return embedded

    @property
    def model(self) -> str:
        """The model's name and version."""
        return self._inner.model

    @property
    def engine(self) -> str:
        """The engine in use: ``embedded`` or ``onnxruntime``."""
        return self._inner.engine

    @property
    def thresholds(self) -> tuple[float, float]:
        """The lowest scores of the verdicts ``suspicious`` and ``scam``."""
        return self._inner.thresholds

    def classify(self, text: str, *, sender: str | None = None) -> Classification:
        """Classify one message.

        Parameters
        ----------
        text : str
            The message.
        sender : str, optional
            The sender's name or number as the network showed it. Counts as words the message speaks; never makes a
            message genuine, since sender names can be forged.

        Returns
        -------
        Classification

        Raises
        ------
        TypeError
            If the text is no ``str``.
        ValueError
            If the text is longer than ``max_bytes`` or holds a lone surrogate.
        RuntimeError
            If the engine fails.
        """
        return classification_of(text, self._inner.classify(text, sender))

    def explain(self, text: str, *, sender: str | None = None) -> Explanation:
        """Classify one message and say which words moved the model, by hiding each in turn.

        Takes and raises what :meth:`classify` does; costs about a millisecond.

        >>> text = "คุณได้รับเงินกู้ 50,000 บาท กดรับที่ bit.ly/x1"
        >>> heaviest = max(Classifier(engine="embedded").explain(text).words, key=lambda word: word.weight)
        >>> heaviest.weight > 0, heaviest.span.of(text) in text
        (True, True)
        """
        return explanation_of(text, self._inner.explain(text, sender))

    def classify_batch(
        self,
        texts: Texts,
        columns: Sequence[Column] | Literal["all"] = STANDARD,
        errors: Literal["raise", "column"] = "raise",
    ) -> Results:
        """Classify many messages on all threads.

        The answers are those of :meth:`classify`, to 1e-4 of the score. Texts are read some thousands at a time with
        the interpreter's lock released, and Ctrl-C is heeded in between; what is kept is the table of results alone.

        Parameters
        ----------
        texts : iterable of str or None, or Arrow column
            Anything of length n that hands out texts: a list, tuple, generator or numpy array; a pandas or Polars
            Series; a pyarrow array, chunked array or column of a table (``string``, ``large_string``, ``string_view``,
            dictionaries of these). Arrow columns are not copied. ``None``, ``NaN`` and null stay null.
        columns : sequence of str, or "all"
            Which columns to return, in which order:

            - ``score`` (float64), ``verdict``, ``label``, ``language``, ``model`` (string);
            - ``evidence`` (list of structs ``kind, span, byte_span, weight, text``);
            - ``links`` (list of structs ``url, text, host, registrable_domain, span, byte_span, evidence``);
            - ``indicators`` (list of structs ``kind, value, text, bank, span, byte_span``);
            - ``probabilities`` (struct of one float64 for each label).

            Each ``span`` is a struct ``start, end`` (int64) in code points, each ``byte_span`` the same in bytes of
            UTF-8. Names are plain strings, not dictionaries, so that every program takes them as they are.
        errors : {"raise", "column"}
            What becomes of a message that cannot be classified because it is too long or the engine fails on it:
            raise, naming its position, or leave its row null and say why in a last column ``error`` (string; null for
            every other row).

        Returns
        -------
        Results
            An Arrow table of n rows.

        Raises
        ------
        TypeError
            If an item is neither a text nor null, naming its position, or ``texts`` holds no texts.
        ValueError
            If a text is longer than ``max_bytes`` or holds a lone surrogate, naming its position, or a column is not
            known.
        RuntimeError
            If the engine fails.

        Examples
        --------
        >>> import ruthan
        >>> r = ruthan.Classifier().classify_batch(["Your OTP is 482910. Do not share it.", None])
        >>> r.column("verdict")
        ['clean', None]
        """
        if errors not in ("raise", "column"):
            raise ValueError(f'`errors` must be "raise" or "column", not {errors!r}')
        names = list(COLUMNS if columns == "all" else columns)
        unknown = [name for name in names if name not in COLUMNS]
        if unknown:
            raise ValueError(f"no column {unknown[0]!r}: there are {', '.join(COLUMNS)}")
        if len(set(names)) < len(names):
            raise ValueError(f"a column is named twice: {', '.join(names)}")
        if errors == "column":
            return Results(self._inner.classify_batch(_readable(texts), [*names, "error"], False))
        return Results(self._inner.classify_batch(_readable(texts), names, True))

    def links(self, text: str) -> list[Link]:
        """Find and judge the links of a text with the lists and weights of this classifier."""
        return [link_of(values) for values in self._inner.links(text)]

    def indicators(self, text: str) -> list[Indicator]:
        """Find the indicators of a text with the lists of this classifier; IDs are masked unless ``show_ids``."""
        return [indicator_of(values) for values in self._inner.indicators(text)]

    def __reduce__(self) -> tuple[Any, ...]:
        return (_unpickle, (self._settings,))

    def __repr__(self) -> str:
        return f"<ruthan.Classifier: model {self.model}, engine {self.engine}>"


def _readable(texts: Any) -> Any:
    """Take apart what looks like an Arrow column and may hold no texts: a pandas Series of objects."""
    if hasattr(texts, "to_numpy") and getattr(texts, "dtype", None) == "object":
        return texts.to_numpy()
    if getattr(texts, "ndim", 1) != 1 and not hasattr(texts, "columns"):
        raise ValueError(f"expected texts in one dimension, not {texts.ndim}")
    return texts


@functools.lru_cache(maxsize=16)
def _shared(settings: tuple[tuple[str, Any], ...]) -> Classifier:
    return Classifier(**dict(settings))


def shared(**settings: Any) -> Classifier:
    """Return the classifier of this process with those settings: made once, since it never changes."""
    return _shared(tuple(sorted(settings.items())))


def _unpickle(settings: dict[str, Any]) -> Classifier:
    return shared(**settings)
