"""Threads, forks, pickles and Ctrl-C."""

import concurrent.futures
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading

import pytest
import ruthan
from conftest import ENGLISH, THAI

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")


def test_pickles_by_settings(tmp_path):
    classifier = ruthan.Classifier(engine="embedded", threads=1, suspicious_at=0.3, show_ids=True, max_bytes=5000)
    copy = pickle.loads(pickle.dumps(classifier))
    assert copy.thresholds == classifier.thresholds and copy.classify(THAI) == classifier.classify(THAI)
    with pytest.raises(ValueError, match="limit of 5000"):
        copy.classify("x" * 5001)
    # A process makes one classifier of a kind, however often it is sent one.
    assert pickle.loads(pickle.dumps(classifier)) is copy


def test_threads_share_a_classifier(classifier):
    texts = [THAI, ENGLISH, None, "สวัสดี"] * 200
    alone = classifier.classify_batch(texts).column("score")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for scores in pool.map(lambda _: classifier.classify_batch(iter(texts)).column("score"), range(16)):
            assert scores == pytest.approx(alone, abs=1e-4)


def test_other_threads_run_meanwhile(classifier):
    """The interpreter's lock is free while texts are classified: another thread counts on."""
    done, counted = threading.Event(), 0

    def batch():
        classifier.classify_batch([THAI * 20] * 1000)
        done.set()

    thread = threading.Thread(target=batch)
    thread.start()
    while not done.wait(0.001):
        counted += 1
    thread.join()
    assert counted > 10


def _score(classifier, texts, queue):
    queue.put((classifier.classify(texts[0]).score, classifier.classify_batch(texts).column("score")))


@forks
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("engine", ["embedded", "onnxruntime"])
def test_a_forked_child_goes_on(engine):
    if engine == "onnxruntime":
        pytest.importorskip("onnxruntime")
    classifier = ruthan.Classifier(engine=engine, threads=2)
    texts = [THAI, ENGLISH] * 200
    expected = classifier.classify_batch(texts).column("score")
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    # A batch runs in the parent while it forks.
    stop = threading.Event()

    def busy():
        while not stop.is_set():
            classifier.classify_batch(texts)

    thread = threading.Thread(target=busy)
    thread.start()
    try:
        children = [context.Process(target=_score, args=(classifier, texts, queue)) for _ in range(4)]
        for child in children:
            child.start()
        for _ in children:
            one, many = queue.get(timeout=60)
            assert one == pytest.approx(expected[0], abs=1e-4) and many == pytest.approx(expected, abs=1e-4)
        for child in children:
            child.join(60)
            assert child.exitcode == 0
    finally:
        stop.set()
        thread.join()
    assert classifier.classify_batch(texts).column("score") == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_workers_make_their_own(classifier, method):
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {method} on this system")
    texts = [THAI, ENGLISH] * 5
    expected = [classifier.classify(text).score for text in texts]
    context = multiprocessing.get_context(method)
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
        scores = [c.score for c in pool.map(classifier.classify, texts)]
    assert scores == pytest.approx(expected, abs=1e-4)


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
def test_ctrl_c_ends_a_long_batch():
    """A batch without end: were the signal not heeded, this would never come back."""
    code = (
        "import ruthan\n"
        "c = ruthan.Classifier(engine='embedded')\n"
        "class Column:\n"
        "    def __arrow_c_stream__(self, requested_schema=None):\n"
        "        import pyarrow as pa\n"
        "        batch = pa.array(['hello there'] * 50_000)\n"
        "        return pa.chunked_array([batch] * 2000).__arrow_c_stream__()\n"
        "c.classify('warm'); print('ready', flush=True)\n"
        "try: c.classify_batch(Column())\n"
        "except KeyboardInterrupt: print('stopped', flush=True)\n"
    )
    pytest.importorskip("pyarrow")
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout.readline() == "ready\n"
        threading.Event().wait(1)
        run.send_signal(signal.SIGINT)
        out, _ = run.communicate(timeout=60)
    assert out == "stopped\n" and run.returncode == 0
