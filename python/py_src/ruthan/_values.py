"""What the binding hands over, from which the package makes its own classes."""

from __future__ import annotations

from typing import TypedDict


class EvidenceValues(TypedDict):
    """Fields as Rust names them."""

    kind: str
    span: tuple[int, int] | None
    byte_span: tuple[int, int] | None
    weight: float
    text: str


class LinkEvidenceValues(TypedDict):
    """Fields as Rust names them."""

    kind: str
    weight: float


class LinkValues(TypedDict):
    """Fields as Rust names them."""

    url: str
    text: str
    host: str
    registrable_domain: str | None
    span: tuple[int, int]
    byte_span: tuple[int, int]
    evidence: list[LinkEvidenceValues]


class IndicatorValues(TypedDict):
    """Fields as Rust names them."""

    kind: str
    value: str
    text: str
    bank: str | None
    span: tuple[int, int]
    byte_span: tuple[int, int]


class ChangeValues(TypedDict):
    """Fields as Rust names them."""

    kind: str
    span: tuple[int, int]
    byte_span: tuple[int, int]


class Answer(TypedDict):
    """Fields as Rust names them."""

    score: float
    verdict: str
    label: str
    language: str
    evidence: list[EvidenceValues]
    links: list[LinkValues]
    indicators: list[IndicatorValues]
    model: str
    probabilities: list[tuple[str, float]]


class AttributionValues(TypedDict):
    """Fields as Rust names them."""

    span: tuple[int, int]
    byte_span: tuple[int, int]
    weight: float


class ExplainedValues(TypedDict):
    """Fields as Rust names them."""

    classification: Answer
    words: list[AttributionValues]
