import pytest

from forensics.inside.place import in_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("+47.3769+008.5417+408/", "47.37690 north, 8.54170 east, 408 m"),
        ("-33.8688-070.5/", "33.86880 south, 70.50000 west"),
        ("+4722.61+00832.50/", "47.37683 north, 8.54167 east"),
        ("-472237-0083230-12.5/", "47.37694 south, 8.54167 west, -12.5 m"),
        ("+27.5916+086.5640+8850/", "27.59160 north, 86.56400 east, 8850 m"),
        ("+99.0000+008.5417/", ""),
        ("+47.3769", ""),
        ("somewhere", ""),
        ("", ""),
    ],
)
def test_places_in_words(text: str, words: str) -> None:
    assert in_words(text) == words
