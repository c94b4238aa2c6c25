"""Many files: which ones, where their reports go, and what the batch came to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.batch import STDIN, expand, overall, report_targets
from forensics.errors import IntakeError, UsageError


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def test_files_are_taken_in_the_order_given() -> None:
    paths = [Path("b.mp4"), Path("a.mp4"), STDIN, Path("missing")]
    assert expand(paths) == paths


def test_a_folder_is_taken_with_all_below_it_by_name(tmp_path: Path) -> None:
    fill(tmp_path, "b.jpg", "a/z.png", "a/c.mp4", "c/d/e.gif")
    assert expand([tmp_path]) == [
        tmp_path / n for n in ("a/c.mp4", "a/z.png", "b.jpg", "c/d/e.gif")
    ]


def test_hidden_files_and_links_below_a_folder_are_left_out(tmp_path: Path) -> None:
    fill(tmp_path, "a.jpg", ".hidden.jpg", ".git/config")
    (tmp_path / "link.jpg").symlink_to("/etc/passwd")
    (tmp_path / "round").symlink_to(tmp_path)
    assert expand([tmp_path]) == [tmp_path / "a.jpg"]


def test_what_was_given_by_name_is_always_taken(tmp_path: Path) -> None:
    fill(tmp_path, ".hidden/x.jpg")
    (tmp_path / "link.jpg").symlink_to(tmp_path / ".hidden/x.jpg")
    given_by_name = [tmp_path / ".hidden/x.jpg", tmp_path / "link.jpg"]
    assert expand(given_by_name) == given_by_name
    assert expand([tmp_path / ".hidden"]) == [tmp_path / ".hidden/x.jpg"]


def test_a_folder_without_files_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "empty/below").mkdir(parents=True)
    error, other = expand([tmp_path / "empty", Path("a.mp4")])
    assert isinstance(error, IntakeError)
    assert "holds no files" in str(error)
    assert other == Path("a.mp4")


def test_standard_input_is_taken_once() -> None:
    with pytest.raises(UsageError, match="once"):
        expand([STDIN, Path("a"), STDIN])


def test_a_folder_named_like_standard_input_is_not_walked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    fill(tmp_path, "-/a.jpg")
    assert expand([STDIN]) == [STDIN]


def test_names_that_no_file_can_have_are_left_to_intake() -> None:
    for path in (Path("x" * 5000), Path("a\0b"), Path("/etc/passwd/x")):
        assert expand([path]) == [path]


def test_a_folder_that_cannot_be_read_is_told_and_not_left_out(tmp_path: Path) -> None:
    fill(tmp_path, "open/a.jpg", "locked/b.jpg")
    tmp_path.chmod(0o755)
    (tmp_path / "locked").chmod(0)
    parents = [p for p in tmp_path.parents if p.stat().st_uid == os.geteuid()]
    before = [p.stat().st_mode for p in parents]
    superuser = os.geteuid() == 0
    if superuser:  # who may read everything
        for p in parents:
            p.chmod(p.stat().st_mode | 0o755)
        os.seteuid(65534)
    try:
        found = expand([tmp_path])
    finally:
        if superuser:
            os.seteuid(0)
            for p, mode in zip(parents, before, strict=True):
                p.chmod(mode)
        (tmp_path / "locked").chmod(0o755)
    file, error = found
    assert file == tmp_path / "open/a.jpg"
    assert isinstance(error, IntakeError)
    assert "locked cannot be read: Permission denied" in str(error)


# Reports


def test_no_report_goes_nowhere() -> None:
    assert report_targets([Path("a"), Path("b")], None) == [None, None]


def test_one_report_goes_where_it_was_asked_for(tmp_path: Path) -> None:
    target = tmp_path / "new/out.html"
    assert report_targets([Path("a.mp4")], target) == [target]
    assert target.parent.is_dir()


def test_one_report_goes_into_a_folder_that_is_there(tmp_path: Path) -> None:
    assert report_targets([Path("x/a.mp4")], tmp_path) == [tmp_path / "1-a.mp4.html"]


def test_several_reports_go_into_a_folder_in_order(tmp_path: Path) -> None:
    files = [Path(f"{n}.jpg") for n in range(12)]
    found = report_targets(files, tmp_path / "new")
    assert (tmp_path / "new").is_dir()
    assert [f.name for f in found if f][:2] == ["01-0.jpg.html", "02-1.jpg.html"]
    assert sorted(found, key=str) == found


def test_several_reports_do_not_go_into_one_file(tmp_path: Path) -> None:
    fill(tmp_path, "out.html")
    with pytest.raises(UsageError, match="is one file, and 2 files were given"):
        report_targets([Path("a"), Path("b")], tmp_path / "out.html")


def test_a_place_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    fill(tmp_path, "file")
    with pytest.raises(UsageError, match="cannot be made"):
        report_targets([Path("a"), Path("b")], tmp_path / "file/below")


@given(
    st.lists(
        st.text(st.characters(codec=None, exclude_characters="/\0"), min_size=1, max_size=300),
        min_size=2,
        max_size=5,
    )
)
def test_any_names_give_reports_that_can_be_written(names: list[str]) -> None:
    found = report_targets([Path("x") / n for n in names], Path("/tmp"))
    assert len(set(found)) == len(names)
    for target in found:
        assert target is not None
        assert target.parent == Path("/tmp")
        assert len(os.fsencode(target.name)) <= 255
        assert not set(target.name) & set("\n\x1b<>\"'&\u202e ")


def test_the_gravest_code_is_that_of_the_batch() -> None:
    assert overall(set()) == 0
    assert overall({0}) == 0
    assert overall({0, 2, 3}) == 3
    assert overall({0, 1, 3}) == 1
    assert overall({0, 1, 3, 4}) == 4
    assert overall({2}) == 2
