"""Reads and writes hashes with python-threatexchange, in a process of its own.

Of "vpdq", the text of a list, it answers the same as it writes it, and whether the two match; of "photo", a
file, its PDQ code.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.append(sys.argv[1])

from threatexchange.extensions.vpdq.vpdq import VPDQSignal
from threatexchange.extensions.vpdq.vpdq_util import json_to_vpdq, vpdq_to_json
from threatexchange.signal_type.pdq.signal import PdqSignal

results: list[object] = []
for case in json.load(sys.stdin):
    if "photo" in case:
        results.append(PdqSignal.hash_from_file(Path(case["photo"])))
    else:
        text = VPDQSignal.validate_signal_str(case["vpdq"])
        written = vpdq_to_json(json_to_vpdq(text))
        results.append([written, VPDQSignal.compare_hash(text, written).match])
json.dump(results, sys.stdout)
