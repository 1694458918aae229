"""What comes back for one message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from ._names import Label, Verdict

if TYPE_CHECKING:
    from ._values import Answer, ChangeValues, EvidenceValues, ExplainedValues, IndicatorValues, LinkValues


class Span(NamedTuple):
    """A stretch of a text, counted in code points as Python counts: ``text[start:end]``.

    ``byte_span`` beside a ``span`` is the same stretch in bytes of UTF-8, as the command line and other languages
    count.

    >>> span = Span(4, 7)
    >>> span.of("ดู: 🎁รับ")
    '🎁รั'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the part of ``text``."""
        return text[self.start : self.end]


@dataclass(frozen=True)
class Evidence:
    """One reason. The weights of all evidence of a message add up to the log-odds of its score."""

    kind: str
    """What it is about, such as ``brand_mismatch``."""
    span: Span | None
    """Where it stands, in code points; ``None`` if it is about the whole text."""
    byte_span: Span | None
    """Where it stands, in bytes of UTF-8."""
    weight: float
    """What it adds to the log-odds of a scam; below zero it speaks for the message."""
    text: str
    """The reason in plain words, in the language of the message."""


@dataclass(frozen=True)
class LinkEvidence:
    """One sign about a link."""

    kind: str
    """What it is about, such as ``shortener``."""
    weight: float
    """What it adds to the log-odds of a scam, on its own."""


@dataclass(frozen=True)
class Link:
    """A link that stands in a message. It was never opened."""

    url: str
    """The parsed link in canonical form."""
    text: str
    """The link as it stands in the message."""
    host: str
    """The host in lower-case ASCII (IDN in punycode)."""
    registrable_domain: str | None
    """The part of the host that someone registered."""
    span: Span
    """Where it stands, in code points."""
    byte_span: Span
    """Where it stands, in bytes of UTF-8."""
    evidence: tuple[LinkEvidence, ...]
    """What speaks for or against it. The first says whose domain it is."""


@dataclass(frozen=True)
class Indicator:
    """Something in a message by which cases are linked: a number, an account, a handle, an amount."""

    kind: str
    """What it is, such as ``phone`` or ``account``."""
    value: str
    """Its canonical form."""
    text: str
    """As it stands in the message; masked for national IDs."""
    bank: str | None
    """The bank that is named for an account."""
    span: Span
    """Where it stands, in code points."""
    byte_span: Span
    """Where it stands, in bytes of UTF-8."""


@dataclass(frozen=True)
class Change:
    """One thing that the normaliser undid."""

    kind: str
    """What it was, such as ``invisible`` or ``lookalike``."""
    span: Span
    """Where it stood, in code points."""
    byte_span: Span
    """Where it stood, in bytes of UTF-8."""


@dataclass(frozen=True)
class Normalized:
    """A text as it reads once disguises are undone. ``str()`` gives the text."""

    text: str
    """The normalised text."""
    language: str
    """``th``, ``en``, ``other`` or ``none``."""
    changes: tuple[Change, ...]
    """What was undone, in order. Places are those in the text as given."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Classification:
    """What a message was found to be, and why.

    Prints without the message's text, so that it can be logged; shows as HTML, with the text, in a notebook.
    """

    score: float
    """The calibrated probability that the message is a scam, 0 to 1; the same decimal as the command line writes."""
    verdict: Verdict
    """The answer in one word."""
    label: Label
    """The likeliest label under the verdict."""
    language: str
    """``th``, ``en``, ``other`` or ``none``."""
    evidence: tuple[Evidence, ...]
    """The reasons, heaviest first."""
    links: tuple[Link, ...] = field(repr=False)
    """The links of the message, judged."""
    indicators: tuple[Indicator, ...] = field(repr=False)
    """What cases can be linked by."""
    model: str
    """The model's name and version."""
    probabilities: Mapping[Label, float] = field(repr=False, hash=False)
    """The probability of each label; they add up to 1. Can be asked by name: ``probabilities["bank"]``."""
    text: str = field(repr=False)
    """The message as given."""

    def as_dict(self) -> dict[str, Any]:
        """Return all of it but the message's text as plain values, ready for ``json.dumps``.

        Names are those that the command line uses; ``span`` is in code points and ``byte_span`` in bytes.
        """
        values = _plain(self)
        del values["text"]
        return dict(values)

    def _repr_html_(self) -> str:
        from ._html import of_classification

        return of_classification(self)


@dataclass(frozen=True)
class Attribution:
    """What one word did to the score."""

    span: Span
    """Where it stands, in code points."""
    byte_span: Span
    """Where it stands, in bytes of UTF-8."""
    weight: float
    """How much lower the log-odds of a scam would be without it; below zero it speaks for the message."""


@dataclass(frozen=True)
class Explanation:
    """A classification, and which words moved the model."""

    classification: Classification
    """What ``classify`` answers."""
    words: tuple[Attribution, ...]
    """The words and links of the passage that decided, in the order of the text. Words lean on each other, so their
    weights do not add up to that of the wording. Empty for a message in no language that the model reads."""

    def as_dict(self) -> dict[str, Any]:
        """Return the classification as plain values, with ``words`` added, as the command line writes it."""
        return {**self.classification.as_dict(), "words": _plain(self.words)}


def _plain(value: Any) -> Any:
    """Turn classes of this package into dictionaries, lists and strings."""
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.value if isinstance(value, Enum) else value


def _span(places: tuple[int, int] | None) -> Span | None:
    return None if places is None else Span(*places)


def evidence_of(values: EvidenceValues) -> Evidence:
    """Make evidence of what the binding hands over."""
    return Evidence(values["kind"], _span(values["span"]), _span(values["byte_span"]), values["weight"], values["text"])


def link_of(values: LinkValues) -> Link:
    """Make a link of what the binding hands over."""
    return Link(
        values["url"],
        values["text"],
        values["host"],
        values["registrable_domain"],
        Span(*values["span"]),
        Span(*values["byte_span"]),
        tuple(LinkEvidence(e["kind"], e["weight"]) for e in values["evidence"]),
    )


def indicator_of(values: IndicatorValues) -> Indicator:
    """Make an indicator of what the binding hands over."""
    return Indicator(
        values["kind"],
        values["value"],
        values["text"],
        values["bank"],
        Span(*values["span"]),
        Span(*values["byte_span"]),
    )


def change_of(values: ChangeValues) -> Change:
    """Make a change of what the binding hands over."""
    return Change(values["kind"], Span(*values["span"]), Span(*values["byte_span"]))


def classification_of(text: str, values: Answer) -> Classification:
    """Make a classification of what the binding hands over."""
    return Classification(
        score=values["score"],
        verdict=Verdict(values["verdict"]),
        label=Label(values["label"]),
        language=values["language"],
        evidence=tuple(map(evidence_of, values["evidence"])),
        links=tuple(map(link_of, values["links"])),
        indicators=tuple(map(indicator_of, values["indicators"])),
        model=values["model"],
        probabilities={Label(name): share for name, share in values["probabilities"]},
        text=text,
    )


def explanation_of(text: str, values: ExplainedValues) -> Explanation:
    """Make an explanation of what the binding hands over."""
    return Explanation(
        classification_of(text, values["classification"]),
        tuple(Attribution(Span(*w["span"]), Span(*w["byte_span"]), w["weight"]) for w in values["words"]),
    )
