"""Step 3: write the model folder: one network file, the manifest with its hash."""

import hashlib
import json

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .common import FEATURES, LABELS, MODEL, WORK


def network(w, b, idf, idf_scale):
    """Build the network: gather the slots' rows of 8-bit weights, square, sum by value, scale, add biases.

    The last column of the table is idf; the sum is divided by the length of the idf-weighted values, so the network
    computes ``normalize(values * idf) @ w + b``.
    """
    folded = w * (idf.astype(np.float32) * idf_scale)[:, None]
    # The few largest weights are cut to keep the steps of the others fine.
    scale = np.quantile(np.abs(folded[folded.any(axis=1)]), 0.9999, axis=0) / 127
    # Most weights are small: the square root of each is kept, which has fine steps near zero. The network squares it.
    root = np.sqrt(np.minimum(np.abs(folded) / (scale * 127), 1)) * 127
    table = np.column_stack([(np.sign(folded) * np.round(root)).astype(np.int8), idf])
    scale = scale / 127
    k = len(LABELS)
    tensors = {
        "table": table,
        "scale": scale.astype(np.float32),
        "bias": b.astype(np.float32),
        "idf_scale": np.array(idf_scale, np.float32),
        "least": np.array(1e-6, np.float32),
        "axis1": np.array([1], np.int64),
        "axis2": np.array([2], np.int64),
        "from0": np.array([0], np.int64),
        "from_idf": np.array([k], np.int64),
        "to_end": np.array([k + 1], np.int64),
    }
    nodes = [
        ("Gather", ["table", "slots"], ["rows8"], {"axis": 0}),
        ("Cast", ["rows8"], ["rows"], {"to": TensorProto.FLOAT}),
        ("Unsqueeze", ["values", "axis1"], ["across"], {}),
        ("Abs", ["rows"], ["sizes"], {}),
        ("Mul", ["rows", "sizes"], ["squared"], {}),
        ("MatMul", ["across", "squared"], ["sum3"], {}),
        ("Squeeze", ["sum3", "axis1"], ["sum"], {}),
        ("Slice", ["sum", "from0", "from_idf", "axis1"], ["weighted"], {}),
        ("Slice", ["rows", "from_idf", "to_end", "axis2"], ["idf3"], {}),
        ("Squeeze", ["idf3", "axis2"], ["idf"], {}),
        ("Mul", ["values", "idf"], ["lengths"], {}),
        ("Mul", ["lengths", "lengths"], ["squares"], {}),
        ("ReduceSum", ["squares", "axis1"], ["square"], {"keepdims": 1}),
        ("Sqrt", ["square"], ["length"], {}),
        ("Mul", ["length", "idf_scale"], ["scaled"], {}),
        ("Max", ["scaled", "least"], ["norm"], {}),
        ("Mul", ["weighted", "scale"], ["unscaled"], {}),
        ("Div", ["unscaled", "norm"], ["normal"], {}),
        ("Add", ["normal", "bias"], ["logits"], {}),
    ]
    graph = helper.make_graph(
        [helper.make_node(op, i, o, **attributes) for op, i, o, attributes in nodes],
        "ruthan",
        [
            helper.make_tensor_value_info("slots", TensorProto.INT32, ["messages", "features"]),
            helper.make_tensor_value_info("values", TensorProto.FLOAT, ["messages", "features"]),
        ],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["messages", k])],
        [numpy_helper.from_array(value, name) for name, value in tensors.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


def main():
    """Write models/ruthan-1."""
    data = np.load(WORK / "network.npz")
    onnx_bytes = network(data["w"], data["b"], data["idf"], data["idf_scale"])
    MODEL.mkdir(parents=True, exist_ok=True)
    (MODEL / "model.onnx").write_bytes(onnx_bytes)
    tensor = {"dtype": "float32", "shape": ["messages", "features"]}
    manifest = {
        "schema": 1,
        "name": "ruthan-1",
        "version": "0.1.0",
        "normalizer_version": 1,
        "files": {"model.onnx": hashlib.sha256(onnx_bytes).hexdigest()},
        "labels": LABELS,
        "inputs": [{"name": "slots", **tensor, "dtype": "int32"}, {"name": "values", **tensor}],
        "outputs": [{"name": "logits", "dtype": "float32", "shape": ["messages", len(LABELS)]}],
        "features": FEATURES,
        **json.loads((WORK / "scoring.json").read_text()),
        "figures": {},
    }
    (MODEL / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    print(f"{len(onnx_bytes)} bytes in {MODEL / 'model.onnx'}")


if __name__ == "__main__":
    main()
