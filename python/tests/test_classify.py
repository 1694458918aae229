"""One message: typed answers, places, errors."""

import json
import os
import pickle
import subprocess
import sys

import pytest
import ruthan
from conftest import ENGLISH, THAI
from ruthan import _ruthan

# Thai with marks, an emoji of one code point, one of several, and Latin letters: all of them of other lengths in bytes.
MIXED = "🎁🎁 คุณได้รับสิทธิ์ 👨‍👩‍👧 โอน 5,000 บาท เข้าบัญชีกสิกร 123-4-56789-0 ที่ https://kbank.th-line.cc/7qP ด่วน"


def test_a_thai_scam_and_an_english_code(classifier):
    scam, code = classifier.classify(THAI), classifier.classify(ENGLISH)
    assert scam.verdict.is_alarm and scam.label == "delivery" and scam.language == "th"
    assert code.verdict is ruthan.Verdict.CLEAN and code.label is ruthan.Label.OTP
    assert any("ลิงก์" in reason.text for reason in scam.evidence)
    assert scam.links[0].registrable_domain == "goxth.com"
    assert sum(scam.probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert scam.probabilities["delivery"] == max(scam.probabilities.values())


def test_spans_are_in_code_points_and_byte_spans_in_bytes(classifier):
    c = classifier.classify(MIXED)
    found = [*c.links, *c.indicators, *(reason for reason in c.evidence if reason.span)]
    assert len(c.links) == 1 and {i.kind for i in c.indicators} >= {"amount", "account"} and len(found) > 3
    for item in found:
        start, end = item.byte_span
        assert item.span.of(MIXED) == MIXED[item.span.start : item.span.end] == MIXED.encode()[start:end].decode()
        assert item.span != item.byte_span
    assert c.links[0].span.of(MIXED) == c.links[0].text == "https://kbank.th-line.cc/7qP"
    assert "5,000 บาท" in [i.span.of(MIXED) for i in c.indicators]


@pytest.mark.parametrize("filler", ["a", "ก", "🎁", "é"])
def test_spans_hold_far_into_a_long_message(filler):
    text = filler * 1000 + " ดู bit.ly/x " + filler * 100
    (link,) = ruthan.links(text)
    assert link.span.of(text) == "bit.ly/x" and text.encode()[slice(*link.byte_span)] == b"bit.ly/x"


def test_results_are_plain_when_asked_for(classifier):
    c = classifier.classify(MIXED)
    values = c.as_dict()
    assert json.loads(json.dumps(values)) == values
    assert type(values["verdict"]) is str and all(type(name) is str for name in values["probabilities"])
    assert values["links"][0]["span"] == list(c.links[0].span)
    assert MIXED not in repr(c) and "text" not in values
    assert pickle.loads(pickle.dumps(c)) == c and hash(c) == hash(pickle.loads(pickle.dumps(c)))


def test_names_are_those_of_the_library():
    assert [verdict.value for verdict in ruthan.Verdict] == _ruthan.verdicts()
    assert [label.value for label in ruthan.Label] == [name for name, *_ in _ruthan.labels()]
    assert [label.value for label in ruthan.Label if label.class_ == "scam"][:2] == ["bank", "government"]
    assert str(ruthan.Label.BANK) == f"{ruthan.Label.BANK}" == "bank" and {"bank": 1}[ruthan.Label.BANK] == 1
    assert all("ก" <= label.thai[1] <= "๛" or label.thai.isascii() for label in ruthan.Label)


def test_indicator_names_for_people_cover_the_vectors():
    from ruthan._html import INDICATORS
    from test_vectors import vectors

    assert {i["kind"] for case in vectors("indicators.jsonl") for i in case["indicators"]} <= set(INDICATORS)


def test_stages_can_be_called_alone(classifier):
    normalized = ruthan.normalize("รับโบ\u200bนัส ｆｒｅｅ")
    assert str(normalized) == "รับโบนัส free" and normalized.language == "th"
    assert normalized.changes[0].span == (5, 6) and normalized.changes[0].kind == "invisible"
    link = "คลิกbit.ly/x"
    assert ruthan.links(link)[0].evidence[0].kind == "shortener" and ruthan.links(link)[0].evidence[0].weight == 0
    assert classifier.links(link)[0].evidence[0].weight != 0
    assert ruthan.indicators("โทร 081-234-5678")[0].value == "+66812345678"


def test_a_sender_speaks_too(classifier):
    text = "Please confirm at https://abcq1.com/x"
    assert classifier.classify(text, sender="KBANK") != classifier.classify(text)


def test_errors_say_what_is_wrong_and_not_what_was_written(classifier, tmp_path):
    with pytest.raises(ValueError, match="manifest.json"):
        ruthan.Classifier(model=tmp_path, engine="embedded")
    with pytest.raises(ValueError, match="missing.so"):
        ruthan.Classifier(engine=tmp_path / "missing.so")
    with pytest.raises(ValueError, match="the message is 3000000 bytes long, more than the limit of 1048576"):
        classifier.classify("ก" * 1_000_000)
    with pytest.raises(ValueError, match="surrogates"):
        classifier.classify("\ud83d")
    for wrong in (b"bytes", None, 3):
        with pytest.raises(TypeError):
            classifier.classify(wrong)
    with pytest.raises(ValueError, match="must rise"):
        ruthan.Classifier(suspicious_at=0.9, scam_at=0.5)
    for setting in ({"threads": 0}, {"max_bytes": 0}):
        with pytest.raises(ValueError, match="1 or more"):
            ruthan.Classifier(**setting)


def test_thresholds_and_limits_can_be_set(classifier):
    low = ruthan.Classifier(engine="embedded", suspicious_at=0.001, scam_at=0.002, max_bytes=100)
    assert low.thresholds == (0.001, 0.002) and 0 < classifier.thresholds[0] < classifier.thresholds[1] < 1
    assert low.classify("hello").verdict == "scam"
    with pytest.raises(ValueError, match="limit of 100"):
        low.classify("x" * 101)


def test_lists_can_be_brought_along(tmp_path):
    (tmp_path / "shorteners.txt").write_text("new-short.me\n")
    classifier = ruthan.Classifier(lists=tmp_path)
    assert classifier.classify("ดูที่ new-short.me/x").links[0].evidence[0].kind == "shortener"
    assert classifier.links("ดูที่ new-short.me/x")[0].evidence[0].kind == "shortener"
    (tmp_path / "shortners.txt").write_text("")
    with pytest.raises(ValueError, match="shortners.txt"):
        ruthan.Classifier(lists=tmp_path)


def test_ids_are_masked_unless_asked_for(classifier):
    text = "เลขบัตร 1-1017-00230-70-8"
    assert classifier.classify(text).indicators[0].value == "1xxxxxxxxx708"
    open_ = ruthan.Classifier(engine="embedded", show_ids=True)
    assert open_.classify(text).indicators[0].value == open_.indicators(text)[0].value == "1101700230708"


def test_both_engines_agree(classifier):
    pytest.importorskip("onnxruntime")
    other = ruthan.Classifier()
    assert other.engine == "onnxruntime" and classifier.engine == "embedded"
    for text in [THAI, ENGLISH, "", "สวัสดีครับ กินข้าวหรือยัง", "a" * 3000]:
        assert other.classify(text).score == pytest.approx(classifier.classify(text).score, abs=1e-4)


def test_without_onnxruntime_the_embedded_engine_is_taken():
    # A module that is set to None cannot be found, as if it were not installed.
    code = (
        "import sys; sys.modules['onnxruntime'] = None\n"
        "import ruthan._classifier as c; c.importlib.util.find_spec = lambda name: None\n"
        "import ruthan; k = ruthan.Classifier(); assert k.engine == 'embedded'; print(k.classify('hello').verdict)\n"
        "try: ruthan.Classifier(engine='onnxruntime')\n"
        "except ValueError as error: print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "clean\nthe package `onnxruntime` is not installed: pip install 'ruthan[onnxruntime]'\n"


def test_an_onnxruntime_that_cannot_be_used_is_said_and_done_without(monkeypatch, tmp_path):
    broken = tmp_path / "libonnxruntime.so"
    broken.write_bytes(b"no library")
    monkeypatch.setattr("ruthan._classifier._installed_onnxruntime", lambda: broken)
    with pytest.warns(RuntimeWarning, match="taking the embedded engine: the engine `onnxruntime` cannot be started"):
        assert ruthan.Classifier().engine == "embedded"


@pytest.mark.skipif("RUTHAN_TEST_CLI" not in os.environ, reason="needs the command line: `cargo xtask test` builds it")
def test_scores_are_those_of_the_command_line(classifier, written):
    texts = [row["text"] for row in written[::40]]
    run = subprocess.run(
        [os.environ["RUTHAN_TEST_CLI"], "classify", "--jsonl", "--probabilities", "--exit-zero"],
        input="".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(texts)),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    said = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(said) == len(texts) > 200
    for text, line in zip(texts, said, strict=True):
        ours = classifier.classify(text).as_dict()
        for name in ("score", "verdict", "label", "language", "model"):
            assert ours[name] == (pytest.approx(line[name], abs=1e-6) if name == "score" else line[name])
        assert [(e["kind"], e["byte_span"]) for e in ours["evidence"]] == [
            (e["kind"], e["span"]) for e in line["evidence"]
        ]
        assert [link["byte_span"] for link in ours["links"]] == [link["span"] for link in line["links"]]
        assert [i["value"] for i in ours["indicators"]] == [i["value"] for i in line["indicators"]]
        assert ours["probabilities"] == pytest.approx(line["probabilities"], abs=1e-6)


@pytest.mark.skipif("RUTHAN_SHARED" not in os.environ, reason="needs the developers' shared data")
def test_real_messages_never_fail(classifier):
    import pathlib

    path = pathlib.Path(os.environ["RUTHAN_SHARED"], "data/train/sms_th.jsonl")
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    results = classifier.classify_batch((row["text"] for row in rows), columns="all")
    assert all(0 < score < 1 for score in results.column("score"))
