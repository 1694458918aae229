"""Step 3: write the model folder: one network file, the manifest with its hash."""

import hashlib
import json

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from ruthan import _ruthan

from .common import FEATURES, LABELS, MODEL, WORK


def quantise(table):
    """Quantise a table to 8 bits: returns it with a scale for each row and each column, ``table ~ rows * q * columns``.

    Columns are brought to one size first, then each row takes the scale of its largest number: rows differ far more
    than numbers within a row.
    """
    columns = np.sqrt((table**2).mean(axis=0)) + 1e-12
    even = table / columns
    rows = np.abs(even).max(axis=1) / 127 + 1e-12
    return np.round(even / rows[:, None]).astype(np.int8), rows.astype(np.float32), columns.astype(np.float32)


def network(table, b, w2, b1, idf):
    """Build the network of `network.py` over counts: `values` are weighed by idf and scaled to length one inside.

    ``weighted = values * idf``, so ``x = weighted / |weighted|``; each row of the 8-bit table has its own scale, which
    is folded into ``scales`` beside idf.
    """
    q, rows, columns = quantise(table)
    k = len(LABELS)
    tensors = {
        "table": q,
        # Columns: idf, and idf times the scale of the row.
        "scales": np.column_stack([idf, idf * rows]).astype(np.float32),
        "columns": columns,
        "b": b.astype(np.float32),
        "b1": b1.astype(np.float32),
        "w2": w2.astype(np.float32),
        "least": np.array(1e-6, np.float32),
        "axis1": np.array([1], np.int64),
        "axis2": np.array([2], np.int64),
        "zero": np.array([0], np.int64),
        "one": np.array([1], np.int64),
        "two": np.array([2], np.int64),
        "k": np.array([k], np.int64),
        "end": np.array([table.shape[1]], np.int64),
    }
    nodes = [
        ("Gather", ["scales", "rows"], ["both"], {"axis": 0}),
        ("Unsqueeze", ["values", "axis2"], ["values3"], {}),
        ("Mul", ["both", "values3"], ["weighed"], {}),
        ("Slice", ["weighed", "zero", "one", "axis2"], ["weighted"], {}),
        ("Slice", ["weighed", "one", "two", "axis2"], ["scaled"], {}),
        ("Mul", ["weighted", "weighted"], ["squares"], {}),
        ("ReduceSum", ["squares", "axis1"], ["square"], {"keepdims": 0}),
        ("Sqrt", ["square"], ["length"], {}),
        ("Max", ["length", "least"], ["norm"], {}),
        ("Gather", ["table", "rows"], ["picked8"], {"axis": 0}),
        ("Cast", ["picked8"], ["picked"], {"to": TensorProto.FLOAT}),
        ("Transpose", ["scaled"], ["across"], {"perm": [0, 2, 1]}),
        ("MatMul", ["across", "picked"], ["sum3"], {}),
        ("Squeeze", ["sum3", "axis1"], ["sum"], {}),
        ("Mul", ["sum", "columns"], ["unscaled"], {}),
        ("Div", ["unscaled", "norm"], ["a"], {}),
        ("Slice", ["a", "zero", "k", "axis1"], ["direct"], {}),
        ("Slice", ["a", "k", "end", "axis1"], ["inner"], {}),
        ("Add", ["inner", "b1"], ["before"], {}),
        ("Relu", ["before"], ["hidden"], {}),
        ("MatMul", ["hidden", "w2"], ["through"], {}),
        ("Add", ["direct", "through"], ["joint"], {}),
        ("Add", ["joint", "b"], ["logits"], {}),
    ]
    graph = helper.make_graph(
        [helper.make_node(op, i, o, **attributes) for op, i, o, attributes in nodes],
        "ruthan",
        [
            helper.make_tensor_value_info("rows", TensorProto.INT32, ["messages", "features"]),
            helper.make_tensor_value_info("values", TensorProto.FLOAT, ["messages", "features"]),
        ],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["messages", k])],
        [numpy_helper.from_array(value, name) for name, value in tensors.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    # The embedded engine computes this graph by itself, and runs no other.
    helper.set_model_props(model, {"form": "ruthan-bag-1"})
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


def main():
    """Write models/ruthan-1."""
    data = np.load(WORK / "network.npz")
    slots = data["slots"]
    bits = np.zeros(FEATURES["slots"], np.uint8)
    bits[slots] = 1
    files = {
        "model.onnx": network(*(data[name] for name in ("table", "b", "w2", "b1", "idf"))),
        "vocabulary.bin": np.packbits(bits, bitorder="little").tobytes(),
    }
    MODEL.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (MODEL / name).write_bytes(content)
    tensor = {"dtype": "float32", "shape": ["messages", "features"]}
    manifest = {
        "schema": 2,
        "name": "ruthan-1",
        "version": "0.6.0",
        "normalizer_version": _ruthan.NORMALIZER_VERSION,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        "labels": LABELS,
        "inputs": [{"name": "rows", **tensor, "dtype": "int32"}, {"name": "values", **tensor}],
        "outputs": [{"name": "logits", "dtype": "float32", "shape": ["messages", len(LABELS)]}],
        "features": FEATURES | {"rows": len(slots)},
        **json.loads((WORK / "scoring.json").read_text()),
    }
    (MODEL / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    for name, content in files.items():
        print(f"{name}: {len(content)} bytes")


if __name__ == "__main__":
    main()
