"""Makes the models of the peers in `target/peers`, once for the same rows."""

import hashlib
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import joblib
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from subjects import FastText

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "models/training"))
from ruthan_training.common import LABELS, SCAM, SEED, SHARED, WORK, held_out, read  # noqa: E402

FOLDER = PROJECT / "target/peers"
# The pieces that the transformers' tokeniser knows, and the most that one message has.
PIECES, LONGEST = 8000, 512
# How many messages of each set of the developers' data: half Thai, half English, nine in twenty of them SMS.
SETS = {"sms_th": 3000, "chat_th": 7000, "sms_en": 6000, "chat_en": 4000}


@dataclass
class Data:
    """What peers are trained and measured on."""

    texts: list
    texts_from: str
    train: list
    train_from: str
    held: list


def is_scam(row):
    """Say whether a row is labelled as a scam."""
    return bool(SCAM[LABELS.index(row["label"])])


def data():
    """Gather messages to time, rows to train on, and the held-out tenth to measure quality on."""
    written = [row for path in sorted((PROJECT / "data/messages").glob("*/*.jsonl")) for row in read(path)]
    rng = np.random.default_rng(SEED)
    count = sum(SETS.values())
    if (SHARED / "data/train").is_dir():
        texts = []
        for name, most in SETS.items():
            rows = read(SHARED / f"data/train/{name}.jsonl")
            texts += [rows[i]["text"] for i in rng.permutation(len(rows))[:most]]
        texts_from = "received messages of `shared/data/train`: " + ", ".join(f"{n} {name}" for name, n in SETS.items())
    else:
        texts = [row["text"] for row in written] * (count // len(written) + 1)
        texts_from = "messages of `data/messages`, each two or three times"
    texts = [texts[i] for i in rng.permutation(len(texts))[:count]]
    if (WORK / "train.jsonl").exists():
        train, train_from = read(WORK / "train.jsonl"), "the rows that Ruthan was trained on"
    else:
        train = [row for row in written if not held_out(row)]
        train_from = "nine tenths of `data/messages`; Ruthan was trained on these and on received messages besides"
    return Data(texts, texts_from, train, train_from, [row for row in written if held_out(row)])


def fasttext_model(rows, path):
    """Train fastText: n-grams of 2 to 5 characters, 64 dimensions."""
    import fasttext

    lines = path.with_suffix(".txt")
    lines.write_text("".join(f"__label__{row['label']} {FastText.line(row['text'])}" for row in rows), encoding="utf-8")
    model = fasttext.train_supervised(
        str(lines), dim=64, minn=2, maxn=5, epoch=15, lr=0.5, bucket=500_000, thread=1, seed=SEED, verbose=0
    )
    model.save_model(str(path))
    lines.unlink()


def scikit_learn_model(rows, path):
    """Train TF-IDF of n-grams of 1 to 5 characters with logistic regression."""
    weigh = TfidfVectorizer(analyzer="char", ngram_range=(1, 5), min_df=4, max_features=300_000, sublinear_tf=True)
    model = LogisticRegression(C=10, solver="liblinear", random_state=SEED)
    pipeline = make_pipeline(weigh, model).fit([row["text"] for row in rows], [is_scam(row) for row in rows])
    joblib.dump(pipeline, path)


def tokenizer(rows, path):
    """Train the tokeniser of the transformers."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    unigram = Tokenizer(models.Unigram())
    unigram.normalizer = normalizers.NFC()
    unigram.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=PIECES, unk_token="<unk>", special_tokens=["<unk>"], show_progress=False
    )
    unigram.train_from_iterator((row["text"] for row in rows), trainer)
    unigram.enable_truncation(LONGEST)
    unigram.save(str(path))


def transformer(layers, width):
    """Build an encoder with random weights: pre-norm, heads of 64, four times as wide within, mean of all places."""
    rng = np.random.default_rng(SEED)
    nodes, weights = [], []

    def weight(*shape, scale=0.02):
        name = f"w{len(weights)}"
        weights.append(numpy_helper.from_array(rng.normal(0, scale, shape).astype("float32"), name))
        return name

    def constant(values):
        name = f"w{len(weights)}"
        weights.append(numpy_helper.from_array(np.array(values), name))
        return name

    def node(kind, *inputs, **attributes):
        name = f"n{len(nodes)}"
        nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def norm(x):
        ones = constant(np.ones(width, "float32"))
        return node("LayerNormalization", x, ones, weight(width), axis=-1)

    def linear(x, inside, outside):
        return node("Add", node("MatMul", x, weight(inside, outside)), weight(outside))

    heads = width // 64
    split, joined = constant(np.array([0, 0, heads, 64])), constant(np.array([0, 0, width]))
    scale = constant(np.float32(1 / 8))
    # The first positions, as many as there are ids.
    length = node("Slice", node("Shape", "ids"), constant(np.array([1])), constant(np.array([2])))
    places = node("Slice", weight(LONGEST, width), constant(np.array([0])), length, constant(np.array([0])))
    x = node("Add", node("Gather", weight(PIECES, width), "ids"), places)
    for _ in range(layers):
        y = norm(x)
        q, k, v = (node("Reshape", linear(y, width, width), split) for _ in range(3))
        q, v = (node("Transpose", part, perm=[0, 2, 1, 3]) for part in (q, v))
        k = node("Transpose", k, perm=[0, 2, 3, 1])
        heed = node("Softmax", node("Mul", node("MatMul", q, k), scale), axis=-1)
        y = node("Reshape", node("Transpose", node("MatMul", heed, v), perm=[0, 2, 1, 3]), joined)
        x = node("Add", x, linear(y, width, width))
        inner = node("Gelu", linear(norm(x), width, 4 * width))
        x = node("Add", x, linear(inner, 4 * width, width))
    pooled = node("ReduceMean", norm(x), constant(np.array([1])), keepdims=0)
    out = linear(pooled, width, len(LABELS))
    nodes.append(helper.make_node("Identity", [out], ["logits"]))
    graph = helper.make_graph(
        nodes,
        "encoder",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["messages", "pieces"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["messages", len(LABELS)])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.checker.check_model(model)
    return model


def make(rows):
    """Make the models that are not there yet; return their paths by name."""
    # A model belongs to the rows and to the code that made it.
    code = re.sub(r"\s", "", Path(__file__).read_text(encoding="utf-8"))
    digest = hashlib.sha256((json.dumps(rows) + code).encode()).hexdigest()[:12]
    folder = FOLDER / digest
    folder.mkdir(parents=True, exist_ok=True)
    paths = {
        name: folder / name for name in ("fasttext.bin", "scikit.joblib", "tokenizer.json", "2x128.onnx", "6x768.onnx")
    }
    makers = {
        "fasttext.bin": lambda path: fasttext_model(rows, path),
        "scikit.joblib": lambda path: scikit_learn_model(rows, path),
        "tokenizer.json": lambda path: tokenizer(rows, path),
        "2x128.onnx": lambda path: onnx.save(transformer(2, 128), path),
        "6x768.onnx": lambda path: onnx.save(transformer(6, 768), path),
    }
    for name, maker in makers.items():
        if not paths[name].exists():
            print(f"making {name}", file=sys.stderr, flush=True)
            # Complete or not there: a run that is broken off leaves no half of a model.
            unfinished = folder / f"unfinished-{name}"
            maker(unfinished)
            unfinished.rename(paths[name])
    return paths
