"""The analysis that brings out what the eye passes over."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from forensics.analyses.viewing_aids import ViewingAids
from forensics.errors import NotFitting
from forensics.model import Asset, Context, Diagnostic, Exhibit, MediaKind, Sha256

ASSET = Asset(sha256=Sha256("0" * 64), size=1, kind=MediaKind.IMAGE, mime="image/png", name="file")


class Shown:
    """What this analysis reads of a context, over one picture."""

    def __init__(self, picture: NDArray[np.uint8]) -> None:
        self.picture = picture

    @property
    def samples(self) -> Shown:
        return self

    def pixels(self, index: int) -> NDArray[np.uint8]:
        assert index == 0
        return self.picture

    def check_deadline(self) -> None:
        pass

    def exhibit(self, id: str, picture: NDArray[np.uint8], caption: str) -> Exhibit:
        return Exhibit(
            id=id, caption=caption, mime="image/png", path="x", sha256="0" * 64,
            width=picture.shape[1], height=picture.shape[0],
        )  # fmt: skip


def test_every_view_says_how_it_was_made_and_that_it_moves_nothing() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (200, 300, 3)).astype(np.uint8)
    (finding,) = ViewingAids().run(ASSET, cast("Context", Shown(picture)))
    assert finding.question is None
    assert finding.diagnostic is Diagnostic.NO
    assert [e.id for e in finding.exhibits] == [
        "noise-residual",
        "jpeg-ghosts",
        "gradient",
        "level-sweep",
        "bit-planes",
        "principal-components",
        "spectrum",
    ]
    for exhibit in finding.exhibits:
        assert exhibit.caption.endswith("A viewing aid: it moves no verdict.")
        assert "To look for: " in exhibit.caption
        assert "It is fooled by " in exhibit.caption
    assert finding.statement.startswith("7 views of the picture were made to help the eye: noise")


def test_a_picture_too_small_to_show_anything_is_declined() -> None:
    with pytest.raises(NotFitting, match="smaller than 16 pixels"):
        list(ViewingAids().run(ASSET, cast("Context", Shown(np.zeros((15, 400, 3), np.uint8)))))
