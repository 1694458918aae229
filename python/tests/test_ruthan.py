"""The binding hands across what the Rust library says."""

import os
import pickle

import pytest
import ruthan

THAI = "พัสดุของท่านจัดส่งไม่สำเร็จ ยืนยันที่ www.flash.goxth.com"
ENGLISH = "Your OTP is 482910. Do not share it with anyone."


@pytest.fixture(scope="module")
def classifier():
    return ruthan.Classifier(engine="embedded")


def test_a_thai_scam_and_an_english_code(classifier):
    scam, code = classifier.classify(THAI), classifier.classify(ENGLISH)
    assert scam.verdict in ("suspicious", "scam") and scam.label == "delivery" and scam.language == "th"
    assert code.verdict == "clean" and code.label == "otp"
    assert any("ลิงก์" in reason["text"] for reason in scam.evidence)
    assert scam.as_dict()["links"][0]["registrable_domain"] == "goxth.com"


def test_batches_give_the_same_answers_in_order(classifier):
    texts = [THAI, None, ENGLISH, "", "x" * 5000] * 20
    answers = classifier.classify_batch(iter(texts))
    for text, answer in zip(texts, answers, strict=True):
        if text is None:
            assert answer is None
        else:
            assert answer.score == pytest.approx(classifier.classify(text).score, abs=1e-4)


def test_both_engines_agree(classifier):
    pytest.importorskip("onnxruntime")
    other = ruthan.Classifier()
    assert other.engine == ("onnxruntime")
    for text in [THAI, ENGLISH, "", "สวัสดีครับ กินข้าวหรือยัง", "a" * 3000]:
        assert other.classify(text).score == pytest.approx(classifier.classify(text).score, abs=1e-4)


def test_pickles_by_settings(classifier):
    copy = pickle.loads(pickle.dumps(classifier))
    assert copy.classify(THAI) == classifier.classify(THAI)


def test_errors_say_what_is_wrong(classifier, tmp_path):
    with pytest.raises(ValueError, match="manifest.json"):
        ruthan.Classifier(model=tmp_path, engine="embedded")
    with pytest.raises(ValueError, match="missing.so"):
        ruthan.Classifier(engine=tmp_path / "missing.so")
    with pytest.raises(ValueError, match="limit"):
        classifier.classify("ก" * 1_000_000)
    with pytest.raises(UnicodeEncodeError):
        classifier.classify("\ud83d")
    with pytest.raises(TypeError):
        classifier.classify(b"bytes")


def test_stages_can_be_called_alone():
    assert ruthan.normalize("รับโบ\u200bนัส ｆｒｅｅ") == "รับโบนัส free"
    assert ruthan.links("คลิกbit.ly/x")[0]["evidence"][0]["kind"] == "shortener"
    assert ruthan.indicators("โทร 081-234-5678")[0]["value"] == "+66812345678"


def test_lists_can_be_brought_along(tmp_path):
    (tmp_path / "shorteners.txt").write_text("new-short.me\n")
    classifier = ruthan.Classifier(lists=tmp_path)
    assert classifier.classify("ดูที่ new-short.me/x").links[0]["evidence"][0]["kind"] == "shortener"
    (tmp_path / "shortners.txt").write_text("")
    with pytest.raises(ValueError, match="shortners.txt"):
        ruthan.Classifier(lists=tmp_path)


def test_ids_are_masked_unless_asked_for():
    text = "เลขบัตร 1-1017-00230-70-8"
    assert ruthan.Classifier().classify(text).indicators[0]["value"] == "1xxxxxxxxx708"
    assert ruthan.Classifier(show_ids=True).classify(text).indicators[0]["value"] == "1101700230708"


@pytest.mark.skipif("RUTHAN_SHARED" not in os.environ, reason="needs the developers' shared data")
def test_real_messages_never_fail(classifier):
    import json
    import pathlib

    path = pathlib.Path(os.environ["RUTHAN_SHARED"], "data/dev/sms_th.jsonl")
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    answers = classifier.classify_batch(row["text"] for row in rows)
    assert all(0 < answer.score < 1 for answer in answers)
