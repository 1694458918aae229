"""Make the model folder beside this file: the network of ruthan-1 with 200 rows and weights drawn by lot.

    python tests/data/small-model/make.py    (needs the packages `ruthan` and `models/training`, as `cargo xtask train` installs them)

Tests alter it and see that what is altered is refused.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from ruthan_training.common import LABELS, MODEL
from ruthan_training.export import network

HERE = Path(__file__).parent
SLOTS, ROWS, HIDDEN = 256, 200, 8


def main():
    """Write the three files."""
    lot = np.random.default_rng(7)
    k = len(LABELS)
    shapes = [(ROWS, k + HIDDEN), (k,), (HIDDEN, k), (HIDDEN,)]
    weights = [lot.normal(0, 0.5, shape) for shape in shapes]
    bits = np.zeros(SLOTS, np.uint8)
    bits[lot.permutation(SLOTS)[:ROWS]] = 1
    files = {
        "model.onnx": network(*weights, lot.uniform(1, 3, ROWS)),
        "vocabulary.bin": np.packbits(bits, bitorder="little").tobytes(),
    }
    manifest = json.loads((MODEL / "manifest.json").read_text())
    manifest |= {
        "name": "small",
        "version": "0.0.0",
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        "features": manifest["features"] | {"slots": SLOTS, "rows": ROWS},
        "figures": {},
    }
    files["manifest.json"] = (json.dumps(manifest, indent=2) + "\n").encode()
    for name, content in files.items():
        (HERE / name).write_bytes(content)


if __name__ == "__main__":
    main()
