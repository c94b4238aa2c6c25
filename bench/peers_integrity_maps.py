"""Runs public tools' methods over pictures, in their environment: `python peers_integrity_maps.py FOLDER`.

FOLDER has `jobs.json`, a list of paths. For each picture and method that is installed and does not fail, a
map is written as `<number>-<method>.npy`; what each took, or how it failed, as `done.json`. It imports
nothing of this project. pyIFD (PyPI) ports the MATLAB image forensics toolbox of Zampoglou and others; it
needs no weights and no screen.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

METHODS: dict[str, tuple[str, str, int | None]] = {
    "pyIFD BLK": ("pyIFD.BLK", "GetBlockGrid", 0),
    "pyIFD CFA1": ("pyIFD.CFA1", "CFA1", None),
    "pyIFD DCT": ("pyIFD.DCT", "DCT", None),
    "pyIFD ADQ1": ("pyIFD.ADQ1", "detectDQ", None),
    "pyIFD NOI1": ("pyIFD.NOI1", "GetNoiseMap", None),
    "pyIFD NOI4": ("pyIFD.NOI4", "MedFiltForensics", None),
}


def main() -> None:
    folder = Path(sys.argv[1])
    files: list[str] = json.loads((folder / "jobs.json").read_text("utf-8"))
    done: list[dict[str, Any]] = []
    warnings.simplefilter("ignore")
    for name, (module, function, part) in METHODS.items():
        for number, file in enumerate(files):
            start = time.process_time()
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    found = getattr(import_module(module), function)(file)
                drawn = np.asarray(found if part is None else found[part], np.float32)
                np.save(
                    folder / f"{number}-{name}.npy",
                    drawn if drawn.ndim == 2 else drawn.mean(axis=2),
                )
                failed = ""
            except Exception as error:  # noqa: BLE001 - another's code; that it fails is a result
                failed = f"{type(error).__name__}: {error}"[:120]
            seconds = time.process_time() - start
            done.append({"method": name, "number": number, "seconds": seconds, "failed": failed})
            if failed and number == 0:
                break
        (folder / "done.json").write_text(json.dumps(done), "utf-8")


if __name__ == "__main__":
    main()
