"""W3C PROV-JSON, read by the reference library."""

from __future__ import annotations

import json

from prov.model import ProvDocument

from forensics.exports.prov import prov_json
from tests.report.cased import digest, report


def test_the_reference_library_reads_it_and_gives_it_back():
    document = ProvDocument.deserialize(content=prov_json(report()).decode(), format="json")
    again = ProvDocument.deserialize(content=document.serialize(format="json"), format="json")
    assert document == again
    assert len(document.records) > 20


def test_each_relation_is_between_things_that_are_there():
    value = json.loads(prov_json(report()))
    there = {name for kind in ("entity", "activity", "agent") for name in value[kind]}
    for kind in set(value) - {"prefix", "entity", "activity", "agent"}:
        for relation in value[kind].values():
            assert set(relation.values()) <= there, (kind, relation)


def test_a_verdict_that_supersedes_is_derived_from_the_one_before():
    value = json.loads(prov_json(report()))
    derived = [
        (one["prov:generatedEntity"], one["prov:usedEntity"])
        for one in value["wasDerivedFrom"].values()
    ]
    assert ("desk:entry-60", "desk:entry-31") in derived
    assert ("desk:entry-61", "desk:entry-30") in derived


def test_a_copy_is_not_said_to_be_derived_from_the_other():
    value = json.loads(prov_json(report()))
    ends = {tuple(one.values()) for one in value["wasDerivedFrom"].values()}
    files = {f"sha256:{digest('video')}", f"sha256:{digest('other')}"}
    assert not any(files & set(pair) for pair in ends)


def test_the_same_bytes():
    assert prov_json(report()) == prov_json(report())
