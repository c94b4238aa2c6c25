"""An asset and its streams as JSON values, as the report has them (`forensics.report.document`)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from forensics.model import Asset, Stream
from forensics.report.words import ratio


def present(value: dict[str, Any]) -> dict[str, Any]:
    """Returns the items that are not None."""
    return {key: item for key, item in value.items() if item is not None}


def in_order(value: Mapping[str, str]) -> dict[str, str]:
    """Returns the items by key."""
    return dict(sorted(value.items()))


def as_ratio(value: Fraction | None) -> str | None:
    """Returns "n/d", or None."""
    return None if value is None else ratio(value)


def of_asset(asset: Asset) -> dict[str, Any]:
    """Returns an asset with its streams."""
    probe = asset.probe
    return {
        "sha256": asset.sha256,
        **present({"blake2b": asset.blake2b or None}),
        "size": asset.size,
        "kind": asset.kind.value,
        "mime": asset.mime,
        "name": asset.name,
        "container": probe.container if probe else None,
        "duration": as_ratio(probe.duration) if probe else None,
        "pictures": probe.pictures if probe else None,
        "tags": in_order(probe.tags) if probe else {},
        "notes": list(probe.notes) if probe else [],
        "streams": [_stream(stream) for stream in asset.streams],
    }


def _stream(stream: Stream) -> dict[str, Any]:
    optional = {
        "digest_scheme": stream.digest_scheme,
        "coded_digest": stream.coded_digest,
        "coded_digest_scheme": stream.coded_digest_scheme,
        "profile": stream.profile,
        "pixel_format": stream.pixel_format,
        "width": stream.width,
        "height": stream.height,
        "rotation": stream.rotation,
        "frame_rate": as_ratio(stream.frame_rate),
        "sample_rate": stream.sample_rate,
        "channels": stream.channels,
        "time_base": as_ratio(stream.time_base),
        "start": as_ratio(stream.start),
        "duration": as_ratio(stream.duration),
        "packets": stream.packets,
        "keyframes": stream.keyframes,
    }
    return {
        "index": stream.index,
        "type": stream.type.value,
        "codec": stream.codec,
        "digest": stream.digest,
        **present(optional),
        "tags": in_order(stream.tags),
    }
