"""How results show in a notebook. Messages are hostile: every piece of text is escaped, and none reaches an attribute
other than ``title``. Nothing is loaded and nothing is a link.
"""

from __future__ import annotations

import unicodedata
from html import escape
from typing import TYPE_CHECKING

from ._names import Verdict

if TYPE_CHECKING:
    from ._results import Results
    from ._types import Classification

# Longer messages are cut, so that a notebook stays readable.
SHOWN = 2_000
ROWS = 10

COLOURS = {
    Verdict.CLEAN: "#2e7d32",
    Verdict.SPAM: "#6d6d6d",
    Verdict.SUSPICIOUS: "#b26a00",
    Verdict.SCAM: "#c62828",
    Verdict.UNKNOWN: "#6d6d6d",
}

WORDS = {
    Verdict.CLEAN: ("nothing speaks for a scam", "ไม่พบสิ่งที่ส่อว่าหลอกลวง"),
    Verdict.SPAM: ("advertising", "โฆษณา"),
    Verdict.SUSPICIOUS: ("suspicious", "น่าสงสัย"),
    Verdict.SCAM: ("scam", "หลอกลวง"),
    Verdict.UNKNOWN: ("cannot be told", "ตัดสินไม่ได้"),
}

INDICATORS = {
    "phone": ("telephone number", "หมายเลขโทรศัพท์"),
    "account": ("bank account", "เลขบัญชีธนาคาร"),
    "promptpay": ("PromptPay", "พร้อมเพย์"),
    "national_id": ("national ID", "เลขประจำตัวประชาชน"),
    "line_id": ("LINE ID", "ไลน์ไอดี"),
    "telegram": ("Telegram", "เทเลแกรม"),
    "whatsapp": ("WhatsApp", "วอตส์แอปป์"),
    "crypto": ("crypto wallet", "กระเป๋าคริปโต"),
    "email": ("e-mail address", "อีเมล"),
    "ussd": ("code to dial", "รหัสกดโทรออก"),
    "amount": ("amount", "จำนวนเงิน"),
    "code": ("one-time code", "รหัสใช้ครั้งเดียว"),
}

BOX = "font-family:system-ui,sans-serif;line-height:1.5;max-width:46em;border-left:4px solid {colour};padding:.3em .9em"
MESSAGE = "white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate;margin:.6em 0;font-size:1.05em"
MARK = "border-radius:3px;padding:0 2px;cursor:help;color:inherit;background:{background};border-bottom:2px {line}"
HIDDEN = "font-size:.7em;border:1px dotted;border-radius:3px;padding:0 2px;opacity:.7"


def of_classification(c: Classification) -> str:
    """Show a message with what was found in it."""
    thai = c.language == "th"
    colour = COLOURS[c.verdict]
    verdict = WORDS[c.verdict][thai]
    label = c.label.thai if thai else c.label.english
    # A score never reads 0 or 1.
    share = f"{min(max(c.score, 0.001), 0.999):.1%}"
    head = (
        f'<div><b style="color:{colour}">{escape(verdict)}</b> · {escape(label)} · {share}'
        f'<div style="background:rgba(128,128,128,.25);height:6px;border-radius:3px" role="img" aria-label="{share}">'
        f'<div style="background:{colour};height:6px;border-radius:3px;width:{c.score * 100:.1f}%"></div></div></div>'
    )
    reasons = "".join(
        f'<tr><td style="text-align:right;font-variant-numeric:tabular-nums">{reason.weight:+.2f}</td>'
        f'<td style="text-align:left">{_escaped(reason.text)}</td></tr>'
        for reason in c.evidence
    )
    box = BOX.format(colour=colour)
    lang = c.language if c.language in ("th", "en") else ""
    return (
        f'<div lang="{lang}" style="{box}">{head}<div dir="auto" style="{MESSAGE}">{_message(c)}</div>'
        f'<table style="font-size:.9em;margin:0">{reasons}</table></div>'
    )


