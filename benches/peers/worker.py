"""A process with one subject in it, asked by ``peers.py`` as ``ruthan.rs`` is.

``worker.py SUBJECT MODEL THREADS TEXT`` answers ``TEXT`` first, so that its start can be timed; then it reads lines of
a word and a file of texts (a JSON list) from standard input, and answers each with a line of JSON.
"""

import json
import sys
import time

import subjects


def answer(subject, word, path):
    """Do what a line asks for."""
    with open(path, encoding="utf-8") as file:
        texts = json.load(file)
    if word == "score":
        return {"scores": subject.scores(texts)}
    if word == "batch":
        start = time.perf_counter()
        subject.many(texts)
        return {"seconds": time.perf_counter() - start}
    seconds = []
    for text in texts:
        start = time.perf_counter()
        subject.one(text)
        seconds.append(time.perf_counter() - start)
    return {"seconds": seconds}


def main():
    """Answer one text, then what standard input asks for."""
    kind, model, threads, text = sys.argv[1:]
    subject = getattr(subjects, kind)(model, int(threads))
    subject.one(text)
    print("{}", flush=True)
    for line in sys.stdin:
        word, path = line.rstrip("\n").split(" ", 1)
        print(json.dumps(answer(subject, word, path)), flush=True)


if __name__ == "__main__":
    main()
