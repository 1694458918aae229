"""What senders do to a message so that a machine misreads it: each a function of the text, a random generator and the language."""

import re
import unicodedata

from .common import by_links

# Cyrillic letters that look like Latin ones.
LOOKALIKES = dict(zip("aceiopsxy", "асеіорѕху", strict=True))
LEET = dict(zip("aeios", "43105", strict=True))
THAI = {"น": "u", "ท": "n", "ร": "s", "อ": "o", "เ": "l", "ก": "n", "พ": "w", "ุ": "ຸ", "ด": "ດ", "บ": "ບ", "า": "າ"}
HARMLESS = {
    "th": "วันนี้อากาศดีมากเลยไปเดินเล่นที่สวนกับลูกแล้วแวะซื้อกับข้าวกลับบ้านมาทำกินกันเย็นนี้ ",
    "en": "We walked to the park this morning and had lunch with the children before the rain came in the afternoon ",
}


def letters(text, rng, share, change):
    """Change a share of the letters of a text."""
    return "".join(change(ch) if ch.isalpha() and rng.random() < share else ch for ch in text)


def spaced(text, rng, _):
    """Space out the letters of a third of the words outside of links."""

    def word(match):
        parts = re.findall(r"[เแโใไ]?[ก-ฮ][ัิ-ฺ็-๎]*[ะาำๅ]?|.", match[0])
        return " ".join(parts) if len(parts) > 3 and rng.random() < 0.34 else match[0]

    return by_links(text, lambda link: link, lambda rest: re.sub(r"[A-Za-z]{4,}|[ก-๎]{6,12}", word, rest))


def defanged(text, rng, _):
    """Defang the links of a text."""
    return re.sub(r"(?<=[a-z0-9])\.(?=[a-z]{2,})", "[.]", re.sub(r"http", "hxxp", text))


def typos(text, rng, _):
    """Leave out, double or swap one letter in twenty."""
    out = list(text)
    for i, ch in enumerate(out[:-1]):
        if ch.isalpha() and rng.random() < 0.05:
            kind = rng.randrange(3)
            if kind == 0:
                out[i] = ""
            elif kind == 1:
                out[i] = ch * 2
            else:
                out[i], out[i + 1] = out[i + 1], ch
    return "".join(out)


ATTACKS = {
    "invisible": lambda t, rng, _: letters(t, rng, 0.2, lambda ch: ch + "\u200b"),
    "bidi": lambda t, rng, _: letters(t, rng, 0.1, lambda ch: "\u202a" + ch + "\u202c"),
    "look-alikes": lambda t, rng, _: letters(t, rng, 0.3, lambda ch: LOOKALIKES.get(ch, ch)),
    "Lao and Latin in Thai": lambda t, rng, _: letters(t, rng, 0.15, lambda ch: THAI.get(ch, ch)),
    "spaced": spaced,
    "leet": lambda t, rng, _: letters(t, rng, 0.2, lambda ch: LEET.get(ch, ch)),
    "defanged": defanged,
    "repeated": lambda t, rng, _: letters(t, rng, 0.08, lambda ch: ch * 4 if unicodedata.category(ch) != "Mn" else ch),
    "case": lambda t, rng, _: letters(t, rng, 0.5, str.swapcase),
    "typos": typos,
    "dilution": lambda t, rng, lang: HARMLESS[lang] * 15 + t + " " + HARMLESS[lang] * 3,
    "truncation": lambda t, rng, _: t[: max(20, int(len(t) * 0.7))],
}
