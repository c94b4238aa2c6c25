"""A case as W3C PROV-JSON (submission of 2013-04-24): what was made from what, by what, for whom.

Entities are files, entries of the ledger and documents; activities are the acts that the entries record;
agents are the program, the desk that keeps the ledger, and the keys of people who decided. Names are local
to the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from forensics.exports.jsonld import dumped, present
from forensics.model import CaseAsset, CaseReport, RecordedOutcome

_NAMESPACE = "https://forensics.invalid/ns#"
"""Reserved by RFC 2606: it names terms, and nothing answers there."""


@dataclass(slots=True, kw_only=True)
class _Graph:
    """PROV statements by kind; relations are numbered in the order in which they were made."""

    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    made: int = 0

    def add(self, kind: str, name: str, **attributes: Any) -> str:
        """Adds an entity, an activity or an agent once; returns its name."""
        self.records.setdefault(kind, {}).setdefault(name, _typed(attributes))
        return name

    def relate(self, kind: str, **ends: str) -> None:
        """Adds a relation between two."""
        self.made += 1
        values = {f"prov:{key}": value for key, value in ends.items()}
        self.records.setdefault(kind, {})[f"_:r{self.made}"] = values


def prov_json(report: CaseReport) -> bytes:
    """Returns the provenance of a case."""
    head = report.head
    graph = _Graph()
    desk = graph.add(
        "agent", "desk:keeper", type="prov:Organization", label=head.origin, vkey=head.vkey
    )
    program = graph.add(
        "agent",
        "desk:program",
        type="prov:SoftwareAgent",
        label=f"{report.tool.name} {report.tool.version}",
        decoder=report.tool.decoder,
    )
    graph.relate("actedOnBehalfOf", delegate=program, responsible=desk)
    for claim in report.case.claims:
        graph.add(
            "entity",
            f"desk:entry-{claim.stated.entry}",
            type="fx:claim",
            label=claim.claim.statement,
            number=claim.number,
        )
        graph.relate("wasAttributedTo", entity=f"desk:entry-{claim.stated.entry}", agent=desk)
    for asset in report.case.assets:
        _asset(graph, asset, program, desk)
    for recorded in report.case.outcomes:
        _outcome(graph, recorded, [f"sha256:{a.asset.sha256}" for a in report.case.assets], program)
    _claims(graph, report, program)
    _people(graph, report, desk)
    return dumped(
        {
            "prefix": {
                "fx": _NAMESPACE,
                "sha256": "urn:sha256:",
                "desk": f"urn:forensics:ledger:{head.origin}#",
            },
            **graph.records,
        }
    )


def _asset(graph: _Graph, asset: CaseAsset, program: str, desk: str) -> None:
    name = _file(graph, asset.asset.sha256, asset.asset.name, asset.asset.mime, asset.asset.size)
    receipt = graph.add(
        "activity",
        f"desk:receipt-{asset.asset.sha256[:16]}",
        type="fx:receipt",
        start=asset.received_at,
    )
    graph.relate("used", activity=receipt, entity=name)
    graph.relate("wasAssociatedWith", activity=receipt, agent=desk)
    for recorded in asset.outcomes:
        _outcome(graph, recorded, [name], program)
    for copy in asset.copies:
        other = _file(graph, copy.asset.sha256, copy.asset.name)
        entity = graph.add(
            "entity",
            f"desk:copy-{asset.asset.sha256[:16]}-{copy.asset.sha256[:16]}-{copy.relation.value}",
            type="fx:copy",
            relation=copy.relation.value,
            transform=copy.transform,
        )
        # Which came first is not known: neither is said to be derived from the other.
        graph.relate("wasInfluencedBy", influencee=entity, influencer=name)
        graph.relate("wasInfluencedBy", influencee=entity, influencer=other)
    for verdict in asset.verdicts:
        entity = graph.add(
            "entity",
            f"desk:entry-{verdict.entry}",
            type="fx:verdict",
            verifiability=verdict.verdict.verifiability.value,
            ruleset=verdict.verdict.ruleset,
        )
        act = _act(graph, verdict.entry, "fx:judging", program, verdict.at)
        graph.relate("wasGeneratedBy", entity=entity, activity=act)
        for recorded in asset.outcomes:
            if recorded.claim in {None, verdict.claim} and recorded.entry < verdict.entry:
                graph.relate("used", activity=act, entity=f"desk:entry-{recorded.entry}")
        if verdict.supersedes is not None:
            graph.relate(
                "wasDerivedFrom",
                generatedEntity=entity,
                usedEntity=f"desk:entry-{verdict.supersedes}",
            )


def _outcome(graph: _Graph, recorded: RecordedOutcome, used: list[str], program: str) -> None:
    outcome = recorded.outcome
    entity = graph.add(
        "entity",
        f"desk:entry-{recorded.entry}",
        type="fx:outcome",
        analysis=outcome.analysis,
        version=outcome.version,
        status=outcome.status,
        finding=[finding.statement for finding in outcome.findings],
    )
    act = _act(graph, recorded.entry, "fx:analysis", program)
    graph.relate("wasGeneratedBy", entity=entity, activity=act)
    for name in used:
        graph.relate("used", activity=act, entity=name)


def _claims(graph: _Graph, report: CaseReport, program: str) -> None:
    claims = {claim.number: claim.stated.entry for claim in report.case.claims}
    for verdict in report.case.verdicts:
        entity = graph.add(
            "entity",
            f"desk:entry-{verdict.entry}",
            type="fx:claim-verdict",
            verifiability=verdict.verdict.verifiability.value,
            ruleset=verdict.verdict.ruleset,
        )
        act = _act(graph, verdict.entry, "fx:judging", program, verdict.at)
        graph.relate("wasGeneratedBy", entity=entity, activity=act)
        if verdict.verdict.claim in claims:
            graph.relate("used", activity=act, entity=f"desk:entry-{claims[verdict.verdict.claim]}")
        for lent in verdict.verdict.assets:
            if lent.verdict is not None:
                graph.relate("used", activity=act, entity=f"desk:entry-{lent.verdict}")
        if verdict.supersedes is not None:
            graph.relate(
                "wasDerivedFrom",
                generatedEntity=entity,
                usedEntity=f"desk:entry-{verdict.supersedes}",
            )


def _people(graph: _Graph, report: CaseReport, desk: str) -> None:
    said = [("fx:note", note.stated) for note in report.case.notes]
    said += [("fx:observation", seen.stated) for seen in report.case.observations]
    for kind, stated in said:
        entity = graph.add("entity", f"desk:entry-{stated.entry}", type=kind, by=stated.by)
        graph.relate("wasAttributedTo", entity=entity, agent=desk)
    for decision in report.case.decisions:
        person = graph.add(
            "agent", f"desk:key-{decision.key}", type="prov:Person", label=decision.key
        )
        entity = graph.add(
            "entity",
            f"desk:entry-{decision.stated.entry}",
            type="fx:decision",
            outcome=decision.outcome,
            category=decision.category,
        )
        graph.relate("wasAttributedTo", entity=entity, agent=person)
        graph.relate(
            "wasDerivedFrom", generatedEntity=entity, usedEntity=f"desk:entry-{decision.on}"
        )


def _file(graph: _Graph, sha256: str, name: str, mime: str = "", size: int | None = None) -> str:
    return graph.add(
        "entity", f"sha256:{sha256}", type="fx:asset", label=name, mime=mime, size=size
    )


def _act(graph: _Graph, entry: int, kind: str, program: str, at: str | None = None) -> str:
    act = graph.add("activity", f"desk:act-{entry}", type=kind, end=at)
    graph.relate("wasAssociatedWith", activity=act, agent=program)
    return act


def _typed(attributes: dict[str, Any]) -> dict[str, Any]:
    """Attributes under their names: PROV's own, and ours."""
    names = {
        "type": "prov:type",
        "label": "prov:label",
        "start": "prov:startTime",
        "end": "prov:endTime",
    }
    found = {names.get(key, f"fx:{key}"): value for key, value in attributes.items()}
    kind = found.get("prov:type")
    if isinstance(kind, str):
        found["prov:type"] = {"$": kind, "type": "prov:QUALIFIED_NAME"}
    return present(found)
