"""Says how likely a Thai or English message is a scam, which kind, and why. Offline.

>>> import ruthan
>>> c = ruthan.Classifier().classify("พัสดุของท่านจัดส่งไม่สำเร็จ ยืนยันที่ www.flash.goxth.com")
>>> c.verdict.is_alarm, str(c.label)
(True, 'delivery')

Spans are counted in code points, as Python counts; beside each stands ``byte_span``, in bytes of UTF-8.
"""

from importlib.metadata import version as _version

from . import _ruthan
from ._classifier import Classifier
from ._names import Label, Verdict
from ._results import Results
from ._types import (
    Attribution,
    Change,
    Classification,
    Evidence,
    Explanation,
    Indicator,
    Link,
    LinkEvidence,
    Normalized,
    Span,
    change_of,
    indicator_of,
    link_of,
)

__all__ = [
    "Attribution",
    "Change",
    "Classification",
    "Classifier",
    "Evidence",
    "Explanation",
    "Indicator",
    "Label",
    "Link",
    "LinkEvidence",
    "Normalized",
    "Results",
    "Span",
    "Verdict",
    "indicators",
    "links",
    "normalize",
]
__version__ = _version("ruthan")


def normalize(text: str) -> Normalized:
    """Undo what was done to a text so that filters would not read it.

    >>> str(normalize("รับโบ\\u200bนัส ｆｒｅｅ"))
    'รับโบนัส free'
    """
    normalized, language, changes = _ruthan.normalize(text)
    return Normalized(normalized, language, tuple(map(change_of, changes)))


def links(text: str) -> list[Link]:
    """Find and judge the links of a text. Weights are zero: they belong to a model, see :meth:`Classifier.links`.

    >>> [link.host for link in links("คลิกbit.ly/x")]
    ['bit.ly']
    """
    return [link_of(values) for values in _ruthan.links(text)]


def indicators(text: str) -> list[Indicator]:
    """Find what cases can be linked by: numbers, accounts, handles, amounts. National IDs are masked.

    >>> [(i.kind, i.value) for i in indicators("โทร 081-234-5678")]
    [('phone', '+66812345678')]
    """
    return [indicator_of(values) for values in _ruthan.indicators(text)]
