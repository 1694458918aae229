"""The binding. Not for use by itself: the package `ruthan` wraps it."""

from collections.abc import Sequence
from os import PathLike
from typing import Any, Final, Literal, TypedDict, final

NORMALIZER_VERSION: Final[int]

class EvidenceValues(TypedDict):
    kind: str
    span: tuple[int, int] | None
    byte_span: tuple[int, int] | None
    weight: float
    text: str

class LinkEvidenceValues(TypedDict):
    kind: str
    weight: float

class LinkValues(TypedDict):
    url: str
    text: str
    host: str
    registrable_domain: str | None
    span: tuple[int, int]
    byte_span: tuple[int, int]
    evidence: list[LinkEvidenceValues]

class IndicatorValues(TypedDict):
    kind: str
    value: str
    text: str
    bank: str | None
    span: tuple[int, int]
    byte_span: tuple[int, int]

class ChangeValues(TypedDict):
    kind: str
    span: tuple[int, int]
    byte_span: tuple[int, int]

class Answer(TypedDict):
    score: float
    verdict: str
    label: str
    language: str
    evidence: list[EvidenceValues]
    links: list[LinkValues]
    indicators: list[IndicatorValues]
    model: str
    probabilities: list[tuple[str, float]]

@final
class Table:
    def __len__(self) -> int: ...
    @property
    def column_names(self) -> list[str]: ...
    def column(self, name: str, limit: int | None = None) -> list[Any]: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...

@final
class Classifier:
    def __new__(
        cls,
        model_dir: str | PathLike[str] | None,
        onnxruntime: str | PathLike[str] | None,
        threads: int | None,
        lists_dir: str | PathLike[str] | None,
        show_ids: bool,
        suspicious_at: float | None,
        scam_at: float | None,
        max_bytes: int | None,
    ) -> Classifier: ...
    @property
    def model(self) -> str: ...
    @property
    def engine(self) -> str: ...
    @property
    def thresholds(self) -> tuple[float, float]: ...
    def classify(self, text: str, sender: str | None = None) -> Answer: ...
    def classify_batch(self, texts: object, columns: Sequence[str], on_error_raise: bool) -> Table: ...
    def links(self, text: str) -> list[LinkValues]: ...
    def indicators(self, text: str) -> list[IndicatorValues]: ...

def normalize(text: str) -> tuple[str, str, list[ChangeValues]]: ...
def links(text: str) -> list[LinkValues]: ...
def indicators(text: str) -> list[IndicatorValues]: ...
def verdicts() -> list[str]: ...
def labels() -> list[tuple[str, Literal["ham", "spam", "scam"], str, str]]: ...
def evidence_kinds() -> list[tuple[str, str, str]]: ...
def examples(
    texts: Sequence[str], config: str
) -> tuple[list[tuple[str, str, list[list[str]], list[str], int]], bytes, bytes, bytes]: ...
