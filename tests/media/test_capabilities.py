"""Versions of all that results can depend on."""

from __future__ import annotations

from importlib.metadata import version

from forensics.media import ffmpeg
from forensics.media.capabilities import available, libraries, package_version
from forensics.model import Capability


def test_every_capability_has_its_version_here() -> None:
    assert set(available()) == set(Capability)
    assert available()[Capability.PYAV] == version("av")
    assert available()[Capability.FFMPEG] == ffmpeg.version()


def test_a_package_that_is_missing_has_no_version() -> None:
    assert package_version("no-such-package-anywhere") is None


def test_libraries_are_told_by_name() -> None:
    found = libraries()
    assert found["ffmpeg"] == ffmpeg.version()
    assert "missing" not in {found[name] for name in found if name != "tesseract"}
    assert found["tesseract"] == (available()[Capability.TESSERACT] or "missing")
    assert found["numpy"] == version("numpy")
