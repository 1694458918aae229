"""The names that the library gives: verdicts and labels."""

from __future__ import annotations

from enum import Enum
from typing import Literal

from . import _ruthan

_LABELS = {name: (class_, english, thai) for name, class_, english, thai in _ruthan.labels()}


class _Name(str, Enum):
    """A name that is a string: ``Verdict.SCAM == "scam"``, and prints as one."""

    def __str__(self) -> str:
        return str.__str__(self)

    def __format__(self, spec: str) -> str:
        return str.__format__(self, spec)


class Verdict(_Name):
    """The answer in one word.

    >>> Verdict("scam") is Verdict.SCAM, Verdict.SCAM == "scam", Verdict.SPAM.is_alarm
    (True, True, False)
    """

    CLEAN = "clean"
    """Nothing speaks for a scam."""
    SPAM = "spam"
    """Advertising or a premium-rate service, not a scam."""
    SUSPICIOUS = "suspicious"
    """It may be a scam: look twice."""
    SCAM = "scam"
    """It is a scam, as far as a text can tell."""
    UNKNOWN = "unknown"
    """It cannot be told: another language, or nothing to read. Never to be taken for clean."""

    @property
    def is_alarm(self) -> bool:
        """Whether a person should be warned: suspicious or scam."""
        return self in (Verdict.SUSPICIOUS, Verdict.SCAM)


class Label(_Name):
    """The kind of a message. Every message has one.

    >>> Label.DELIVERY.class_, Label.DELIVERY.english, len(Label)
    ('scam', 'fake parcel delivery', 19)
    """

    PERSONAL = "personal"
    OTP = "otp"
    NOTICE = "notice"
    AD = "ad"
    VAS = "vas"
    BANK = "bank"
    GOVERNMENT = "government"
    DELIVERY = "delivery"
    ACCOUNT = "account"
    LOAN = "loan"
    GAMBLING = "gambling"
    JOB = "job"
    INVESTMENT = "investment"
    PRIZE = "prize"
    PURCHASE = "purchase"
    ROMANCE = "romance"
    ACQUAINTANCE = "acquaintance"
    THREAT = "threat"
    OTHER = "other"

    @property
    def class_(self) -> Literal["ham", "spam", "scam"]:
        """What becomes of a person who does what such a message asks: ``ham``, ``spam`` or ``scam``."""
        return _LABELS[self.value][0]

    @property
    def english(self) -> str:
        """A short name for people, in English."""
        return _LABELS[self.value][1]

    @property
    def thai(self) -> str:
        """A short name for people, in Thai."""
        return _LABELS[self.value][2]
