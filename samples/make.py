"""Makes every sample file again, byte for byte, or checks that this would give the same bytes.

python samples/make.py                       make all, and bring manifest.toml up to date
python samples/make.py --only released-map.png   make one group of files
python samples/make.py --check               make all in a temporary folder and compare
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from making import claim, manifest, map_graphic, map_page, screenshot, stills, videos

HERE = Path(__file__).resolve().parent
MANIFEST = HERE / "manifest.toml"


def _videos(folder: Path) -> None:
    videos.make(folder)


def _map(folder: Path) -> None:
    map_graphic.make(folder / "released-map.png")


def _page(folder: Path) -> None:
    map_page.make(folder / "released-map.pdf")


def _screenshot(folder: Path) -> None:
    screenshot.make(folder / "screenshot.png", folder / "released-drone-video.mp4")


def _claim(folder: Path) -> None:
    claim.make(folder / "claim.toml")


# In this order: the screenshot shows a frame of the released video.
GROUPS: tuple[tuple[tuple[str, ...], Callable[[Path], None]], ...] = (
    (("claim.toml",), _claim),
    (("released-map.png",), _map),
    (("released-map.pdf",), _page),
    (("edited-still.jpg", "edited-still-mask.png", "clean-still.jpg"), stills.make),
    (
        ("released-drone-video.mp4", "earlier-footage.mp4", "released-drone-video-reupload.mp4"),
        _videos,
    ),
    (("screenshot.png",), _screenshot),
)


def make(folder: Path, *, only: str | None = None) -> None:
    """Make the files, or only the group that one name belongs to.

    Args:
        folder: Where to write.
        only: A file name, or nothing for all.

    Raises:
        ValueError: No group makes a file of that name.
    """
    names = [name for group, _ in GROUPS for name in group]
    if only is not None and only not in names:
        raise ValueError(f"no sample is called {only}; there are: {', '.join(names)}")
    for group, write in GROUPS:
        if only is None or only in group:
            print(f"making {', '.join(group)}", file=sys.stderr)
            write(folder)


def differences(folder: Path) -> list[str]:
    """List how the files in a folder differ from what the manifest states."""
    found = []
    for name, stated in manifest.digests(MANIFEST).items():
        actual = manifest.digest(folder / name)
        if actual != stated:
            found.append(f"{name}: manifest states {stated}, made {actual}")
    return found


def check() -> int:
    """Make all files in a temporary folder and compare; give the exit code."""
    with tempfile.TemporaryDirectory() as name:
        make(Path(name))
        found = differences(Path(name))
    if not found:
        print("all files come out byte for byte as the manifest states")
        return 0
    print("\n".join(found))
    stated, here = manifest.stated_versions(MANIFEST), manifest.versions()
    for key in sorted(stated.keys() | here.keys()):
        if stated.get(key) != here.get(key):
            print(f"made with {key} {stated.get(key)}; here it is {here.get(key)}")
    return 1


def main() -> int:
    """Read the command line and do as it says."""
    parser = argparse.ArgumentParser(description="Make the sample media again.")
    parser.add_argument("--check", action="store_true", help="compare with manifest.toml instead")
    parser.add_argument("--only", metavar="NAME", help="make only the group this file belongs to")
    options = parser.parse_args()
    if options.check:
        return check()
    make(HERE, only=options.only)
    manifest.refresh(MANIFEST, HERE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
