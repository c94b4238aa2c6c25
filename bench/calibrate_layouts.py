"""Made pages, walls, boards and screens in which pictures and signs recur at free places, for measuring.

`layout(kind, seed)` draws one: photographs under signs, collages of other shapes than rectangles, sheets
whose rows are shifted, cards that are the same upside down. All of it recurs as it was laid out; nothing was
copied in it later. Grounds are grained, so that they do not pass for drawn at a glance. The same kind and
seed give the same picture.
"""

from __future__ import annotations

import cv2
import numpy as np
from calibrate_scenes import (
    PHOTOGRAPHS,
    SIZES,
    WORDS,
    Drawing,
    Light,
    Pixels,
    Random,
    cloud,
    print_of,
    random_of,
    taken,
    wash,
)
from PIL import Image, ImageDraw, ImageFont

SUBJECTS = ("things", "signs", "foliage", "facade", "crowd", "water", "bricks")


def layout(kind: str, seed: int) -> Pixels:
    """Returns a made layout, blue first, shape (height, width, 3)."""
    rng = random_of("layout", kind, seed)
    width, height = SIZES[seed % len(SIZES)]
    return LAYOUTS[kind](rng, width, height).clip(0, 255).astype(np.uint8)


def _photo(rng: Random, width: int, height: int) -> Light:
    subject = PHOTOGRAPHS[str(rng.choice(SUBJECTS))]
    return taken(subject(rng, width, height), rng).astype(np.float32)


def _ground(rng: Random, width: int, height: int) -> Light:
    """Paper, cloth or a wall, evenly coloured, with grain."""
    return wash(rng, width, height, 90, 220) + 5 * cloud(rng, width, height, 0.5)[:, :, None]


def _put(
    page: Light,
    thing: Light,
    at: tuple[float, float],
    mask: Light | None = None,
    turn: float = 0.0,
    size: float = 1.0,
) -> None:
    """Lays a thing on the page with its middle at a place, turned by degrees; `mask` says where it covers."""
    high, wide = thing.shape[:2]
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), turn, size)
    matrix[:, 2] += np.array(at) - (wide / 2, high / 2)
    shape = (page.shape[1], page.shape[0])
    cover = np.ones((high, wide), np.float32) if mask is None else mask
    if turn or size != 1.0:
        shown = cv2.warpAffine(thing, matrix, shape, flags=cv2.INTER_AREA)
        share = cv2.warpAffine(cover, matrix, shape)
        page += (np.asarray(shown) - page) * np.asarray(share)[:, :, None]
        return
    left, top = round(at[0] - wide / 2), round(at[1] - high / 2)
    x, y = max(0, left), max(0, top)
    here = page[y : top + high, x : left + wide]
    inside = (slice(y - top, y - top + here.shape[0]), slice(x - left, x - left + here.shape[1]))
    here += (thing[inside] - here) * cover[inside][:, :, None]


