"""Spark, on a cluster of two workers in processes of their own."""

import os
import shutil
import sys

import pytest
import ruthan
from conftest import ENGLISH, THAI

pytest.importorskip("pyspark", reason="needs pyspark")
pytest.importorskip("pandas")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("needs Java 17 or later", allow_module_level=True)

import ruthan.spark

PARTS = 8


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.executor.memory", "512m")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def texts(written):
    return [THAI, None, ENGLISH, *(row["text"] for row in written[::10])]


@pytest.fixture(scope="module")
def frame(spark, texts):
    return spark.createDataFrame(list(enumerate(texts)), "id long, text string").repartition(PARTS).cache()


def scores(frame):
    return {row.id: row.score for row in frame.select("id", "score").collect()}


def check(found, texts):
    local = ruthan.Classifier(threads=1).classify_batch(texts).column("score")
    assert found.keys() == set(range(len(texts)))
    assert [found[i] for i in range(len(texts))] == [s if s is None else pytest.approx(s, abs=1e-4) for s in local]


def test_scores_are_those_of_a_local_run(frame, texts):
    judged = ruthan.spark.classify(frame)
    assert judged.columns == ["id", "text", "score", "verdict", "label", "error"]
    check(scores(judged), texts)
    assert judged.where("error is not null").count() == 0


def test_each_worker_makes_the_model_once(frame):
    """Asks the workers, which Spark keeps, how often they made and how often they reused a classifier."""

    def ask(batches):
        import pyarrow as pa
        from ruthan._classifier import _shared

        for _ in batches:
            pass
        info = _shared.cache_info()
        yield pa.RecordBatch.from_pylist([{"pid": os.getpid(), "made": info.misses, "reused": info.hits}])

    for _ in range(3):
        ruthan.spark.classify(frame).write.format("noop").mode("overwrite").save()
    told = frame.mapInArrow(ask, "pid long, made long, reused long").collect()
    last = {row.pid: row for row in sorted(told, key=lambda row: row.reused)}
    workers = [row for row in last.values() if row.made]
    assert workers and all(row.made == 1 for row in workers), told
    # More tasks than workers ran: the others found it made.
    assert sum(row.reused for row in workers) >= 3 * PARTS - 2 * len(workers), told


def test_nested_columns_and_errors_cross(spark):
    rows = [(THAI,), (None,), ("y" * 2_000_000,)]
    frame = spark.createDataFrame(rows, "body string").coalesce(1)
    got = ruthan.spark.classify(frame, text="body", columns="all").collect()
    assert got[0].links[0].host == "www.flash.goxth.com" and got[0].probabilities.delivery > 0.3
    assert THAI[got[0].links[0].span.start : got[0].links[0].span.end] == "www.flash.goxth.com"
    assert got[1].score is None and got[1].error is None
    assert got[2].score is None and "more than the limit" in got[2].error


def test_wrong_columns_are_named(frame):
    with pytest.raises(ValueError, match="no column 'body': there are id, text"):
        ruthan.spark.classify(frame, text="body")
    with pytest.raises(ValueError, match="there is a column 'score' already"):
        ruthan.spark.classify(ruthan.spark.classify(frame))


def test_a_killed_executor_is_survived(frame, texts, tmp_path):
    """The first task that finds no mark ends the executor, Java and all, in the midst of the job."""
    mark = tmp_path / "killed"

    def kill_once(batches):
        import signal
        import time

        for batch in batches:
            try:
                os.close(os.open(mark, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            except FileExistsError:
                pass
            else:
                with open(f"/proc/{os.getppid()}/stat") as stat:
                    executor = int(stat.read().rpartition(")")[2].split()[1])
                mark.write_text(str(executor))
                os.kill(executor, signal.SIGKILL)
                time.sleep(30)
            yield batch

    check(scores(ruthan.spark.classify(frame.mapInArrow(kill_once, frame.schema))), texts)
    assert not os.path.exists(f"/proc/{mark.read_text()}/task") or "Z" in open(f"/proc/{mark.read_text()}/stat").read()
