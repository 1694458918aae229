"""What the tests share."""

import pathlib

import pytest
import ruthan

THAI = "พัสดุของท่านจัดส่งไม่สำเร็จ ยืนยันที่ www.flash.goxth.com"
ENGLISH = "Your OTP is 482910. Do not share it with anyone."
MESSAGES = pathlib.Path(__file__).resolve().parents[2] / "data/messages"


@pytest.fixture(scope="session")
def classifier():
    return ruthan.Classifier(engine="embedded", threads=2)


@pytest.fixture(scope="session")
def written():
    """The messages that this project wrote: rows of ``text``, ``label`` and more."""
    import json

    rows = []
    for path in sorted(MESSAGES.glob("*/*.jsonl")):
        rows += [json.loads(line) for line in path.open(encoding="utf-8")]
    return rows
