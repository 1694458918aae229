"""Load: the same messages again and again from eight threads, through a classifier that is shared, dropped and rebuilt.

Every answer must be that of the first time, and memory must stay flat. Run by ``cargo xtask load``, on Linux
with glibc, where memory can be read.
"""

import argparse
import concurrent.futures
import ctypes
import gc
import itertools
import json
import pathlib
import random
import re
import sys
import time

import ruthan

MESSAGES = pathlib.Path(__file__).resolve().parents[2] / "data/messages"
THREADS = 8
ROUNDS = 40
SEED = 20261125
# How many percent memory may grow from the third quarter of the rounds to the last: the first half is for warming up.
GROWTH = 1.0
# How far a score may be from that of the first time: the sums are made in the order of a batch.
SAME = 1e-6


def held():
    """Return the memory that the process holds, in MB: resident or swapped out, without pages of files."""
    gc.collect()
    # The threads of a dropped classifier end by themselves.
    time.sleep(0.3)
    # How much the allocator keeps of what is free hangs on which threads met: it hides what is really held.
    ctypes.CDLL(None).malloc_trim(0)
    # Pages of files come and go with what else the machine does.
    status = pathlib.Path("/proc/self/status").read_text()
    return sum(int(kilobytes) for kilobytes in re.findall(r"(?:RssAnon|VmSwap):\s+(\d+) kB", status)) / 1e3


def batches(messages, rng):
    """Yield starts and ends of batches of 1 to 500 messages, without end and in no order."""
    while True:
        start = rng.randrange(messages)
        yield start, min(messages, start + rng.choice([1, 7, 60, 500]))


def main():
    """Run, print a line now and then, and fail if an answer or memory changes."""
    arguments = argparse.ArgumentParser(description="Classify messages from many threads and watch memory.")
    arguments.add_argument("--messages", type=int, default=1_000_000, help="how many to classify")
    total = arguments.parse_args().messages
    lines = (line for path in sorted(MESSAGES.glob("*/*.jsonl")) for line in path.open(encoding="utf-8"))
    texts = [json.loads(line)["text"] for line in lines]
    # One message in a thousand is as long as a sender can make it.
    texts += [text * 200 for text in texts[::1000]]
    shared = [ruthan.Classifier(engine="embedded")]
    expected = list(shared[0].classify_batch(texts).column("score"))

    def one(batch):
        start, end = batch
        scores = shared[0].classify_batch(texts[start:end]).column("score")
        return max(abs(a - b) for a, b in zip(scores, expected[start:end], strict=True)) <= SAME

    endless = batches(len(texts), random.Random(SEED))
    done, memory, begun = 0, [], time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        for number in range(1, ROUNDS + 1):
            bar, work = total * number // ROUNDS, []
            for start, end in endless:
                work.append((start, end))
                done += end - start
                if done >= bar:
                    break
            answers = pool.map(one, work)
            first = list(itertools.islice(answers, len(work) // 2))
            # While the others are at work: whoever holds the old one keeps it until done.
            shared[0] = ruthan.Classifier(engine="embedded")
            if not all([*first, *answers]):
                sys.exit(f"round {number}: an answer is not that of the first time")
            memory.append(held())
            if number % (ROUNDS // 8) == 0:
                rate = done / (time.monotonic() - begun)
                print(f"{done:>12,} messages  {rate:>8,.0f}/s  {memory[-1]:7.1f} MB", flush=True)
    quarter = ROUNDS // 4
    # The most, not the mean: where in memory a classifier is made is chance; a leak raises all.
    before, after = max(memory[-2 * quarter : -quarter]), max(memory[-quarter:])
    growth = 100 * (after - before) / before
    print(f"{ROUNDS} rebuilds, the same answers; {before:.1f} MB, then {after:.1f} at most: {growth:+.2f} %")
    if growth > GROWTH:
        sys.exit(f"memory grew by more than {GROWTH} %")


if __name__ == "__main__":
    main()
