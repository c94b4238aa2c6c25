from forensics.model import Part

TREE = Part(
    name="file",
    parts=(
        Part(name="EXIF", parts=(Part(name="Image", parts=(Part(name="Make", value="A"),)),)),
        Part(name="Preview", parts=(Part(name="Image", parts=(Part(name="Make", value=7),)),)),
    ),
)


def test_walking_follows_the_stored_order() -> None:
    assert ["/".join(way) for way, _ in TREE.walk()] == [
        "EXIF",
        "EXIF/Image",
        "EXIF/Image/Make",
        "Preview",
        "Preview/Image",
        "Preview/Image/Make",
    ]


def test_parts_are_found_by_the_end_of_the_way_to_them() -> None:
    assert [p.value for p in TREE.all("Image", "Make")] == ["A", 7]
    assert TREE.text("Preview", "Image", "Make") == "7"
    assert TREE.first("Make", "Image") is None
    assert TREE.text("Image") == ""