def _message(c: Classification) -> str:
    """Mark the message where something was found; what it is shows on hover."""
    thai = c.language == "th"
    text = c.text[:SHOWN]
    notes: list[tuple[int, int, str, float | None]] = [
        (reason.span.start, reason.span.end, f"{reason.text} ({reason.weight:+.2f})", reason.weight)
        for reason in c.evidence
        if reason.span is not None
    ]
    notes += [(link.span.start, link.span.end, f"→ {link.host}", None) for link in c.links]
    for found in c.indicators:
        name = INDICATORS.get(found.kind, (found.kind, found.kind))[thai]
        notes.append((found.span.start, found.span.end, f"{name}: {found.value}", None))
    # Masked IDs stay masked here too.
    masked = {found.span: found.text for found in c.indicators if found.span.of(c.text) != found.text}
    edges = sorted({0, len(text), *(min(edge, len(text)) for note in notes for edge in note[:2])})
    parts = []
    for start, end in zip(edges, edges[1:], strict=False):
        here = [note for note in notes if note[0] <= start and end <= note[1]]
        piece = next((_piece(s, start, end, shown) for s, shown in masked.items() if s[0] <= start < s[1]), None)
        shown = _escaped(text[start:end] if piece is None else piece)
        parts.append(_marked(shown, here) if here else shown)
    if len(c.text) > SHOWN:
        parts.append("…")
    return "".join(parts)


def _piece(span: tuple[int, int], start: int, end: int, shown: str) -> str:
    """Return what stands for the part ``start:end`` of a masked span: all of it at its start, nothing after."""
    return shown if start == span[0] else ""


def _marked(shown: str, notes: list[tuple[int, int, str, float | None]]) -> str:
    weights = [note[3] for note in notes if note[3] is not None]
    if not weights:
        background, line = "rgba(21,101,192,.12)", "dotted #1565c0"
    elif max(weights, key=abs) > 0:
        background, line = "rgba(198,40,40,.18)", "solid #c62828"
    else:
        background, line = "rgba(46,125,50,.18)", "solid #2e7d32"
    title = _visible("\n".join(dict.fromkeys(note[2] for note in notes)))
    style = MARK.format(background=background, line=line)
    return f'<mark style="{style}" title="{escape(title)}">{shown}</mark>'


def _is_hidden(char: str) -> bool:
    """Whether a character shows as nothing or turns the text around it."""
    # The joiner is part of many emoji.
    return char not in "\n\t\u200d" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _visible(text: str) -> str:
    return "".join(f"[U+{ord(char):04X}]" if _is_hidden(char) else char for char in text)


def _escaped(text: str) -> str:
    """Escape a text, and show its hidden characters by their numbers."""
    return "".join(
        f'<span style="{HIDDEN}">U+{ord(char):04X}</span>' if _is_hidden(char) else escape(char) for char in text
    )


def of_results(results: Results) -> str:
    """Show how many there are of each verdict, and the first rows."""
    counts = ""
    if "verdict" in results.column_names:
        counts = "".join(
            f' · <b style="color:{COLOURS[verdict]}">{count:,} {verdict}</b>'
            for verdict, count in results.counts().items()
        )
    names = results.column_names
    columns = [results._table.column(name, ROWS) for name in names]
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    rows = "".join(
        f"<tr>{''.join(f'<td>{_cell(value)}</td>' for value in row)}</tr>" for row in zip(*columns, strict=True)
    )
    more = f"<p>… {len(results) - ROWS:,} more</p>" if len(results) > ROWS else ""
    return f"<div><p>{len(results):,} rows{counts}</p><table><tr>{head}</tr>{rows}</table>{more}</div>"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{min(max(value, 0.0001), 0.9999):.4f}"
    if isinstance(value, list):
        return "; ".join(
            _cell(item.get("kind", item.get("host")) if isinstance(item, dict) else item) for item in value
        )
    if isinstance(value, dict):
        return "…"
    return "" if value is None else _escaped(str(value))
