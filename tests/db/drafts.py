"""Drafts of every kind, a clock and a source of bytes that repeat."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from forensics.model import Draft


class Clock:
    """A minute passes with every look."""

    def __init__(self) -> None:
        self.time = datetime(2025, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(minutes=1)
        return self.time


class Entropy:
    """The same bytes in every run."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, size: int) -> bytes:
        self.count += 1
        return sha256(b"%d" % self.count).digest()[:size]


def digest(number: int) -> str:
    return sha256(b"asset %d" % number).hexdigest()


def received(
    number: int, *, name: str = "видео.mp4", streams: int = 1, coded: str | None = None
) -> Draft:
    return Draft(
        type="asset-received",
        subject=f"sha256:{digest(number)}",
        payload={
            "size": 1000 + number,
            "kind": "video",
            "mime": "video/mp4",
            "container": "mov,mp4",
            "duration": "7/2",
            "streams": [
                {
                    "index": i,
                    "type": "video",
                    "codec": "h264",
                    "digest": sha256(b"stream %d" % number).hexdigest(),
                    "digest_scheme": "packets/1",
                    **({"coded_digest": coded, "coded_digest_scheme": "coded/1"} if coded else {}),
                    "width": 640,
                    "height": 360,
                }
                for i in range(streams)
            ],
        },
        personal={"name": name},
    )


def signatures(number: int, codes: list[bytes], scheme: str = "pdq/1") -> Draft:
    return Draft(
        type="signatures",
        subject=f"sha256:{digest(number)}",
        payload={
            "scheme": scheme,
            "width": len(codes[0]),
            "plan": {"every": "1/1"},
            "times": [f"{i}/2" for i in range(len(codes))],
            "qualities": [50 + i for i in range(len(codes))],
            "codes": b"".join(codes).hex(),
        },
    )


def local(number: int, pictures: list[bytes], scheme: str = "orb-grid/1", part: int = 0) -> Draft:
    """The local codes of an asset, of each picture those given, joined; a picture every two seconds."""
    counts = [len(codes) // 32 for codes in pictures]
    points = b"".join(bytes([number % 256, i % 256, 0, 0, 40, 0]) for i in range(sum(counts)))
    return Draft(
        type="signatures",
        subject=f"sha256:{digest(number)}",
        payload={
            "scheme": scheme,
            "width": 32,
            "plan": {"every": "2/1"},
            "times": [f"{2 * i + 1000 * part}/1" for i in range(len(counts))],
            "counts": counts,
            "sizes": [[640, 360]] * len(counts),
            "points": b64encode(points).decode(),
            "codes": b64encode(b"".join(pictures)).decode(),
            "part": part,
        },
    )


def sound(number: int, codes: list[int], silent: tuple[int, ...] = ()) -> Draft:
    """The codes of an asset's sound; those at some places say nothing."""
    joined = b"".join(code.to_bytes(4, "little") for code in codes)
    places = range(8 * -(-len(codes) // 8))
    bits = "".join("1" if i in silent or i >= len(codes) else "0" for i in places)
    plain_ = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
    return Draft(
        type="signatures",
        subject=f"sha256:{digest(number)}",
        payload={
            "scheme": "sound/1",
            "step": "1/8",
            "seconds": f"{len(codes) or 1}/8",
            "codes": b64encode(joined).decode(),
            "plain": b64encode(plain_).decode(),
        },
    )


def looks(number: int, thumbnails: list[bytes]) -> Draft:
    """The reduced pictures of an asset, one every two seconds."""
    keys = [f"thumbnails/{i}" for i in range(len(thumbnails))]
    return Draft(
        type="looks",
        subject=f"sha256:{digest(number)}",
        payload={
            "plan": {"every": "2/1"},
            "times": [f"{2 * i}/1" for i in range(len(keys))],
            "sizes": [[640, 360]] * len(keys),
            "thumbnails": [{"commitment": key} for key in keys],
        },
        personal={key: b64encode(one).decode() for key, one in zip(keys, thumbnails, strict=True)},
    )


def verdict(number: int) -> Draft:
    return Draft(
        type="verdict",
        subject=f"sha256:{digest(number)}",
        payload={"verifiability": "contradicted", "about": "file", "ruleset": "rules/1"},
    )


def custody(number: int) -> Draft:
    return Draft(
        type="custody",
        subject=f"sha256:{digest(number)}",
        payload={"event": "stored", "sha256": digest(number), "size": 1000 + number},
    )


def plain(number: int) -> Draft:
    return Draft(type="claim", subject=None, payload={"statement": f"claim {number}", "by": "desk"})
