"""python-threatexchange reads the hashes that we write, and we find pictures by the hashes that it makes."""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from forensics.hashlists.item import HashItem
from forensics.hashlists.reading import read_list
from forensics.hashlists.writing import as_vpdq
from forensics.model import MediaKind, Signature
from forensics.signatures.schemes import PDQ, differing_bits
from forensics.signatures.sign import sign
from tests.interop.conftest import Judge

pytestmark = pytest.mark.interop


def test_it_reads_our_vpdq_and_we_read_its(threatexchange: Judge) -> None:
    codes = tuple(
        Signature(
            scheme=PDQ,
            code=sha256(b"%d" % n).digest(),
            quality=60 + n,
            time=Fraction(n * 250, 1000),
        )
        for n in range(30)
    )
    text = as_vpdq([HashItem(kind=MediaKind.VIDEO, hashes=codes)]).decode()
    ((written, matches),) = threatexchange([{"vpdq": text}])
    assert matches
    (read,) = read_list(written.encode())
    assert read.hashes == codes


def test_a_picture_lies_within_reach_of_the_hash_that_it_makes(
    threatexchange: Judge, tmp_path: Path
) -> None:
    rows, columns = np.mgrid[0:300, 0:400]
    drawn = 128 + 60 * np.sin(rows / 23) * np.cos(columns / 31) + 50 * ((columns - rows) % 97 > 60)
    pixels = np.repeat(drawn.astype(np.uint8)[:, :, None], 3, axis=2)
    file = tmp_path / "drawn.png"
    Image.fromarray(pixels).save(file)
    (made,) = threatexchange([{"photo": str(file)}])
    (listed,) = read_list(f"{made},100,{file}\n".encode())
    (ours,) = (one for one in sign(pixels, Fraction(0))[0] if one.scheme == PDQ)
    assert differing_bits(listed.hashes[0].code, ours.code) <= 4
