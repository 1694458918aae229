"""Many messages: what can go in, what comes out."""

import math

import pytest
import ruthan
from conftest import ENGLISH, THAI

TEXTS = [THAI, None, ENGLISH, "", "สวัสดีครับ 🎁", "x" * 5000]


@pytest.fixture(scope="module")
def expected(classifier):
    return [None if text is None else classifier.classify(text) for text in TEXTS]


def check(results, expected):
    assert len(results) == len(expected)
    for score, verdict, label, one in zip(*map(results.column, ("score", "verdict", "label")), expected, strict=True):
        if one is None:
            assert (score, verdict, label) == (None, None, None)
        else:
            assert score == pytest.approx(one.score, abs=1e-4) and (verdict, label) == (one.verdict, one.label)


@pytest.mark.parametrize(
    "make", [list, tuple, iter, lambda texts: (text for text in texts), lambda t: dict.fromkeys(t).keys()]
)
def test_python_collections(classifier, expected, make):
    check(classifier.classify_batch(make(TEXTS)), expected)


def test_numpy(classifier, expected):
    np = pytest.importorskip("numpy")
    check(classifier.classify_batch(np.array(TEXTS, dtype=object)), expected)
    check(classifier.classify_batch(np.array([t or "" for t in TEXTS])[[0, 2]]), [expected[0], expected[2]])
    check(
        classifier.classify_batch(np.array([THAI, ENGLISH], dtype=np.dtypes.StringDType())), [expected[0], expected[2]]
    )
    check(classifier.classify_batch(np.array([THAI, math.nan, ENGLISH], dtype=object)), expected[:3])
    with pytest.raises(ValueError, match="one dimension"):
        classifier.classify_batch(np.array([[THAI]]))
    with pytest.raises(TypeError, match="item 0: .*float"):
        classifier.classify_batch(np.array([1.5]))


@pytest.mark.parametrize("dtype", [None, object, "string", "category", "string[pyarrow]"])
def test_pandas(classifier, expected, dtype):
    pd = pytest.importorskip("pandas")
    series = pd.Series(TEXTS, dtype=dtype)
    check(classifier.classify_batch(series), expected)
    check(classifier.classify_batch(series[::-1]), expected[::-1])
    check(classifier.classify_batch(series.iloc[2:2]), [])
    check(classifier.classify_batch(pd.Index([THAI])), expected[:1])


def test_pandas_objects_that_are_no_texts(classifier):
    pd = pytest.importorskip("pandas")
    with pytest.raises(TypeError, match="item 1: expected a text or None, not `int`"):
        classifier.classify_batch(pd.Series([THAI, 3, pd.NA], dtype=object))
    check(classifier.classify_batch(pd.Series([pd.NA, pd.NaT, None], dtype=object)), [None] * 3)
    with pytest.raises(TypeError, match="a table is no column"):
        classifier.classify_batch(pd.DataFrame({"text": TEXTS}))
    with pytest.raises(TypeError, match="column of texts, not of Int64"):
        classifier.classify_batch(pd.Series([1, 2]))


def test_polars(classifier, expected):
    pl = pytest.importorskip("polars")
    series = pl.Series(TEXTS)
    check(classifier.classify_batch(series), expected)
    check(classifier.classify_batch(series.cast(pl.Categorical)), expected)
    check(classifier.classify_batch(pl.concat([series, series], rechunk=False)), expected * 2)
    check(classifier.classify_batch(pl.Series([None, None], dtype=pl.String)), [None, None])
    with pytest.raises(TypeError, match="a table is no column"):
        classifier.classify_batch(pl.DataFrame({"text": TEXTS}))


def test_pyarrow(classifier, expected):
    pa = pytest.importorskip("pyarrow")
    array = pa.array(TEXTS)
    for of in (pa.string(), pa.large_string(), pa.string_view()):
        check(classifier.classify_batch(array.cast(of)), expected)
    check(classifier.classify_batch(array.dictionary_encode()), expected)
    check(classifier.classify_batch(pa.array(TEXTS, pa.dictionary(pa.int8(), pa.large_string()))), expected)
    check(classifier.classify_batch(array[1:4]), expected[1:4])
    check(classifier.classify_batch(pa.chunked_array([array, array[2:], array[:0]])), expected + expected[2:])
    check(classifier.classify_batch(pa.table({"text": array})["text"]), expected)
    check(classifier.classify_batch(pa.nulls(3)), [None] * 3)
    check(classifier.classify_batch(pa.chunked_array([], pa.string())), [])
    for wrong in (pa.array([1]), pa.array([b"x"]), pa.array([[THAI]])):
        with pytest.raises(TypeError, match="expected a column of texts"):
            classifier.classify_batch(wrong)


def test_a_column_with_bytes_that_are_no_text_is_refused(classifier):
    pa = pytest.importorskip("pyarrow")
    bad = pa.array([b"ok", b"\xff\xfe"], pa.binary()).view(pa.string())
    with pytest.raises(ValueError, match="not valid Arrow"):
        classifier.classify_batch(bad)


