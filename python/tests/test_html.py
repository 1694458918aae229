"""What a notebook shows: escaped, isolated, in the language of the message."""

import html.parser
import os

import pytest
import ruthan
from conftest import ENGLISH, THAI

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</div></mark><svg/onload=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "' onmouseover='alert(1)' x='",
    "<a href='javascript:alert(1)'>เปิด</a>",
    "&lt;script&gt;&amp;&quot;",
    "<style>*{display:none}</style>",
    "<!-- --!> <!-- >",
    "]]><![CDATA[",
    "<title></title><textarea>",
    "{{constructor.constructor('alert(1)')()}} ${7*7} `x`",
    "$$\\href{javascript:alert(1)}{x}$$",
    'https://evil.example/"><script>alert(1)</script>',
    "https://evil.example/' onclick='alert(1)",
    "ธนาคาร <b>แจ้ง</b> https://kbank.th-line.cc/<i>x</i>?q=<u>",
    'โทร <i>081-234-5678</i> บัญชี "123-4-56789-0"',
    "\u202eevil\u202c \u2066isolate \u200bhidden\u00ad \x00\x07\x1b[31m",
    "<\u0000script>alert(1)</script>",
    "＜script＞ｆｕｌｌ＜/script＞",
]

ALLOWED = {"div", "b", "mark", "span", "table", "tr", "td", "th", "p"}
ATTRIBUTES = {"style", "title", "dir", "lang", "role", "aria-label"}


class Page(html.parser.HTMLParser):
    """Reads HTML as a browser does: elements, attributes and the text of the message."""

    def __init__(self):
        super().__init__()
        self.elements, self.attributes, self.open, self.message = set(), [], [], ""

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.attributes += attrs
        self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag, "elements close in order"

    def handle_data(self, data):
        if any(attrs.get("dir") == "auto" for _, attrs in self.open):
            self.message += data


def read(shown):
    page = Page()
    page.feed(shown)
    page.close()
    assert not page.open
    return page


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
@pytest.mark.parametrize("around", ["{}", "พัสดุของท่าน {} โทร 081-234-5678", "KBANK {} https://kbank.th-line.cc/7qP"])
def test_hostile_texts_stay_texts(classifier, payload, around):
    text = around.format(payload)
    shown = classifier.classify(text)._repr_html_()
    page = read(shown)
    assert page.elements <= ALLOWED and {name for name, _ in page.attributes} <= ATTRIBUTES
    assert all("url(" not in value and "expression" not in value for name, value in page.attributes if name == "style")
    assert not any(
        "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069" or char in "\0\x07\x1b" for char in shown
    )
    # All of the message is there, hidden characters by their numbers.
    from ruthan._html import _is_hidden

    assert page.message == "".join(f"U+{ord(c):04X}" if _is_hidden(c) else c for c in text)


def test_the_message_is_marked_and_explained_in_its_language(classifier):
    thai = read(classifier.classify(THAI)._repr_html_())
    titles = [value for name, value in thai.attributes if name == "title"]
    assert any("→ www.flash.goxth.com" in title and "ลิงก์" in title for title in titles)
    assert thai.message == THAI
    english = classifier.classify(ENGLISH)._repr_html_()
    assert "nothing speaks for a scam" in english and "one-time code: 482910" in english
    assert "หลอกลวง" in classifier.classify(THAI)._repr_html_() or "น่าสงสัย" in classifier.classify(THAI)._repr_html_()


def test_masked_ids_stay_masked(classifier):
    text = "เลขบัตร 1-1017-00230-70-8 ถูกระงับ"
    assert "1-1017-00230-70-8" not in classifier.classify(text)._repr_html_()
    shown = ruthan.Classifier(engine="embedded", show_ids=True).classify(text)._repr_html_()
    assert "1-1017-00230-70-8" in shown


def test_a_long_message_is_cut_and_an_empty_one_shows(classifier):
    assert len(read(classifier.classify("ก" * 50_000)._repr_html_()).message) == 2_001
    assert read(classifier.classify("")._repr_html_()).message == ""


def test_tables_escape_too(classifier):
    columns = ["score", "links", "indicators", "evidence"]
    shown = classifier.classify_batch([f"{p} https://x.example/<b>" for p in PAYLOADS], columns=columns)._repr_html_()
    assert read(shown).elements <= ALLOWED


@pytest.mark.skipif("RUTHAN_SHARED" not in os.environ, reason="needs the developers' shared data")
def test_real_messages_show_whole(classifier):
    import json
    import pathlib

    path = pathlib.Path(os.environ["RUTHAN_SHARED"], "data/train/sms_th.jsonl")
    for line in list(path.open(encoding="utf-8"))[::20]:
        text = json.loads(line)["text"]
        assert read(classifier.classify(text)._repr_html_()).elements <= ALLOWED
