"""Makes trees with pymerkle, in a process of its own: for each case the root, and the path of one entry."""

from __future__ import annotations

import base64
import json
import sys

sys.path.insert(0, sys.argv[1])

import pymerkle

results = []
for case in json.load(sys.stdin):
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for body in case["bodies"]:
        tree.append_entry(base64.b64decode(body))
    path = tree.prove_inclusion(case["index"] + 1, len(case["bodies"])).path[1:]
    results.append(
        {
            "root": base64.b64encode(tree.get_state()).decode(),
            "path": [base64.b64encode(node).decode() for node in path],
        }
    )
json.dump(results, sys.stdout)