def _disc(side: int) -> Light:
    mask = np.zeros((side, side), np.float32)
    cv2.circle(mask, (side // 2, side // 2), side // 2 - 2, 1.0, -1, cv2.LINE_AA)
    return mask


def _rounded(width: int, height: int) -> Light:
    mask = np.zeros((height, width), np.float32)
    corner = max(2, min(width, height) // 8)
    cv2.rectangle(mask, (corner, 0), (width - corner, height), 1.0, -1)
    cv2.rectangle(mask, (0, corner), (width, height - corner), 1.0, -1)
    for x in (corner, width - corner - 1):
        for y in (corner, height - corner - 1):
            cv2.circle(mask, (x, y), corner, 1.0, -1, cv2.LINE_AA)
    return mask


def _places(
    rng: Random, width: int, height: int, count: int, apart: float
) -> list[tuple[float, float]]:
    """Places of chance that keep apart from one another and from the edges."""
    found: list[tuple[float, float]] = []
    for _ in range(400):
        at = tuple((apart / 2 + rng.random(2) * (width - apart, height - apart)).round().tolist())
        if len(found) < count and all(np.hypot(at[0] - x, at[1] - y) > apart for x, y in found):
            found.append((at[0], at[1]))
    return found


def _text(
    page: Light, text: str, at: tuple[float, float], size: int, shade: float, dense: float = 1.0
) -> None:
    """Writes in the letters of an outline font; `dense` is how much they cover."""
    ink = Image.new("L", (page.shape[1], page.shape[0]))
    ImageDraw.Draw(ink).text(at, text, fill=255, font=ImageFont.load_default(size))
    page += (shade - page) * (np.asarray(ink, np.float32)[:, :, None] / 255 * dense)


def _words(rng: Random, count: int) -> str:
    return " ".join(rng.choice(WORDS, count))


def avatars(rng: Random, width: int, height: int) -> Light:
    """A conversation over a photograph: round pictures of two people beside bubbles, left and right."""
    page = _photo(rng, width, height) * 0.6 + 40
    faces = [_photo(rng, 90, 90) for _ in range(2)]
    y = 70
    while y < height - 60:
        who = int(rng.integers(2))
        _put(page, faces[who], ((70, width - 70)[who] + int(rng.integers(0, 3)) * 22, y), _disc(90))
        bubble = _ground(rng, width // 3, 70)
        _put(page, bubble, (width * (0.32, 0.66)[who], y), _rounded(width // 3, 70))
        _text(page, _words(rng, 3), (width * (0.2, 0.54)[who], y - 14), 24, 20)
        y += int(rng.integers(100, 170))
    return page


def pins(rng: Random, width: int, height: int) -> Light:
    """Ground seen from above, with shaded pins and numbers at places of chance."""
    page = wash(rng, width, height, 60, 140) + 22 * cloud(rng, width, height, 1.0)[:, :, None]
    pin = print_of(rng, 64, 64) * np.linspace(1.2, 0.7, 64, dtype=np.float32)[None, :, None]
    for number, at in enumerate(_places(rng, width, height, int(rng.integers(2, 9)), 150)):
        _put(page, pin, at, _disc(64))
        _text(page, str(number + 1), (at[0] - 9, at[1] + 36), 26, 250)
    return page


def contacts(rng: Random, width: int, height: int) -> Light:
    """A contact sheet whose rows are shifted; one photograph is in it twice."""
    page = _ground(rng, width, height)
    wide, high = width // 5, height // 5
    shots = [_photo(rng, wide, high) for _ in range(9)]
    shots.append(shots[int(rng.integers(4))])
    for number, shot in enumerate(shots):
        row, column = divmod(number, 4)
        at = wide * (0.7 + 1.15 * column) + row * 37, high * (0.8 + 1.4 * row)
        _put(page, shot, at, _rounded(wide, high) if width > height else None)
        _text(page, f"{number + 11}A", (at[0] - 16, at[1] + high / 2 + 4), 20, 20)
    return page


def polaroids(rng: Random, width: int, height: int) -> Light:
    """Prints on a table, turned as they fell; of one there are two, of different size."""
    page = _ground(rng, width, height)
    wide, high = width // 4, height // 4
    shots = [_photo(rng, wide, high) for _ in range(4)]
    for number, at in enumerate(_places(rng, width, height, 5, min(width, height) / 2.4)):
        sheet = cv2.copyMakeBorder(
            shots[number % 4], 12, 40, 12, 12, cv2.BORDER_CONSTANT, value=(238, 240, 240)
        )
        _put(page, np.asarray(sheet), at, turn=rng.uniform(-25, 25), size=rng.uniform(0.8, 1.3))
    return page


def watermarks(rng: Random, width: int, height: int) -> Light:
    """A photograph with one sign laid over it again and again, slanting and half transparent."""
    page = _photo(rng, width, height)
    word, size = _words(rng, 1), int(rng.integers(36, 70))
    dense = rng.uniform(0.25, 0.6)
    for row, y in enumerate(range(20, height - size, int(rng.integers(120, 260)))):
        for x in range(30 + row % 3 * 110, width - 100, int(rng.integers(330, 480))):
            _text(page, word, (x, y), size, 250, dense)
    return page


def flags(rng: Random, width: int, height: int) -> Light:
    """Rows of flags of drawn cloth, shifted from row to row; some nations send several."""
    page = _ground(rng, width, height)
    wide, high = int(rng.integers(120, 180)), int(rng.integers(80, 110))
    folds = (1 + 0.25 * np.sin(np.arange(wide) / 11.0, dtype=np.float32))[None, :, None]
    nations = [(print_of(rng, wide, high) * folds).astype(np.float32) for _ in range(7)]
    for row, y in enumerate(range(high, height - high // 2, high + 40)):
        for x in range(wide, width - wide // 2, wide + 30):
            _put(page, nations[int(rng.integers(7))], (x + 41 * (row % 3), y + 7 * (x % 5)))
    return page


def sprites(rng: Random, width: int, height: int) -> Light:
    """A game seen from above: models with soft outlines at places of chance on grained ground."""
    page = wash(rng, width, height, 50, 130) + 12 * cloud(rng, width, height, 0.8)[:, :, None]
    side = int(rng.integers(80, 150))
    models = [
        print_of(rng, side, side) + 6 * cloud(rng, side, side, 0.5)[:, :, None] for _ in range(4)
    ]
    soft = np.asarray(cv2.GaussianBlur(_disc(side), (0, 0), 3), np.float32)
    for number, at in enumerate(_places(rng, width, height, int(rng.integers(3, 10)), side * 1.3)):
        _put(page, models[number % 4], at, soft)
    return page


def comics(rng: Random, width: int, height: int) -> Light:
    """Panels with a dotted screen in which one figure stands again, also turned to the other side."""
    page = np.full((height, width, 3), 245, np.float32)
    figure = print_of(rng, 150, 220)
    mask = np.zeros((220, 150), np.float32)
    cv2.ellipse(mask, (75, 110), (70, 105), 0, 0, 360, 1.0, -1, cv2.LINE_AA)
    down, across = np.mgrid[:height, :width]
    dots = (np.sin(across / 2.1) * np.sin(down / 2.1) * 14).astype(np.float32)[:, :, None]
    for row in range(2):
        for column in range(3):
            x, y = 14 + column * (width // 3), 14 + row * (height // 2)
            wide, high = width // 3 - 24, height // 2 - 24
            page[y : y + high, x : x + wide] = wash(rng, wide, high, 80, 230)
            shown = figure if rng.random() < 0.7 else np.ascontiguousarray(figure[:, ::-1])
            at = x + wide * rng.uniform(0.35, 0.65), y + high * rng.uniform(0.4, 0.6)
            _put(page, shown, at, mask)
            _text(page, _words(rng, 2), (x + 10, y + 8), 26, 10)
    return page + dots


def calendar(rng: Random, width: int, height: int) -> Light:
    """A month over a photograph; some days bear the same little picture."""
    page = _photo(rng, width, height) * 0.5 + 100
    wide, high = width // 8, height // 7
    signs = [_photo(rng, 70, 70) for _ in range(2)]
    for day in range(31):
        x, y = (day % 7 + 0.9) * wide, (day // 7 + 1.2) * high
        _text(page, str(day + 1), (x - 40, y - 30), 30, 20)
        if rng.random() < 0.16:
            _put(page, signs[int(rng.integers(2))], (x + 24, y + 12), _disc(70))
    return page


def boards(rng: Random, width: int, height: int) -> Light:
    """A drawn board of two grained woods, with men on it."""
    page = _ground(rng, width, height)
    side = min(width, height) // 9
    woods = [wash(rng, side, side, low, low + 40) for low in (60, 170)]
    woods = [wood + 7 * cloud(rng, side, side, 0.6)[:, :, None] for wood in woods]
    men = [print_of(rng, side - 16, side - 16) for _ in range(3)]
    own = rng.random() < 0.5
    for square in range(64):
        row, column = divmod(square, 8)
        at = (column + 1.0) * side, (row + 0.8) * side
        grain = 5 * cloud(rng, side, side, 0.5)[:, :, None] if own else np.float32(0)
        _put(page, (woods[(row + column) % 2] + grain).astype(np.float32), at)
        if rng.random() < 0.2:
            _put(page, men[int(rng.integers(3))], at, _disc(side - 16))
    return page


def slides(rng: Random, width: int, height: int) -> Light:
    """A slide over a photograph: points with one sign each, set in by a step or two."""
    page = _photo(rng, width, height) * 0.35 + 130
    sign = print_of(rng, 44, 44)
    _text(page, _words(rng, 2), (80, 40), 70, 30)
    for y in range(180, height - 60, 92):
        x = 90 + 61 * int(rng.integers(3))
        _put(page, sign, (x, y), _rounded(44, 44))
        _text(page, _words(rng, 3), (x + 40, y - 22), 38, 40)
    return page


def charts(rng: Random, width: int, height: int) -> Light:
    """Bars filled with a few patterns, and a course marked with one sign, on grained paper."""
    page = _ground(rng, width, height)
    fills = [print_of(rng, 60, height) * 0.6 + 60 for _ in range(3)]
    marker = print_of(rng, 36, 36)
    level = height / 2
    for number, x in enumerate(range(90, width - 90, 95)):
        top = int(rng.uniform(height * 0.4, height * 0.85))
        page[top : height - 40, x - 30 : x + 30] = fills[number % 3][: height - 40 - top]
        level += rng.uniform(-60, 60)
        _put(page, marker, (x, float(np.clip(level, 60, height * 0.35))), _disc(36))
        _text(page, str(int(rng.integers(1900, 2020))), (x - 28, height - 36), 24, 20)
    return page


def letters(rng: Random, width: int, height: int) -> Light:
    """A few words in big soft letters on paper."""
    page = _ground(rng, width, height)
    size = int(rng.integers(70, 180))
    for y in range(10, height - size, int(1.2 * size)):
        _text(
            page, _words(rng, 3), (20, y), size, float(rng.uniform(20, 90)), rng.uniform(0.3, 0.9)
        )
    return page


def cards(rng: Random, width: int, height: int) -> Light:
    """Playing cards on a cloth: each is the same upside down, and of some there are two."""
    page = _ground(rng, width, height)
    wide, high = 170, 240
    faces = []
    for _ in range(4):
        half = print_of(rng, wide, high // 2)
        faces.append(np.vstack([half, half[::-1, ::-1]]))
    for number, at in enumerate(_places(rng, width, height, 7, 270)):
        turn = 0.0 if number % 2 else float(rng.uniform(-30, 30))
        _put(page, np.ascontiguousarray(faces[number % 4]), at, _rounded(wide, high), turn=turn)
    return page


def mandala(rng: Random, width: int, height: int) -> Light:
    """A photograph seen in a kaleidoscope: sectors and their mirror images around the middle."""
    source = _photo(rng, width, height)
    down, across = np.mgrid[:height, :width].astype(np.float32)
    across, down = across - width / 2, down - height / 2
    step = 2 * np.pi / int(rng.integers(3, 7))
    angle = np.abs((np.arctan2(down, across) + 0.1) % step - step / 2)
    far = np.hypot(across, down)
    x = (far * np.cos(angle)).astype(np.float32) * np.float32(0.9) + 20
    y = (far * np.sin(angle)).astype(np.float32) * np.float32(0.9) + 20
    return np.asarray(cv2.remap(source, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT))


def stickers(rng: Random, width: int, height: int) -> Light:
    """A photograph over which one sticker was laid a few times, of differing size and turn."""
    page = _photo(rng, width, height)
    sticker = print_of(rng, 120, 120) * np.linspace(1.2, 0.8, 120, dtype=np.float32)[:, None, None]
    for number, at in enumerate(_places(rng, width, height, int(rng.integers(2, 5)), 240)):
        size = (1.0, 1.0, 1.3, 0.8)[number]
        _put(page, sticker, at, _disc(120), turn=(0.0, 0.0, 20.0, -35.0)[number], size=size)
    return page


def gallery(rng: Random, width: int, height: int) -> Light:
    """A shop's page: one thing large, and small in a row below, with round corners."""
    page = _ground(rng, width, height)
    wide, high = width // 2, height * 5 // 9
    shots = [_photo(rng, wide, high) for _ in range(4)]
    _put(page, shots[0], (width * 0.36, height * 0.36), _rounded(wide, high))
    for number, shot in enumerate(shots):
        small = np.asarray(cv2.resize(shot, (wide // 3, high // 3), interpolation=cv2.INTER_AREA))
        at = width * (0.16 + 0.22 * number), height * 0.83
        _put(page, small, at, _rounded(wide // 3, high // 3))
    _text(page, _words(rng, 2), (width * 0.68, height * 0.2), 34, 20)
    return page


def stamps(rng: Random, width: int, height: int) -> Light:
    """A sheet of paper with a printed motif, each row shifted by half of it."""
    page = _ground(rng, width, height)
    wide, high = int(rng.integers(110, 300)), int(rng.integers(110, 260))
    motif = print_of(rng, wide - 24, high - 24)
    for row, y in enumerate(range(high // 2, height, high)):
        for x in range(wide // 2 - row % 2 * (wide // 2), width, wide):
            _put(page, motif, (x, y), _rounded(wide - 24, high - 24))
    return page


def weather(rng: Random, width: int, height: int) -> Light:
    """Relief with places, each with one of three signs for its weather and a number."""
    land = cloud(rng, width, height, 1.6)
    page = wash(rng, width, height, 110, 170) + 26 * (land - np.roll(land, 3, 1))[:, :, None] * 4
    signs = [print_of(rng, 70, 56) for _ in range(3)]
    for number, at in enumerate(_places(rng, width, height, 8, 170)):
        _put(page, signs[number % 3], at, _rounded(70, 56))
        _text(page, f"{int(rng.integers(2, 31))} °C", (at[0] - 28, at[1] + 32), 26, 20)
    return page


def grades(rng: Random, width: int, height: int) -> Light:
    """The same view twice or three times, set off, as in a comparison of two prints."""
    page = _ground(rng, width, height)
    wide, high = int(width * 0.3), int(height * 0.42)
    shot = _photo(rng, wide, high)
    mask = np.zeros((high, wide), np.float32)
    cv2.ellipse(mask, (wide // 2, high // 2), (wide // 2 - 4, high // 2 - 4), 0, 0, 360, 1.0, -1)
    for number in range(3):
        at = width * (0.2 + 0.3 * number), height * (0.28 + 0.2 * number)
        _put(page, shot if number < 2 else shot * 0.8 + 10, at, mask)
    return page


LAYOUTS: dict[str, Drawing] = {
    drawing.__name__: drawing
    for drawing in (
        avatars, pins, contacts, polaroids, watermarks, flags, sprites, comics, calendar, boards, slides,
        charts, letters, cards, mandala, stickers, gallery, stamps, weather, grades,
    )
}  # fmt: skip
