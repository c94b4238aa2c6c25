"""The mathematics of the log: canonical bodies, the Merkle tree, signed notes, verification.

Pure: no SQL, files, clock, network or randomness. `docs/ledger-format.md` is the specification.
"""
