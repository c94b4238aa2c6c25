"""What `forensics case` and its fellows refuse, and why."""

from __future__ import annotations

import pytest

from db.searching import SearchReader
from forensics.errors import UsageError
from tests.cli.conftest import Program, digits, run


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["case", "show", "nowhere"], "there is no case 'nowhere'"),
        (["case", "new", "valdai", "--title", "T"], "there is a case 'valdai' already"),
        (["case", "new", "Valdai!", "--title", "T"], "cannot name a case"),
        (["case", "new", "other", "--title", " "], "--title holds nothing"),
        (["claim", "list", "nowhere"], "there is no case 'nowhere'"),
        (["claim", "show", "valdai"], "names no claim"),
        (["claim", "show", "valdai/7"], "has no claim 7"),
        (["claim", "add", "valdai"], "from a file, or from options"),
        (["claim", "add", "valdai", "claim.toml", "--by", "x"], "from a file, or from options"),
        (["claim", "add", "valdai", "nowhere.toml"], "nowhere.toml cannot be read"),
        (["claim", "add", "nowhere", "--statement", "X.", "--by", "Y"], "no case 'nowhere'"),
        (["claim", "add", "valdai", "--statement", "X."], "by is missing"),
        (["claim", "add", "valdai", "--statement", "X.", "--by", "Y", "--count", "many"], "--count"),
        (
            ["claim", "add", "valdai", "--statement", "X.", "--by", "Y", "--from", "2025-12-29T03:00"],
            "from needs a date, a time and a zone",
        ),
        (["case", "add", "nowhere", "ASSET"], "there is no case 'nowhere'"),
        (["case", "add", "valdai", "ASSET", "--claim", "3"], "has no claim 3"),
        (["case", "add", "valdai", "ffffffffffff"], "knows no asset"),
        (["case", "add", "valdai", "ASSET", "--released-at", "2025-12-31T09:00"], "--released-at"),
        (["case", "add", "valdai", "ASSET", "--released-at", "2999-12-31"], "lies ahead"),
        (["case", "add", "valdai", "ASSET", "--url", "javascript:alert(1)"], "--url is 'javascript"),
        (["case", "withdraw", "0", "--reason", "r"], "is no offer of an asset"),
        (["observation", "withdraw", "999", "--reason", "r"], "entry 999 is no observation: there is"),
        (["note", "withdraw", "0", "--reason", " "], "--reason holds nothing"),
        (["claim", "add", "valdai", "--statement", "X.", "--by", "Y", "--corrects", "7"],
         "has no claim 7"),
        (["observation", "light", "ASSET", "dusk", "--case", "valdai"], "one of day, twilight"),
        (["observation", "moon", "ASSET", "blue", "--case", "valdai"], "one of full"),
        (["observation", "light", "ASSET", "day", "--case", "nowhere"], "no case 'nowhere'"),
        (["observation", "light", "EDITED", "day", "--case", "valdai"], "holds no asset"),
        (["observation", "light", "ASSET", "day", "--case", "valdai", "--at", "x"], "--at is 'x'"),
        (["observation", "azimuth", "ASSET", "--case", "valdai", "--azimuth", "361"], "--azimuth"),
        (["note", "add", "--case", "valdai", "--pillar", "x", "--diagnostic", "no", "--text", "t"],
         "--pillar is 'x'"),
        (["note", "add", "--case", "valdai", "--pillar", "date", "--diagnostic", "no", "--text", "t"],
         "--diagnostic no needs --reason"),
        (["appearance", "add", "ASSET", "--nothing-found"], "about a search elsewhere"),
        (["appearance", "add", "ASSET", "--engine", "X", "--nothing-found"], "needs --asked-at"),
        (["appearance", "add", "ASSET", "--engine", "X"], "needs what it found"),
        (["appearance", "add", "ASSET", "--engine", "X", "--nothing-found", "--source-url", "u"],
         "goes without --source-url"),
        (["appearance", "add", "ASSET", "--source-url", "javascript:alert(1)",
          "--published-at", "2025-11-01"], "http:// or https://"),
        (["appearance", "add", "ASSET", "--engine", "X", "--asked-at", "2026-01-02T10:00Z",
          "--source-url", "https:///x"], "http:// or https://"),
        (["register", "one.png", "--source-url", "ftp://example.org", "--published-at", "2025-11-01"],
         "http:// or https://"),
        (["ledger", "keys", "new", "key.skey", "Anna Editor"], "NAME cannot be used"),
        (["appearance", "add", "ASSET", "--engine", "X", "--nothing-found",
          "--asked-at", "2026-01-02T10:00"], "--asked-at"),
    ],
    ids=lambda x: " ".join(x)[:60] if isinstance(x, list) else "",
)  # fmt: skip
def test_what_cannot_be_done_is_said_and_nothing_is_recorded(
    told: Program, arguments: list[str], says: str
) -> None:
    with SearchReader.open(told.ledger) as reader:
        size = reader.size()
        edited = next(e for e in reader.entries(type="asset-received") if e.entry.subject)
    names = {"ASSET": digits(told), "EDITED": str(edited.entry.subject).removeprefix("sha256:")}
    raised = run(told, *(names.get(one, one) for one in arguments))
    assert isinstance(raised, UsageError), raised
    assert says in str(raised)
    with SearchReader.open(told.ledger) as reader:
        assert reader.size() == size
