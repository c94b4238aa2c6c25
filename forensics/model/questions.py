"""The questions that findings bear on: each a pair of propositions, of which at most one holds.

They stand here because analyses do not import each other and the ruleset refers to them by id.
"""

from __future__ import annotations

from forensics.model.finding import Pillar, Question

FIRST_RECORDING = Question(
    id="first-recording",
    pillar=Pillar.INTEGRITY,
    h1="the file was written by something other than the device that recorded it",
    h2="the file is as its recording device wrote it",
)

STATED_DATES = Question(
    id="stated-dates",
    pillar=Pillar.DATE,
    h1="the dates that the file states fit one another",
    h2="the dates that the file states contradict one another",
)

RECORDED_WHEN_STATED = Question(
    id="recorded-when-stated",
    pillar=Pillar.DATE,
    h1="the material was recorded when the file states",
    h2="the material was recorded at another time than the file states",
)

STATED_DEVICE = Question(
    id="stated-device",
    pillar=Pillar.SOURCE,
    h1="the file comes from the device or program that it names",
    h2="the file comes from somewhere else",
)

STATED_PLACE = Question(
    id="stated-place",
    pillar=Pillar.LOCATION,
    h1="the material was recorded at the place that the file states",
    h2="the material was recorded elsewhere",
)

EVENT_TIME = Question(
    id="event-time",
    pillar=Pillar.DATE,
    h1="the material was recorded during or after the stated time of the event",
    h2="the material existed before the stated time of the event",
)

EVENT_PLACE = Question(
    id="event-place",
    pillar=Pillar.LOCATION,
    h1="the material was recorded within the stated place of the event",
    h2="the material was recorded outside the stated place of the event",
)

SEEN_BEFORE = Question(
    id="seen-before",
    pillar=Pillar.PROVENANCE,
    h1="the same pictures or sound exist in another asset met earlier",
    h2="this asset is the first that carries them",
)

SAVED_BY_EDITOR = Question(
    id="saved-by-editor",
    pillar=Pillar.INTEGRITY,
    h1="the file was saved by an editing program",
    h2="the file was not saved by an editing program",
)

CHANGED_AFTER_SIGNING = Question(
    id="changed-after-signing",
    pillar=Pillar.INTEGRITY,
    h1="the file, or a credential in it, was changed after it was signed",
    h2="the file and its credential are as they were signed",
)

MADE_BY_GENERATOR = Question(
    id="made-by-generator",
    pillar=Pillar.INTEGRITY,
    h1="the content was made, wholly or in part, by a generative system",
    h2="the content was made without a generative system",
)

SKY_AS_STATED = Question(
    id="sky-as-stated",
    pillar=Pillar.DATE,
    h1="a person's reading of sky or light fits the time and the place that the file states",
    h2="that reading and the time and place that the file states cannot both hold",
)

SKY_SINCE_EVENT = Question(
    id="sky-since-event",
    pillar=Pillar.DATE,
    h1=(
        "a person's reading of sky or light fits the stated place at some time between the beginning of the "
        "event and the first known appearance of the material"
    ),
    h2="that reading and the stated place cannot both hold at any such time",
)

INDEPENDENT_SOURCES = Question(
    id="independent-sources",
    pillar=Pillar.SOURCE,
    h1="the assets offered for the claim do not depend on one another",
    h2="assets offered for the claim come from one recording or one source",
)

TIMES_OF_ASSETS = Question(
    id="times-of-assets",
    pillar=Pillar.DATE,
    h1="the times that the assets state of the same event fit one another",
    h2="the times that the assets state cannot all hold",
)

PLACES_OF_ASSETS = Question(
    id="places-of-assets",
    pillar=Pillar.LOCATION,
    h1="the places that the assets state of the same event fit one another",
    h2="the places that the assets state cannot all hold",
)

PIXELS_CHANGED = Question(
    id="pixels-changed",
    pillar=Pillar.INTEGRITY,
    h1="part of the picture was changed after it was first saved",
    h2="the picture shows what was first saved",
)

PASSAGES_CHANGED = Question(
    id="passages-changed",
    pillar=Pillar.INTEGRITY,
    h1="passages of the video or sound were repeated, put in, taken out or replaced after it was recorded",
    h2="the video or sound runs as it was recorded",
)
