from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.inside import mpegts
from forensics.inside.mpegts import read_mpegts
from forensics.inside.mpegts_names import service_text
from forensics.inside.window import Window
from forensics.model import Part
from tests.inside.movies import HOSTILE, cut_everywhere, made, sound, survives

VIDEO = 0x100


def tree(data: bytes) -> Part:
    return sound(read_mpegts(Window.over(data)), len(data))


def packet(pid: int, payload: bytes, *, begins: bool = True, counter: int = 0) -> bytes:
    head = bytes((0x47, 0x40 * begins | pid >> 8, pid & 0xFF, 0x10 | counter & 15))
    return head + payload[:184].ljust(184, b"\xff")


def table(kind: int, body: bytes, *, number: int = 1) -> bytes:
    size = len(body) + 9
    return (
        bytes((0, kind, 0x80 | size >> 8, size & 0xFF))
        + number.to_bytes(2, "big")
        + b"\xc1\0\0"
        + body
        + bytes(4)
    )


def picture(ticks: int) -> bytes:
    stamp = (
        0x21 | ticks >> 29 & 14,
        ticks >> 22 & 255,
        ticks >> 14 & 255 | 1,
        ticks >> 7 & 255,
        ticks << 1 & 255 | 1,
    )
    return b"\0\0\1\xe0\0\0\x80\x80\5" + bytes(stamp)


PAT = packet(0, table(0, b"\0\1\xe1\0"[:2] + b"\xf0\x00"))
PMT_PID = 0x1000
PMT = packet(PMT_PID, table(2, b"\xe1\0\xf0\0\x1b\xe1\0\xf0\x06\x0a\4deu\0"))


def pictures(*ticks: int) -> bytes:
    return b"".join(packet(VIDEO, picture(t), counter=i) for i, t in enumerate(ticks))


@pytest.mark.parametrize(("name", "words"), [("a.ts", "188"), ("a.m2ts", "192")])
def test_a_stream_as_a_program_writes_it(name: str, words: str) -> None:
    root = tree(made(name))
    assert root.trouble is None
    assert words in root.meaning
    video = next(p for p in root.all("programme", "stream") if p.text("type") == "27")
    assert video.trouble is None
    assert video.meaning == "H.264"
    last = video.first("last time")
    assert last is not None
    assert last.meaning.endswith("0.960 s after the first")
    assert video.first("gap") is None


def test_a_service_is_named() -> None:
    root = tree(made("a.ts"))
    assert (root.text("service", "name"), root.text("service", "provider")) == (
        "Station",
        "Someone",
    )


def test_gaps_and_lost_packets_are_found() -> None:
    root = tree(PAT + PMT + pictures(0, 3600, 7200, 900_000, 903_600))
    video = root.first("programme", "stream")
    assert video is not None
    assert video.text("language") == "deu"
    (gap,) = video.all("gap")
    assert gap.meaning == "the time steps by 9.920 s"
    lost = tree(PAT + PMT + pictures(0, 3600) + packet(VIDEO, picture(7200), counter=9)).first(
        "stream"
    )
    assert lost is not None
    assert lost.trouble == "The packets do not follow each other at 1 places."


def test_the_time_may_run_over() -> None:
    top = (1 << 33) - 3600
    root = tree(PAT + PMT + pictures(top, 0, 3600))
    video = root.first("stream")
    assert video is not None
    assert video.first("gap") is None
    last = video.first("last time")
    assert last is not None
    assert "0.080 s after the first" in last.meaning


def test_the_time_of_a_broadcast() -> None:
    clock = packet(0x14, b"\0\x70\x70\x05\xe0\xc7\x10\x20\x30")
    assert tree(clock + PAT + PMT).text("time") == "2016-06-04T10:20:30Z"
    assert tree(packet(0x14, b"\0\x70\x70\x05\xc0\x79\x99\x99\x99") + PAT).first("time") is None


def test_the_middle_of_a_long_stream_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mpegts, "MAX_HEAD", 188 * 10)
    monkeypatch.setattr(mpegts, "MAX_TAIL", 188 * 5)
    root = tree(PAT + PMT + pictures(*range(0, 90_000 * 90, 90_000)))
    assert "were not read" in root.meaning
    video = root.first("stream")
    assert video is not None
    assert video.first("gap") is None
    assert video.trouble is None


def test_packets_that_lost_their_mark() -> None:
    root = tree(PAT + PMT + pictures(0, 3600) * 8 + b"x" + pictures(0)[1:])
    assert root.trouble == "1 packets do not begin with the mark of one."


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"plain", "plain"),
        (b"\x15\xc3\xbc", "ü"),
        (b"\x10\0\5\xb0", "А"),
        (b"\1\xb0", "А"),
        (b"", ""),
        (b"\x10", ""),
    ],
)
def test_texts_of_broadcasters(data: bytes, text: str) -> None:
    assert service_text(data) == text


def test_hostile_names_are_carried_as_they_are() -> None:
    name = b"x" + HOSTILE.replace("\0", "").encode()
    described = b"\x48" + bytes((len(name) + 3, 1, 0, len(name))) + name
    body = b"\0\1\xff\0\1\xfc\x80" + bytes([len(described)]) + described
    root = tree(PAT + PMT + packet(0x11, table(0x42, body)))
    assert root.text("service", "name") == name.decode("latin-1")


def test_a_section_that_never_ends() -> None:
    endless = (
        packet(PMT_PID, b"\0\2\xbf\xff")
        + packet(PMT_PID, b"\xff" * 184, begins=False, counter=1) * 5000
    )
    assert survives(read_mpegts, PAT + endless)


def test_no_packets() -> None:
    for data in (b"", b"\x47", bytes(5000), b"\x47" * 100):
        assert tree(data).trouble


def test_every_beginning_of_a_small_stream() -> None:
    cut_everywhere(read_mpegts, PAT + PMT + pictures(0, 3600))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.binary(max_size=184), max_size=8), st.sampled_from([0, 0x11, 0x14, VIDEO, PMT_PID])
)
def test_any_payload_is_read(payloads: list[bytes], pid: int) -> None:
    survives(
        read_mpegts, PAT + PMT + b"".join(packet(pid, p, counter=i) for i, p in enumerate(payloads))
    )


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_changed_bytes_never_raise(data: st.DataObject) -> None:
    changed = bytearray(made("a.ts")[: 188 * 12])
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at] = data.draw(st.integers(0, 255))
    survives(read_mpegts, bytes(changed))
