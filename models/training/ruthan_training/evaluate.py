"""Step 4: the figures of the model folder on rows that trained nothing, by `ruthan eval`."""

import subprocess
import sys

from .common import MODEL, PROJECT, SHARED


def main():
    """Run `ruthan eval` on the evaluation files, with both languages apart."""
    for name in ("sms_th", "sms_en"):
        command = ["cargo", "run", "--release", "--quiet", "--", "eval", "--model", MODEL]
        result = subprocess.run([*command, SHARED / "data/dev" / f"{name}.jsonl", *sys.argv[1:]], cwd=PROJECT, check=False)
        if result.returncode:
            raise SystemExit(result.returncode)


if __name__ == "__main__":
    main()
