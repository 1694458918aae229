"""What is measured, apart from Ruthan's own programs: each loads a model, answers one text, and answers many.

Each imports what it needs when it is made, so that its start and its memory are its own.
"""

import multiprocessing
import os
import re

# What forks of this process answer with; see `Forked`.
_forked = None


def _answer(texts):
    return _forked.chunk(texts)


class Forked:
    """Answers many texts, on several cores by forks of this process: Python's lock lets one thread run at a time.

    Who inherits has a method ``chunk``.
    """

    def __init__(self, threads):
        self.threads = threads
        self.pool = None

    def many(self, texts):
        """Answer texts, in order."""
        global _forked
        if self.threads == 1:
            return self.chunk(texts)
        if self.pool is None:
            _forked = self
            self.pool = multiprocessing.get_context("fork").Pool(self.threads)
        parts = [texts[i : i + 500] for i in range(0, len(texts), 500)]
        return [answer for part in self.pool.map(_answer, parts, chunksize=1) for answer in part]


class FastText(Forked):
    """The classifier of fastText. Calls go past its wrapper, which NumPy 2 breaks and which costs more."""

    def __init__(self, model, threads):
        super().__init__(threads)
        import fasttext

        self.model = fasttext.load_model(model).f

    @staticmethod
    def line(text):
        """Return a text on one line, as fastText reads it."""
        return re.sub(r"\s+", " ", text).lower() + "\n"

    def one(self, text):
        """Answer a text with its likeliest label."""
        return self.model.predict(self.line(text), 1, 0.0, "strict")[0][1]

    def chunk(self, texts):
        """Answer texts on this thread."""
        return [self.one(text) for text in texts]

    def scores(self, texts):
        """Return the probability of each label for each text."""
        found = (self.model.predict(self.line(text), -1, 0.0, "strict") for text in texts)
        return [{label.removeprefix("__label__"): p for p, label in answers} for answers in found]


class ScikitLearn(Forked):
    """A pipeline of scikit-learn."""

    def __init__(self, model, threads):
        super().__init__(threads)
        import joblib

        self.model = joblib.load(model)

    def one(self, text):
        """Answer a text with its likeliest class."""
        return int(self.model.predict([text])[0])

    def chunk(self, texts):
        """Answer texts on this thread."""
        return self.model.predict(texts).tolist()

    def scores(self, texts):
        """Return the probability of a scam for each text."""
        return self.model.predict_proba(texts)[:, 1].tolist()


class Transformer:
    """A transformer in ONNX Runtime, and its tokeniser beside it. Neither holds Python's lock while it works."""

    BATCH = 32

    def __init__(self, model, threads):
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
        import numpy
        import onnxruntime
        from tokenizers import Tokenizer

        self.numpy = numpy
        self.tokenizer = Tokenizer.from_file(os.path.join(os.path.dirname(model), "tokenizer.json"))
        options = onnxruntime.SessionOptions()
        # A thread for each batch and none within a call: faster for small ones, and it does not spin.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.threads = threads

    def run(self, ids):
        """Answer token ids of one length with the likeliest labels."""
        return self.session.run(["logits"], {"ids": self.numpy.array(ids, "int64")})[0].argmax(1).tolist()

    def one(self, text):
        """Answer a text with its likeliest label."""
        return self.run([self.tokenizer.encode(text).ids])[0]

    def many(self, texts):
        """Answer texts, in order; those of one length together, so that nothing is padded."""
        from multiprocessing.pool import ThreadPool

        ids = [encoding.ids for encoding in self.tokenizer.encode_batch_fast(texts)]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        groups = []
        for i in order:
            last = groups[-1] if groups else None
            if last and len(last) < self.BATCH and len(ids[last[0]]) == len(ids[i]):
                last.append(i)
            else:
                groups.append([i])
        # Long ones first, so that no core waits for the last at the end.
        groups.reverse()
        answers = [None] * len(texts)

        def run(group):
            return self.run([ids[i] for i in group])

        if self.threads == 1:
            found = map(run, groups)
        else:
            with ThreadPool(self.threads) as pool:
                found = pool.map(run, groups, chunksize=1)
        for group, labels in zip(groups, found, strict=True):
            for i, label in zip(group, labels, strict=True):
                answers[i] = label
        return answers


class Ruthan:
    """Ruthan's Python package: all reasons with each answer. ``model`` is the engine."""

    def __init__(self, model, threads):
        import ruthan

        self.classifier = ruthan.Classifier(engine=model, threads=threads)

    def one(self, text):
        """Answer a text."""
        return self.classifier.classify(text)

    def many(self, texts):
        """Answer texts, in order."""
        return self.classifier.classify_batch(texts)

    def scores(self, texts):
        """Return the probability of a scam for each text."""
        return [self.classifier.classify(text).score for text in texts]


class SpamAssassin:
    """SpamAssassin's server with its local rules, for texts as mail. ``model`` is the program `spamd`."""

    PORT = 17833

    def __init__(self, model, threads):
        import atexit
        import subprocess

        # Two children at least: one alone would answer nobody while it is replaced.
        children = str(max(2, threads))
        port = str(self.PORT + threads)
        command = [
            model,
            "--local",
            "--max-children",
            children,
            "--min-children",
            children,
            "--port",
            port,
            "--nouser-config",
        ]
        # A line for each message otherwise.
        self.server = subprocess.Popen([*command, "--username", "nobody"], stderr=subprocess.DEVNULL)
        atexit.register(self.server.terminate)
        self.port, self.threads = int(port), threads

    def one(self, text):
        """Ask whether a text is spam; waits for a server that is still starting."""
        import socket
        import time

        body = f"From: a@example.com\r\nSubject:\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()
        while True:
            try:
                link = socket.create_connection(("127.0.0.1", self.port))
                break
            except ConnectionRefusedError:
                if self.server.poll() is not None:
                    raise
                time.sleep(0.01)
        with link:
            link.sendall(b"CHECK SPAMC/1.5\r\nContent-length: %d\r\n\r\n" % len(body) + body)
            answer = b"".join(iter(lambda: link.recv(4096), b"")).decode()
        return "Spam: True" in answer

    def many(self, texts):
        """Ask about texts, as many at a time as there are threads."""
        from multiprocessing.pool import ThreadPool

        if self.threads == 1:
            return [self.one(text) for text in texts]
        with ThreadPool(self.threads) as pool:
            return pool.map(self.one, texts, chunksize=1)
