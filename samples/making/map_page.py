"""A map as a page of a document, in English: text as text, two things planted that do not hold.

The page is written by hand as PDF 1.4 (ISO 32000-1) with one of the fonts that every reader has, so that its
text can be read and drawn without any font of the system.
"""

from __future__ import annotations

from pathlib import Path

from making import map_data
from making.map_paint import mercator

WIDTH, HEIGHT = 842, 595
"""Points: A4, landscape."""
PER_DEGREE = 28.0
WEST = 21.6
NORTH = 60.1
DOT = 2.4
SIZE = 10
RED, INK, PALE = "0.78 0.12 0.15", "0.12 0.14 0.2", "0.93 0.92 0.88"

NAMES = {
    "Москва": "Moscow",
    "Киев": "Kyiv",
    "Минск": "Minsk",
    "Сумы": "Sumy",
    "Чернигов": "Chernihiv",
    "Валдай": "Valday",
    "Брянск": "Bryansk",
    "Смоленск": "Smolensk",
    "Тверь": "Tver",
    "Калуга": "Kaluga",
    "Курск": "Kursk",
    "Белгород": "Belgorod",
    "Псков": "Pskov",
    "Тула": "Tula",
    "Ярославль": "Yaroslavl",
    "Вологда": "Vologda",
    "Воронеж": "Voronezh",
    "Рига": "Riga",
    "Вильнюс": "Vilnius",
}
MOVED = {"Тула": (1.6, -0.9)}
"""Degrees by which a town is drawn in the wrong place."""
WORDS = (
    (40, 565, 17, "Directions of flight of unmanned aerial vehicles"),
    (40, 547, 10, "from 21:00 28.12.2025 to 09:00 29.12.2025 (Moscow time)"),
    (660, 60, 12, "Destroyed: 49 + 1 + 42 = 91"),
    (660, 44, 8, "Rendered sample. Shows no real event."),
)


MADE = b"(D:20251229120000+03'00')"


def make(path: Path) -> None:
    """Write the page."""
    path.write_bytes(_pdf(_drawing()))


def point(at: map_data.Point) -> tuple[float, float]:
    """Give the place of a longitude and latitude on the page, in points from its lower left corner."""
    down = (mercator(NORTH) - mercator(at[1])) * PER_DEGREE
    return (at[0] - WEST) * PER_DEGREE, HEIGHT - 60 - down


def _drawing() -> bytes:
    parts = [f"{PALE} rg 0 0 {WIDTH} {HEIGHT - 60} re f"]
    for track in map_data.TRACKS[::2]:
        parts += _track(track)
    for town in map_data.TOWNS:
        if town.name in NAMES:
            east, north = MOVED.get(town.name, (0.0, 0.0))
            x, y = point((town.at[0] + east, town.at[1] + north))
            parts.append(f"{INK} rg {x - DOT:.2f} {y - DOT:.2f} {2 * DOT} {2 * DOT} re f")
            parts.append(_text(x + 7, y - 3.5, SIZE, NAMES[town.name]))
    parts += [_text(*words) for words in WORDS]
    return "\n".join(parts).encode("ascii")


def _track(track: tuple[map_data.Point, map_data.Point, map_data.Point]) -> list[str]:
    """A curve through three places, with a head at its end."""
    (ax, ay), (mx, my), (bx, by) = (point(at) for at in track)
    cx, cy = 2 * mx - (ax + bx) / 2, 2 * my - (ay + by) / 2
    one = (ax + 2 * (cx - ax) / 3, ay + 2 * (cy - ay) / 3)
    two = (bx + 2 * (cx - bx) / 3, by + 2 * (cy - by) / 3)
    long = ((bx - cx) ** 2 + (by - cy) ** 2) ** 0.5
    u, v = (bx - cx) / long, (by - cy) / long
    back = (bx - 11 * u, by - 11 * v)
    corners = f"{back[0] - 5 * v:.2f} {back[1] + 5 * u:.2f} l {back[0] + 5 * v:.2f} {back[1] - 5 * u:.2f} l"
    return [
        f"{RED} RG 2.2 w {ax:.2f} {ay:.2f} m",
        f"{one[0]:.2f} {one[1]:.2f} {two[0]:.2f} {two[1]:.2f} {back[0]:.2f} {back[1]:.2f} c S",
        f"{RED} rg {bx:.2f} {by:.2f} m {corners} f",
    ]


def _text(x: float, y: float, size: int, words: str) -> str:
    safe = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT {INK} rg /F {size} Tf {x:.2f} {y:.2f} Td ({safe}) Tj ET"


def _pdf(drawing: bytes) -> bytes:
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents 4 0 R "
        "/Resources << /Font << /F 5 0 R >> >> >>"
    )
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page.encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title (Directions of flight) /Producer (Sirin Mapmaker 3) /CreationDate %s >>" % MADE,
    )
    made, at = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        at.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in at)
    size = len(objects) + 1
    return made + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(made))
    )
