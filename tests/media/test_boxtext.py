from forensics.media.boxtext import language, old_text, readable, seconds


def test_old_texts_and_readable_ones() -> None:
    assert old_text(b"\xff", 0) == "ˇ"
    assert old_text(b"\xff", 0x55C4) == "\ufffd"
    assert readable(b"ok\0\1") == "ok"
    assert readable(b"\x1b[31m") == ""


def test_languages_and_times() -> None:
    assert language(0x15C7) == "eng"
    assert language(0) == "0"
    assert seconds(0) is None
    assert seconds(2**63) is None
    assert seconds(3_800_000_000) == "2024-05-31T11:33:20Z"