@pytest.mark.parametrize(
    ("item", "error", "words"),
    [
        (3, TypeError, "item 2: expected a text or None, not `int`"),
        (b"bytes", TypeError, "item 2: expected a text or None, not `bytes`"),
        ("\ud83d\ude00 half", ValueError, "item 2: the text holds a lone surrogate"),
        ("ก" * 10_000_000, ValueError, "item 2: the message is 30000000 bytes long, more than the limit of 1048576"),
        ([THAI], TypeError, "item 2: expected a text or None, not `list`"),
    ],
)
def test_what_is_no_message_is_named_by_its_place(classifier, item, error, words):
    with pytest.raises(error, match=words):
        classifier.classify_batch([THAI, None, item, ENGLISH])
    with pytest.raises(error, match=words.replace("item 2", "item 20002")):
        classifier.classify_batch([*["hi", None] * 10_001, item])


@pytest.mark.parametrize("wrong", ["text", b"text", 3, None, {"a": 1}])
def test_what_is_no_batch_is_refused(classifier, wrong):
    with pytest.raises(TypeError):
        classifier.classify_batch(wrong)


def test_a_generator_that_fails_keeps_its_own_error(classifier):
    def texts():
        yield THAI
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        classifier.classify_batch(texts())


def test_errors_can_be_a_column(classifier):
    results = classifier.classify_batch([THAI, "y" * 2_000_000, None], errors="column")
    assert results.column_names == ["score", "verdict", "label", "error"]
    assert results.column("error") == [None, "the message is 2000000 bytes long, more than the limit of 1048576", None]
    assert results.column("score")[1:] == [None, None] and results.column("score")[0] > 0.5


def test_ten_megabytes_are_read_where_the_limit_allows():
    wide = ruthan.Classifier(engine="embedded", max_bytes=20_000_000)
    text = "สวัสดีครับ " * 300_000 + "bit.ly/x"
    (link,) = wide.classify_batch([text, None], columns=["links"]).column("links")[0]
    assert text[link["span"]["start"] : link["span"]["end"]] == "bit.ly/x"


def test_an_empty_batch_has_all_columns(classifier):
    results = classifier.classify_batch([], columns="all")
    assert len(results) == 0 and results.to_dicts() == [] and "probabilities" in results.column_names
    assert repr(results).startswith("<ruthan.Results: 0 rows; columns score,")
    pa = pytest.importorskip("pyarrow")
    assert pa.table(results).schema == pa.table(classifier.classify_batch([THAI], columns="all")).schema


def test_columns_are_chosen_and_checked(classifier):
    results = classifier.classify_batch([THAI], columns=["label", "score"])
    assert results.column_names == ["label", "score"]
    with pytest.raises(ValueError, match="no column 'nonsense': there are score, verdict"):
        classifier.classify_batch([THAI], columns=["nonsense"])
    with pytest.raises(ValueError, match="twice"):
        classifier.classify_batch([THAI], columns=["score", "score"])
    with pytest.raises(ValueError, match="errors"):
        classifier.classify_batch([THAI], errors="ignore")
    with pytest.raises(KeyError, match="no column `verdict`"):
        results.column("verdict")


def test_nested_columns_are_what_one_message_gives(classifier, written):
    texts = [row["text"] for row in written[::50]]
    rows = classifier.classify_batch(texts, columns="all").to_dicts()

    def place(span):
        return span and [span["start"], span["end"]]

    for text, row in zip(texts, rows, strict=True):
        one = classifier.classify(text).as_dict()
        for name in ("evidence", "links", "indicators"):
            for item in row[name]:
                item["span"], item["byte_span"] = place(item["span"]), place(item["byte_span"])
        for item, other in zip(row["evidence"], one["evidence"], strict=True):
            assert item.pop("weight") == pytest.approx(other.pop("weight"), abs=1e-3)
        assert row.pop("score") == pytest.approx(one.pop("score"), abs=1e-4)
        assert row.pop("probabilities") == pytest.approx(one.pop("probabilities"), abs=1e-4)
        assert row == one


def test_results_go_to_other_libraries(classifier):
    pa, pd, pl = map(pytest.importorskip, ("pyarrow", "pandas", "polars"))
    results = classifier.classify_batch([THAI, None, ENGLISH] * 5000, columns="all")
    table, frame, polars = results.to_pyarrow(), results.to_pandas(), results.to_polars()
    assert table.num_rows == len(frame) == polars.height == len(results) == 15_000
    table.validate(full=True)
    assert table["score"].to_pylist() == results.column("score") == polars["score"].to_list()
    assert frame["verdict"].isna().sum() == 5000 and isinstance(frame, pd.DataFrame)
    assert polars["probabilities"].struct.field("delivery").max() > 0.5
    assert polars["links"].list.len().max() == 1 and isinstance(polars, pl.DataFrame)
    wide = pa.schema([("score", pa.float32()), ("verdict", pa.large_string()), ("label", pa.string())])
    small = classifier.classify_batch([THAI])
    assert pa.RecordBatchReader.from_stream(small, schema=wide).read_all().schema == wide


def test_results_print(classifier):
    results = classifier.classify_batch([THAI, None, ENGLISH] * 20)
    assert repr(results) == "<ruthan.Results: 60 rows, 20 clean, 20 suspicious; columns score, verdict, label>" or (
        repr(results) == "<ruthan.Results: 60 rows, 20 clean, 20 scam; columns score, verdict, label>"
    )
    html = results._repr_html_()
    assert "60 rows" in html and "50 more" in html and html.count("<tr>") == 11
    assert sum(results.counts().values()) == 40
