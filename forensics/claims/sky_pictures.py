"""Pictures of what a person's observations of the sky allow, for a report."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from PIL import Image

from forensics.model import Claim, Picture, Sha256
from forensics.model.case import Observation, Seen
from forensics.sky.bodies import Body
from forensics.sky.drawn import sky_picture
from forensics.sky.measured import sighting
from forensics.sky.setting import setting


def sky_pictures(
    asset: Sha256,
    claim: Claim | None,
    observations: Sequence[Observation],
    known_at: str | None = None,
) -> tuple[Picture, ...]:
    """Returns a picture for each observation that can be tested; the arguments are `compare_sky`'s.

    Returns:
        PNG pictures with the ids "sky/<index of the observation's entry>", in the order of entries.
    """
    own = sorted((o for o in observations if o.asset == asset), key=lambda o: o.stated.entry)
    return tuple(picture for o in own for picture in _picture(o, claim, known_at))


def _picture(
    observation: Observation, claim: Claim | None, known_at: str | None
) -> Iterator[Picture]:
    where = setting(claim, known_at)
    measured = sighting(observation)
    of_sun = observation.kind in {Seen.SHADOW, Seen.AZIMUTH}
    if isinstance(where, str) or observation.kind is Seen.SEASON or (of_sun and measured is None):
        return
    body = Body.MOON if observation.kind is Seen.MOON else Body.SUN
    drawn = Image.fromarray(sky_picture(where, body, measured))
    stream = io.BytesIO()
    drawn.save(stream, "PNG")
    yield Picture(
        id=f"sky/{observation.stated.entry}",
        caption=_CAPTIONS[observation.kind],
        mime="image/png",
        data=stream.getvalue(),
        width=drawn.width,
        height=drawn.height,
        time=observation.time,
    )


_SUN = (
    "How high the sun stood at the stated place on the stated days, with what a person measured and "
    "the times that fit it, and from where on earth it fits at the stated time; computed here."
)
_CAPTIONS = {
    Seen.SHADOW: _SUN,
    Seen.AZIMUTH: _SUN,
    Seen.LIGHT: "How high the sun stood at the stated place on the stated days; computed here.",
    Seen.MOON: "How high the moon stood at the stated place on the stated days; computed here.",
}
