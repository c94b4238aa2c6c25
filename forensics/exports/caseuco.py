"""A case as CASE 1.4 / UCO 1.4 in JSON-LD: files with their digests, and each act as an investigative action.

Names are version 5 UUIDs drawn from the name of the ledger and what they stand for, so that the same ledger
gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from forensics.exports.jsonld import dumped, present
from forensics.model import CaseAsset, CaseReport, RecordedOutcome, Sha256

_CONTEXT = {
    "kb": "urn:forensics:kb:",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def case_uco_json(report: CaseReport) -> bytes:
    """Returns a case as a CASE bundle."""
    return dumped({"@context": _CONTEXT, "@graph": list(_Bundle(report).things())})


class _Bundle:
    """Makes the things of one bundle, which refer to each other by name."""

    def __init__(self, report: CaseReport) -> None:
        self._report = report
        self._tool = self._name("Tool", "program")
        self._desk = self._name("Organization", "desk")

    def things(self) -> Iterator[dict[str, Any]]:
        """Yields everything, in a fixed order."""
        case, tool, head = self._report.case, self._report.tool, self._report.head
        yield {
            "@id": self._tool,
            "@type": "uco-tool:Tool",
            "uco-core:name": tool.name,
            "uco-tool:version": tool.version,
            "uco-core:description": f"decoder {tool.decoder}",
        }
        yield {
            "@id": self._desk,
            "@type": "uco-identity:Organization",
            "uco-core:name": head.origin,
        }
        for asset in case.assets:
            yield from self._asset(asset)
        mine = {asset.asset.sha256 for asset in case.assets}
        others = {c.asset.sha256: c.asset.name for a in case.assets for c in a.copies}
        for sha256, name in sorted(others.items()):
            if sha256 not in mine:
                yield self._seen(sha256, name)
        for recorded in case.outcomes:
            yield from self._outcome(recorded, [self._file(a.asset.sha256) for a in case.assets])
        for verdict in case.verdicts:
            lent = [self._file(Sha256(one.asset)) for one in verdict.verdict.assets]
            said = f"claim {case.id}/{verdict.verdict.claim}: {verdict.verdict.verifiability.value}"
            yield from self._act(
                verdict.entry, "judging a claim", lent, said, verdict.verdict.because, verdict.at
            )
        for decision in case.decisions:
            said = f"a person's decision on entry {decision.on}: {decision.outcome}"
            yield from self._act(
                decision.stated.entry, "deciding", [], said, decision.words, decision.stated.at
            )
        yield present(
            {
                "@id": self._name("Investigation", case.id),
                "@type": "case-investigation:Investigation",
                "uco-core:name": case.id,
                "uco-core:description": [
                    case.title,
                    f"Ledger {head.origin}, {head.size} entries, root {head.root}.",
                    "To verify: forensics ledger verify",
                ],
                "case-investigation:focus": [c.claim.statement for c in case.claims],
                "uco-core:object": _refer([self._file(a.asset.sha256) for a in case.assets]),
            }
        )

    def _seen(self, sha256: Sha256, name: str) -> dict[str, Any]:
        """A file of no offer, that shares pictures or sound with one."""
        return {
            "@id": self._file(sha256),
            "@type": "uco-observable:File",
            "uco-core:hasFacet": [
                {
                    "@id": self._name("FileFacet", sha256),
                    "@type": "uco-observable:FileFacet",
                    "uco-observable:fileName": name,
                },
                {
                    "@id": self._name("ContentDataFacet", sha256),
                    "@type": "uco-observable:ContentDataFacet",
                    "uco-observable:hash": [self._hash(sha256)],
                },
            ],
        }

    def _asset(self, asset: CaseAsset) -> Iterator[dict[str, Any]]:
        sha256 = asset.asset.sha256
        yield {
            "@id": self._file(sha256),
            "@type": "uco-observable:File",
            "uco-core:hasFacet": [
                {
                    "@id": self._name("FileFacet", sha256),
                    "@type": "uco-observable:FileFacet",
                    "uco-observable:fileName": asset.asset.name,
                    "uco-observable:sizeInBytes": _typed(asset.asset.size, "integer"),
                },
                {
                    "@id": self._name("ContentDataFacet", sha256),
                    "@type": "uco-observable:ContentDataFacet",
                    "uco-observable:mimeType": asset.asset.mime,
                    "uco-observable:sizeInBytes": _typed(asset.asset.size, "integer"),
                    "uco-observable:hash": [self._hash(sha256)],
                },
            ],
        }
        for recorded in asset.outcomes:
            yield from self._outcome(recorded, [self._file(sha256)])
        for verdict in asset.verdicts:
            yield from self._act(
                verdict.entry,
                "judging a file",
                [self._file(sha256)],
                verdict.verdict.verifiability.value,
                verdict.verdict.because,
                verdict.at,
            )
        for copy in asset.copies:
            yield self._copied(asset, copy.asset.sha256, copy.asset.name, copy.relation.value)

    def _copied(self, asset: CaseAsset, other: Sha256, name: str, relation: str) -> dict[str, Any]:
        """A relationship without a direction: which file came first, the search does not tell."""
        return {
            "@id": self._name("Relationship", f"{asset.asset.sha256}/{other}/{relation}"),
            "@type": "uco-observable:ObservableRelationship",
            "uco-core:source": {"@id": self._file(asset.asset.sha256)},
            "uco-core:target": {"@id": self._file(other)},
            "uco-core:kindOfRelationship": relation,
            "uco-core:isDirectional": _typed(False, "boolean"),
            "uco-core:description": f"with {name}, sha256:{other}",
        }

    def _outcome(self, recorded: RecordedOutcome, used: Sequence[str]) -> Iterator[dict[str, Any]]:
        outcome = recorded.outcome
        findings = [finding.statement for finding in outcome.findings]
        said = f"{outcome.analysis} version {outcome.version}: {outcome.status}"
        yield from self._act(
            recorded.entry, outcome.analysis, used, said, " ".join(findings) or (outcome.why or "")
        )

    def _act(
        self,
        entry: int,
        what: str,
        used: Sequence[str],
        said: str,
        details: str,
        at: str | None = None,
    ) -> Iterator[dict[str, Any]]:
        """An action and the record that it left; the record names its entry in the ledger."""
        record = self._name("ProvenanceRecord", str(entry))
        yield present(
            {
                "@id": record,
                "@type": "case-investigation:ProvenanceRecord",
                "uco-core:name": said,
                "uco-core:description": details,
                "case-investigation:exhibitNumber": f"entry {entry}",
                "uco-core:object": _refer(used),
            }
        )
        yield present(
            {
                "@id": self._name("InvestigativeAction", str(entry)),
                "@type": "case-investigation:InvestigativeAction",
                "uco-core:name": what,
                "uco-action:endTime": _typed(at, "dateTime") if at else None,
                "uco-action:performer": {"@id": self._desk},
                "uco-action:instrument": _refer([self._tool]),
                "uco-action:object": _refer(used),
                "uco-action:result": _refer([record]),
            }
        )

    def _hash(self, sha256: Sha256) -> dict[str, Any]:
        return {
            "@id": self._name("Hash", sha256),
            "@type": "uco-types:Hash",
            "uco-types:hashMethod": "SHA256",
            "uco-types:hashValue": _typed(sha256, "hexBinary"),
        }

    def _file(self, sha256: Sha256) -> str:
        return self._name("File", sha256)

    def _name(self, kind: str, what: str) -> str:
        drawn = uuid5(NAMESPACE_URL, f"{self._report.head.origin}#{kind}/{what}")
        return f"kb:{kind}-{drawn}"


def _typed(value: object, kind: str) -> dict[str, str]:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return {"@type": f"xsd:{kind}", "@value": text}


def _refer(names: Sequence[str]) -> list[dict[str, str]]:
    return [{"@id": name} for name in names]
