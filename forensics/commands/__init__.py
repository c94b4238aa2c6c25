"""The commands, one module a family: each parses, wires and prints. `cli` puts them together.

A module imports what its commands need only inside them, so that `forensics --help` stays fast.
"""
