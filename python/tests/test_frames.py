"""Polars and DuckDB."""

import pytest
from conftest import ENGLISH, THAI

TEXTS = [THAI, None, ENGLISH] * 5000


def test_polars_expressions(classifier):
    pl = pytest.importorskip("polars")
    import ruthan.polars  # noqa: F401

    frame = pl.DataFrame({"text": TEXTS, "n": range(len(TEXTS))})
    judged = pl.col("text").ruthan.classify(classifier=classifier)
    expected = classifier.classify_batch(TEXTS).to_polars()
    eager = frame.with_columns(judged.struct.unnest())
    assert eager.columns == ["text", "n", "score", "verdict", "label"]
    assert eager["score"].to_list() == pytest.approx(expected["score"].to_list(), abs=1e-4, nan_ok=True)
    lazy = frame.lazy().select("n", judged.struct.unnest())
    assert lazy.collect_schema() == eager.drop("text").schema
    assert lazy.filter(pl.col("verdict").is_in(["scam", "suspicious"])).collect().height == 5000
    assert lazy.collect(engine="streaming")["label"].to_list() == expected["label"].to_list()
    everything = frame.head(3).select(pl.col("text").ruthan.classify("all", errors="column", classifier=classifier))
    assert everything["text"].struct.field("links").list.len().to_list() == [1, None, 0]
    assert frame.head(3).select(pl.col("text").ruthan.classify())["text"].struct.field("verdict")[2] == "clean"
    with pytest.raises(Exception, match="column of texts, not of Int64"):
        frame.select(pl.col("n").ruthan.classify())


def test_duckdb(classifier):
    duckdb, pa = pytest.importorskip("duckdb"), pytest.importorskip("pyarrow")
    import ruthan.duckdb

    con = duckdb.connect()
    assert ruthan.duckdb.register(con, classifier=classifier) is con
    messages = pa.table({"text": TEXTS})
    con.register("messages", messages)
    rows = con.execute(
        "select text, r.verdict, r.label, r.score from (select text, ruthan(text) r from messages)"
    ).fetchall()
    columns = map(classifier.classify_batch(TEXTS).column, ("verdict", "label", "score"))
    expected = dict(zip(TEXTS, zip(*columns, strict=True), strict=True))
    assert len(rows) == len(TEXTS)
    for text, verdict, label, score in rows:
        assert (verdict, label) == expected[text][:2] and score == (text and pytest.approx(expected[text][2], abs=1e-4))
    ruthan.duckdb.register(con, "all_of", "all", "column", classifier)
    got = con.execute("select all_of(text) from messages limit 1").fetchone()[0]
    assert got["links"][0]["host"] == "www.flash.goxth.com" and got["links"][0]["span"]["start"] > 0
    assert got["probabilities"]["delivery"] > 0.3 and got["error"] is None
