"""What the search for earlier copies may measure, and what it cannot show."""

from __future__ import annotations

from forensics.model.finding import Caveat, Quantity

QUANTITIES = (
    Quantity(key="asset", unit="text", meaning="First 12 digits of the other asset's SHA-256."),
    Quantity(
        key="asset-sha256",
        unit="text",
        meaning="The other asset's SHA-256, or the name that was made of its codes.",
    ),
    Quantity(
        key="listed-by",
        unit="text",
        meaning="Who published the list of hashes that is all that is known of the other asset.",
    ),
    Quantity(key="relation", unit="text", meaning="How the two assets are alike."),
    Quantity(
        key="first-seen", unit="time", meaning="When this ledger first recorded the other asset."
    ),
    Quantity(
        key="seen-elsewhere",
        unit="time",
        meaning="Since when the other asset is on record elsewhere, on somebody's word.",
    ),
    Quantity(
        key="spans", unit="text", meaning="Where the two agree, in seconds from the start of each."
    ),
    Quantity(key="pairs", unit="count", meaning="How many pairs of sampled pictures agree."),
    Quantity(
        key="distance",
        unit="bits",
        meaning="Median of the differing bits over the pairs that agree by whole-picture codes.",
    ),
    Quantity(
        key="tiles",
        unit="count",
        meaning="Places compared after the pairs of pictures had been laid over each other.",
    ),
    Quantity(key="agree", unit="count", meaning="How many of those places agree."),
    Quantity(
        key="part",
        unit="percent",
        meaning="How much of the other asset's picture is seen in the one in hand.",
    ),
    Quantity(
        key="times",
        unit="ratio",
        meaning="Picture points a side of what both show: those of the finer one to the other's.",
    ),
    Quantity(key="scheme", unit="text", meaning="What was compared, with its version."),
    Quantity(
        key="transform",
        unit="text",
        meaning="What was done to the pictures or the sound, in words.",
    ),
    Quantity(
        key="name", unit="text", meaning="The other asset's file name as received.", personal=True
    ),
    Quantity(key="signatures", unit="count", meaning="Signatures of other assets in the index."),
    Quantity(key="assets", unit="count", meaning="Other assets in the index."),
    Quantity(key="queries", unit="count", meaning="Signatures of this asset that were asked for."),
    Quantity(
        key="skipped",
        unit="count",
        meaning="Sampled pictures with too little in them to be searched for.",
    ),
    Quantity(
        key="common",
        unit="count",
        meaning="Sampled pictures left out because they occur in so many assets here.",
    ),
    Quantity(key="compared", unit="count", meaning="Pairs of pictures laid over each other."),
    Quantity(
        key="sounds", unit="count", meaning="Other assets with whose sound this one's was compared."
    ),
    Quantity(
        key="listened",
        unit="count",
        meaning="Seconds of this asset's sound that were asked with: not silence, hum, noise or bare tones.",
    ),
    Quantity(
        key="note", unit="text", meaning="What could not be looked at or was left out, in words."
    ),
    Quantity(
        key="schemes", unit="text", meaning="Schemes compared, each with the bits that may differ."
    ),
)

ENLARGED = Caveat(
    id="enlarging-adds-points",
    text="Enlarging gives a picture more points and no more detail, and the first to publish may have had a"
    " small version: the finer of two is not therefore the earlier.",
)
CAVEATS = (
    Caveat(
        id="missed-edits",
        text=(
            "Copies that are very small within another picture, strongly blurred, covered for the most "
            "part, or shorter than two distinct sampled pictures can be missed; so can sound that was "
            "changed much."
        ),
    ),
    Caveat(
        id="same-scene",
        text=(
            "Two recordings of one scene from one viewpoint, taken at different times, can agree as a copy "
            "does where little in them moves. Compare the pairs of pictures by eye."
        ),
    ),
    Caveat(
        id="same-sound",
        text=(
            "The same sound is no proof about pictures: sound is laid under other pictures, and one "
            "broadcast, song or loudspeaker is heard in many recordings. It says where sound comes from, not "
            "when or where the pictures were taken."
        ),
    ),
    Caveat(
        id="earliest-found",
        text=(
            "Only what this ledger has met is searched. The earliest copy found is not the earliest that "
            "exists, and none found does not show that there is none."
        ),
    ),
    Caveat(
        id="which-first",
        text=(
            "Agreement does not say which of two assets came first: the one met later may be the source "
            "of the other."
        ),
    ),
    Caveat(
        id="common-material",
        text=(
            "Stock footage, idents, maps and agency pictures are used by many. Sharing them says where "
            "pictures come from, not that a report about them is wrong. Silent tracks of equal length "
            "can be bit for bit the same without a common source."
        ),
    ),
)
