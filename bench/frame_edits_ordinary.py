"""Ordinary videos that were never edited to mislead, made: what frame edits and shots must not accuse.

Recorded screens, slide shows, short animations that run again, cartoons, cameras that watch, drive or are
held, people who talk, matches with replays, conversions of the frame rate, and streams that stutter. Each is
an iterator of RGB pictures of 480 × 270, repeatable by its seed, as in `frame_edits_scenes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import cv2
import numpy as np
from frame_edits_scenes import HIGH, WIDE, Pixels, Scene, camera, held, noisy, panned, path, texture

Rng = np.random.Generator
Colour = tuple[int, int, int]


def _colour(rng: Rng, low: int = 20, high: int = 235) -> Colour:
    red, green, blue = (int(value) for value in rng.integers(low, high, 3))
    return red, green, blue


def _words(
    shown: Any, rng: Rng, at: tuple[int, int], lines: int, colour: Colour = (40, 40, 40)
) -> None:
    for line in range(lines):
        x, y = at[0], at[1] + 15 * line
        for _ in range(int(rng.integers(3, 9))):
            wide = int(rng.integers(8, 34))
            cv2.line(shown, (x, y), (x + wide, y), colour, 4)
            x += wide + 7


def _put(shown: Any, look: Any, x: float, y: float, turn: float = 0.0, size: float = 1.0) -> None:
    """Lays a picture over another, its middle at a place, turned and scaled."""
    high, wide = look.shape[:2]
    spin = cv2.getRotationMatrix2D((wide / 2, high / 2), turn, size)
    spin[:, 2] += (x - wide / 2, y - high / 2)
    cv2.warpAffine(look, spin, (WIDE, HIGH), dst=shown, borderMode=cv2.BORDER_TRANSPARENT)


def _label(shown: Any, text: str, at: tuple[int, int], size: float = 0.6) -> None:
    cv2.putText(shown, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, (250, 250, 250), 2, cv2.LINE_AA)


def _laid(pictures: Sequence[Pixels], places: Sequence[float]) -> Iterator[Pixels]:
    for place in places:
        yield pictures[min(len(pictures) - 1, max(0, int(place)))]


# Screens


def desktop(seed: int, count: int) -> Iterator[Pixels]:
    """A desktop: a window is dragged, writing appears, a film plays in a window and is left for a page."""
    rng = np.random.default_rng(seed)
    desk: Any = cv2.GaussianBlur(texture(rng, WIDE, HIGH, 1.8), (0, 0), 4)
    page = np.full((900, 260, 3), 248, np.uint8)
    _words(page, rng, (12, 20), 58)
    film = list(held(seed + 3, count))
    walk = path(rng, count, 40, 12) + np.array((120, 30))
    scrolled = 0
    for k in range(count):
        shown = desk.copy()
        x, y = walk[min(k, count // 3)].astype(int).clip(0, 180)
        scrolled += 9 if (k // 12) % 3 == 1 else 0
        view = page[scrolled % 700 : scrolled % 700 + 200 - max(0, y - 60)]
        shown[y : y + len(view), x : x + 260] = view[: HIGH - y]
        if count // 3 < k < 2 * count // 3:
            shown[20:140, 250:463] = cv2.resize(film[k], (213, 120))
        cv2.circle(shown, (int(x + 130), int(y + 6)), 4, (10, 10, 10), -1)
        yield shown


def sticker(seed: int, count: int) -> Iterator[Pixels]:
    """A chat: a sticker that moves runs three times and stands; then the chat is scrolled on."""
    rng = np.random.default_rng(seed)
    chat = np.full((700, WIDE, 3), 236, np.uint8)
    for y in range(10, 660, 60):
        cv2.rectangle(
            chat,
            (30 + 120 * (y // 60 % 2), y),
            (300 + 120 * (y // 60 % 2), y + 44),
            _colour(rng, 190, 250),
            -1,
        )
        _words(chat, rng, (40 + 120 * (y // 60 % 2), y + 14), 2)
    look, length = texture(rng, 90, 90, 1.0), int(rng.integers(14, 30))
    top = 0
    for k in range(count):
        if k >= 5 + 3 * length and k % 40 < 25:
            top = min(400, top + 5)
        shown = chat[top : top + HIGH].copy()
        turn = min(k, 5 + 3 * length - 1) % length
        _put(shown, look, 120 + 5 * turn, 150 - top, 9 * turn, 0.7 + 0.02 * turn)
        yield shown


def wound_back(seed: int, count: int) -> Iterator[Pixels]:
    """A tutorial that plays a film in a page, winds it back twice, and scrolls on."""
    rng = np.random.default_rng(seed)
    page = np.full((800, WIDE, 3), 246, np.uint8)
    _words(page, rng, (16, 20), 50)
    film = [cv2.resize(p, (320, 180)) for p in held(seed + 9, count)]
    long = count // 5
    for k in range(count):
        shown_from = k if k < 2 * long else k - long if k < 3 * long else k - 2 * long
        top = max(0, k - 4 * long) * 4
        shown = page[top : top + HIGH].copy()
        if top < 180:
            shown[max(0, 30 - top) : 210 - top, 80:400] = film[shown_from][max(0, top - 30) :]
        yield shown


def game(seed: int, count: int) -> Iterator[Pixels]:
    """A game: a place runs by in layers; the figure runs in a cycle and begins again after a fall."""
    rng = np.random.default_rng(seed)
    near, far = texture(rng, 700, HIGH, 1.1), texture(rng, 500, HIGH, 1.7)
    life, start = int(rng.integers(45, 70)), 0
    for k in range(count):
        if k - start >= life:
            start, life = k, int(rng.integers(40, 90))
        at = k - start
        shown = np.empty((HIGH, WIDE, 3), np.uint8)
        shown[:180] = np.roll(far, -2 * at, axis=1)[:180, :WIDE]
        shown[180:] = np.roll(near, -6 * at, axis=1)[180:, :WIDE]
        foot = 14 * np.sin(2 * np.pi * (at % 8) / 8)
        jump = 60 * max(0.0, np.sin(2 * np.pi * at / 33))
        cv2.circle(shown, (150, int(140 - jump)), 18, (240, 210, 60), -1)
        cv2.line(
            shown, (150, int(158 - jump)), (int(150 + foot), int(186 - jump)), (60, 60, 200), 8
        )
        _label(shown, f"{7 * k:06d}", (340, 24))
        yield shown


def menus(seed: int, count: int) -> Iterator[Pixels]:
    """A telephone: pages slide in and out, and the first comes back again and again."""
    rng = np.random.default_rng(seed)
    pages = [texture(rng, WIDE, HIGH, 1.0 + 0.3 * k) for k in range(3)]
    order = [0, *(int(one) for one in rng.integers(0, 3, 30))]
    for k in range(count):
        number, at = divmod(k, 24)
        share = min(1.0, max(0.0, (at - 14) / 9))
        split = int(WIDE * share * share * (3 - 2 * share))
        one, other = pages[order[number]], pages[order[number + 1]]
        yield np.hstack([one[:, split:], other[:, :split]])


# Put together and drawn


def ken_burns(seed: int, count: int) -> Iterator[Pixels]:
    """Stills that are slowly enlarged and blended into one another; one of them comes twice."""
    rng = np.random.default_rng(seed)
    stills = [texture(rng, WIDE, HIGH) for _ in range(3)]
    each, order = 40, (0, 1, 0, 2, 1, 2, 0)

    def view(number: int, at: int) -> Any:
        move = cv2.getRotationMatrix2D((240.0, 135.0), 0, 1 + 0.004 * at)
        return cv2.warpAffine(stills[order[number % 7]], move, (WIDE, HIGH))

    for k in range(count):
        number, at = divmod(k, each)
        shown = view(number, at)
        if at >= each - 10:
            share = (at - each + 10) / 10
            shown = cv2.addWeighted(shown, 1 - share, view(number + 1, at - each + 10), share, 0)
        yield np.asarray(shown, np.uint8)


def gif(seed: int, count: int) -> Iterator[Pixels]:
    """An animation of few colours, ten pictures a second, made a video by running it again; then a card."""
    rng = np.random.default_rng(seed)
    long = int(rng.integers(12, 22))
    run = [(p // 40) * 40 + 20 for p in held(seed + 5, long)]
    card = np.full((HIGH, WIDE, 3), 30, np.uint8)
    _label(card, "follow for more", (140, 140))
    for k in range(count):
        yield card if k > count - 20 else np.asarray(run[int(k / 2.5) % long], np.uint8)


def cartoon(seed: int, count: int) -> Iterator[Pixels]:
    """A figure walks on twos before a place that comes by again; it turns round and walks back."""
    rng = np.random.default_rng(seed)
    place: Any = cv2.GaussianBlur(texture(rng, 640, HIGH, 1.5), (0, 0), 2)
    turned = int(rng.integers(count // 3, count // 2))
    for k in range(count):
        step = k // 2
        gone = 5 * (step if k < turned else turned - step)
        shown = np.ascontiguousarray(np.roll(place, -gone, axis=1)[:, :WIDE])
        side = 1 if k < turned else -1
        swing = 26 * np.sin(2 * np.pi * (step % 8) / 8)
        cv2.circle(shown, (240 + 6 * side, 110), 26, (245, 205, 160), -1)
        cv2.circle(shown, (250 * (side > 0) + 230 * (side < 0), 106), 4, (20, 20, 20), -1)
        for way in (-1, 1):
            cv2.line(shown, (240, 136), (int(240 + way * swing), 214), (50, 60, 150), 11)
        yield shown


def plain_figure(seed: int, count: int) -> Iterator[Pixels]:
    """A figure in the middle of a plain picture: it speaks, turns to the other side, and back."""
    rng = np.random.default_rng(seed)
    ground, figure = _colour(rng, 150, 240), _colour(rng)
    first, second = sorted(int(one) for one in rng.integers(count // 6, 5 * count // 6, 2))
    second = max(second, first + 12)
    for k in range(count):
        shown: Any = np.full((HIGH, WIDE, 3), ground, np.uint8)
        cv2.circle(shown, (240, 110), 60, figure, -1)
        cv2.rectangle(shown, (190, 170), (290, 270), figure, -1)
        cv2.circle(shown, (265, 95), 9, (250, 250, 250), -1)
        mouth = 4 + int(9 * abs(np.sin(k * 1.3)))
        cv2.ellipse(shown, (268, 130), (16, mouth), 0, 0, 360, (120, 30, 40), -1)
        cv2.line(shown, (280, 200), (int(360 + 3 * np.sin(k / 4)), 160), figure, 16)
        yield np.ascontiguousarray(shown[:, ::-1]) if first <= k < second else shown


def arrow(seed: int, count: int) -> Iterator[Pixels]:
    """A sign with an arrow that pulses, points the other way for a while, and then back."""
    rng = np.random.default_rng(seed)
    ground, inked = _colour(rng, 0, 90), _colour(rng, 150, 250)
    points = np.array(
        [(110, 115), (270, 115), (270, 70), (380, 135), (270, 200), (270, 155), (110, 155)]
    )
    for k in range(count):
        shown = np.full((HIGH, WIDE, 3), ground, np.uint8)
        reach = points + np.array((int(10 * np.sin(k / 3)), 0))
        cv2.fillPoly(shown, [reach.astype(np.int32)], inked)
        yield np.ascontiguousarray(shown[:, ::-1]) if count // 3 <= k < count // 2 else shown


def lyrics(seed: int, count: int) -> Iterator[Pixels]:
    """Words change over a bought background that runs again after a while, with a seam."""
    rng = np.random.default_rng(seed)
    long = int(rng.integers(50, 70))
    ground = list(camera(seed + 2, long, hand=6, pan=0.8, things=1))
    for k in range(count):
        shown = ground[k % long] // 2
        _words(shown, np.random.default_rng((seed, k // 37)), (90, 120), 3, (250, 250, 250))
        yield shown


def radar(seed: int, count: int) -> Iterator[Pixels]:
    """Weather: clouds run over a map in a dozen pictures, five times, then the last one stands."""
    rng = np.random.default_rng(seed)
    chart = texture(rng, WIDE, HIGH, 1.9) // 3 + 60
    clouds = texture(rng, 900, HIGH, 1.5)
    for k in range(count):
        at = k // 4 % 14 if k < 5 * 56 * count // 300 else 13
        veil = clouds[:, 20 * at : 20 * at + WIDE]
        shown = np.where(veil > 150, veil, chart).astype(np.uint8)
        _label(shown, f"{6 + at:02d}:00", (20, 250))
        yield shown


def boomerang(seed: int, count: int) -> Iterator[Pixels]:
    """A second that runs to and fro, again and again, then a card."""
    run = list(held(seed, 25))
    there = [*run, *run[-2:0:-1]]
    for k in range(count):
        yield there[k % len(there)]


def bulletin(seed: int, count: int) -> Iterator[Pixels]:
    """A person reads before a background that runs in a loop, over a band of running writing."""
    rng = np.random.default_rng(seed)
    long = int(rng.integers(40, 60))
    ground = list(camera(seed + 1, long, hand=0, pan=0.5, things=2))
    face, band = texture(rng, 120, 150, 1.5), np.full((26, 3000, 3), 30, np.uint8)
    for x in range(0, 2950, 30):
        cv2.line(band, (x, 13), (x + int(rng.integers(6, 24)), 13), (240, 240, 240), 6)
    sway = path(rng, count, 4, 8)
    for k in range(count):
        shown = ground[k % long].copy()
        _put(shown, face, 330 + sway[k][0], 150 + sway[k][1])
        cv2.ellipse(
            shown, (330, 190), (14, int(2 + 6 * abs(np.sin(k * 0.9)))), 0, 0, 360, (90, 30, 30), -1
        )
        shown[240:266] = band[:, 5 * k % 2400 : 5 * k % 2400 + WIDE]
        yield noisy(rng, shown, 0.6)


# Cameras


def watched(seed: int, count: int) -> Iterator[Pixels]:
    """A camera that watches: a lamp flickers, somebody walks by, now and then a picture is missing."""
    rng = np.random.default_rng(seed)
    place, person = texture(rng, WIDE, HIGH), texture(rng, 40, 110, 1.2)
    lit = np.exp(-(((np.arange(WIDE) - 120) / 90.0) ** 2))[None, :, None]
    at, lamp = 0, 1.0
    for k in range(count):
        at += 1 if rng.random() > 0.06 else 3
        if rng.random() < 0.15:
            lamp = rng.choice([0.35, 0.6, 1.0])
        shown = place.copy()
        _put(shown, person, -40 + 4 * at % 620, 170 + 3 * np.sin(at / 2))
        bright = shown * (0.55 + 0.45 * lamp * lit)
        grain = noisy(rng, np.clip(bright, 0, 255), 2.0)
        _label(grain, f"2024-03-07 02:14:{k // 25:02d}", (10, 24), 0.5)
        yield grain


def sequencer(seed: int, count: int) -> Iterator[Pixels]:
    """Four cameras that watch, shown in turn for a second each."""
    rng = np.random.default_rng(seed)
    places, person = [texture(rng, WIDE, HIGH) for _ in range(4)], texture(rng, 40, 110, 1.2)
    for k in range(count):
        shown = places[k // 25 % 4].copy()
        _put(shown, person, (40 + 3 * k + 90 * (k // 25)) % 620 - 60, 170)
        yield noisy(rng, shown, 1.8)


def hours(seed: int, count: int) -> Iterator[Pixels]:
    """A time lapse of a street: cars are elsewhere in each picture, night falls, windows light up."""
    rng = np.random.default_rng(seed)
    place, cars = texture(rng, WIDE, HIGH), [texture(rng, 46, 24, 1.0) for _ in range(5)]
    lit = rng.random((12, 24)) < 0.5
    for k in range(count):
        share = k / count
        shown = (place * (1 - 0.7 * share)).astype(np.uint8)
        for one in cars:
            _put(shown, one, rng.uniform(0, WIDE), 200 + rng.uniform(0, 40))
        window = np.kron(lit & (rng.random(lit.shape) < share), np.ones((8, 12), bool))
        shown[20:116, 100:388][window] = (240, 220, 130)
        yield noisy(rng, np.clip(shown * (1 + 0.04 * rng.standard_normal()), 0, 255), 1.5)


def driven(seed: int, count: int) -> Iterator[Pixels]:
    """A camera behind a windscreen: the road comes on, the bonnet stands, a halt at a light, a clock runs."""
    rng = np.random.default_rng(seed)
    place, hood = texture(rng, 1600, 900, 1.3), texture(rng, WIDE, 50, 1.9) // 3
    shake = path(rng, count, 2.5, 2)
    speed = np.clip(0.02 + 0.01 * np.cumsum(rng.standard_normal(count)) / 8, 0.004, 0.04)
    speed[count // 2 : count // 2 + 30] = 0
    gone = np.cumsum(speed)
    for k in range(count):
        size = 0.5 * np.exp(gone[k] % 1.1)
        move = cv2.getRotationMatrix2D((800.0, 450.0), 0, size)
        move[:, 2] += (240 - 800 + shake[k][0], 120 - 450 + shake[k][1])
        shown: Any = cv2.warpAffine(place, move, (WIDE, HIGH), borderMode=cv2.BORDER_REFLECT)
        shown[220:] = hood
        _label(shown, f"{k // 25:02d} s  {int(speed[k] * 3000)} km/h", (10, 24), 0.5)
        yield noisy(rng, shown, 1.6)


def talking(seed: int, count: int) -> Iterator[Pixels]:
    """A still face whose mouth and eyes move, with noise: as made from one photograph."""
    rng = np.random.default_rng(seed)
    still = texture(rng, WIDE, HIGH, 1.5)
    cv2.ellipse(still, (240, 130), (75, 100), 0, 0, 360, (220, 180, 150), -1)
    said = np.abs(np.convolve(rng.standard_normal(count + 4), np.ones(4) / 2, "valid"))
    nod = path(rng, count, 2, 15)
    for k in range(count):
        shown = still.copy()
        cv2.ellipse(shown, (240, 185), (24, int(2 + 9 * said[k])), 0, 0, 360, (120, 40, 40), -1)
        for x in (212, 268):
            cv2.ellipse(
                shown, (x, 105), (10, 1 if k % 70 < 4 else 6), 0, 0, 360, (250, 250, 250), -1
            )
        move = np.array([[1, 0, nod[k][0]], [0, 1, nod[k][1]]], np.float64)
        yield noisy(
            rng, cv2.warpAffine(shown, move, (WIDE, HIGH), borderMode=cv2.BORDER_REFLECT), 1.2
        )


def answers(seed: int, count: int) -> Iterator[Pixels]:
    """Two people talk, shown in turn by two cameras that stand, seated as mirror images of each other."""
    rng = np.random.default_rng(seed)
    room = texture(rng, WIDE, HIGH, 1.7)
    looks = [texture(rng, 130, 170, 1.4) for _ in range(2)]
    sway = path(rng, count, 5, 9)
    edges = np.cumsum(rng.integers(18, 50, 20))
    for k in range(count):
        who = int(np.searchsorted(edges, k, side="right")) % 2
        shown = (room if who else room[:, ::-1]).copy()
        _put(shown, looks[who], (150 if who else 330) + sway[k][0], 160 + sway[k][1])
        yield noisy(rng, shown, 1.5)


def wheel(seed: int, count: int) -> Iterator[Pixels]:
    """Carriages of one kind go by, with gaps between them, before a camera that stands."""
    rng = np.random.default_rng(seed)
    place, car = texture(rng, WIDE, HIGH), texture(rng, 300, 120, 1.2)
    for k in range(count):
        shown = place.copy()
        for number in range(12):
            x = WIDE + 330 * number - 11 * k
            low, high = max(0, x), min(WIDE, x + 300)
            if high > low:
                shown[90:210, low:high] = car[:, low - x : high - x]
        yield noisy(rng, shown, 1.5)


def fire(seed: int, count: int) -> Iterator[Pixels]:
    """A fire, in which all moves at chance, made endless by blending its end into its beginning."""
    rng = np.random.default_rng(seed)
    place, flames = texture(rng, WIDE, HIGH), []
    for _ in range(60):
        blown = cv2.GaussianBlur(rng.random((HIGH, WIDE)).astype(np.float32), (0, 0), 9)
        flames.append(np.clip((np.asarray(blown) - 0.5) * 3000, 0, 255))
    for k in range(count):
        at = k % 50
        glow = flames[at] if at >= 10 else (flames[at] * at + flames[50 + at] * (10 - at)) / 10
        shown = place.astype(np.float32) * 0.4
        shown[90:, 150:330, 0] += glow[90:, 150:330]
        shown[90:, 150:330, 1] += 0.5 * glow[90:, 150:330]
        yield noisy(rng, np.clip(shown, 0, 255), 1.5)


def flashes(seed: int, count: int) -> Iterator[Pixels]:
    """A stage: lights flash and turn colour before a camera that is held."""
    rng = np.random.default_rng(seed)
    for k, shown in enumerate(held(seed, count)):
        tint = np.array([1.0, 0.6, 0.4]) if k // 9 % 3 else np.array([0.4, 0.6, 1.1])
        light = 1.7 if rng.random() < 0.08 else 0.8
        yield np.clip(shown * tint * light, 0, 255).astype(np.uint8)


# Matches


def _court(seed: int, count: int, hand: float = 0.0) -> list[Pixels]:
    """A camera that stands, or nearly, before a court on which five people run."""
    return list(camera(seed, count, hand=hand, pan=0, things=5))


def replay_wiped(seed: int, count: int) -> Iterator[Pixels]:
    """A match from one camera that stands; a scene comes again at half speed, a sign wipes in and out."""
    rng = np.random.default_rng(seed)
    live, sign = _court(seed, count), texture(rng, WIDE, HIGH, 1.8)
    third = count // 3
    shown = [*live[:third]]
    replayed = [live[third - 25 + k // 2] for k in range(50)]
    for one in replayed:
        _label(one, "REPLAY", (20, 40))
    shown += [*replayed, *live[third + 50 + 16 :]]
    for k, picture in enumerate(shown):
        near = min(abs(k - third), abs(k - third - 50))
        wide = int(WIDE * max(0.0, 1 - near / 6))
        yield np.hstack([sign[:, :wide], picture[:, wide:]])


def replay_cut(seed: int, count: int) -> Iterator[Pixels]:
    """A match from one camera that stands; a scene comes again, marked, by cuts; the match went on."""
    rng = np.random.default_rng(seed)
    long, at = int(rng.integers(25, 40)), count // 2
    back = int(rng.integers(long + 5, at))
    live = _court(seed, count + long)
    for k in range(count):
        if at <= k < at + long:
            shown = live[k - back].copy()
            _label(shown, "REPLAY", (20, 40))
            yield shown
        else:
            yield live[k]


def replay_inset(seed: int, count: int) -> Iterator[Pixels]:
    """A match from a camera that is held; a scene comes again in a corner while the match goes on."""
    live = _court(seed, count, 6.0)
    for k in range(count):
        shown = live[k].copy()
        if count // 2 <= k < count // 2 + 35:
            shown[10:100, 310:470] = cv2.resize(live[k - 45], (160, 90))
        yield shown


def replay_slow(seed: int, count: int) -> Iterator[Pixels]:
    """A match: the camera pans; the goal comes twice more, at a third of the speed, from two cameras."""
    play, other = list(panned(seed, count)), list(held(seed + 5, count))
    fifth = count // 5
    yield from play[: 2 * fifth]
    for from_camera in (play, other):
        for k in range(fifth):
            yield from_camera[2 * fifth - fifth // 3 + k // 3]
    yield from play[2 * fifth + 40 : count]


# Times


def telecine(seed: int, count: int) -> Iterator[Pixels]:
    """24 pictures a second laid on 30: each fourth is shown again."""
    yield from _laid(list(held(seed, count)), [k * 0.8 for k in range(count)])


def doubled(seed: int, count: int) -> Iterator[Pixels]:
    """12 pictures a second on 25, as from an old telephone."""
    yield from _laid(list(panned(seed, count)), [k * 0.48 for k in range(count)])


def blended(seed: int, count: int) -> Iterator[Pixels]:
    """24 to 30 pictures a second by blending neighbours."""
    run = list(held(seed, count))
    for k in range(count):
        at = k * 0.8
        share = at % 1
        one, other = run[int(at)], run[min(len(run) - 1, int(at) + 1)]
        yield cv2.addWeighted(one, 1 - share, other, share, 0).astype(np.uint8)


def varying(seed: int, count: int) -> Iterator[Pixels]:
    """A telephone in the dark: from 30 down to 12 pictures a second, light and focus are searched for."""
    rng = np.random.default_rng(seed)
    places = np.cumsum(
        np.where(np.arange(count) % 70 < 30, 1.0, rng.choice([0.0, 0.5, 1.0], count))
    )
    run = list(held(seed, count))
    for k, place in enumerate(places):
        shown: Any = run[min(len(run) - 1, int(place))]
        if k % 70 in range(32, 44):
            shown = cv2.GaussianBlur(shown, (0, 0), 0.5 + abs(38 - k % 70) / 3)
        yield np.clip(shown * (1 + 0.3 * (k % 50 < 3)), 0, 255).astype(np.uint8)


def dropped(seed: int, count: int) -> Iterator[Pixels]:
    """A call: pictures are missing, the last stands for a while, and it jumps on."""
    rng = np.random.default_rng(seed)
    run, at, wait = list(camera(seed, count, hand=5, pan=0, things=2)), 0.0, 0
    places = []
    for k in range(count):
        if wait == 0 and rng.random() < 0.04:
            wait = int(rng.integers(4, 20))
        wait = max(0, wait - 1)
        at = at if wait else float(k)
        places.append(at)
    yield from _laid(run, places)


def sent_again(seed: int, count: int) -> Iterator[Pixels]:
    """A stream that sends a piece of a second and a half twice, and then goes on."""
    run, at = list(panned(seed, count)), count // 2
    places = [*range(at), *range(at - 38, count)]
    yield from _laid(run, places[:count])


def caught_up(seed: int, count: int) -> Iterator[Pixels]:
    """A stream that halts, then shows what it missed at double speed."""
    run, at = list(held(seed, count)), count // 3
    places = [*range(at), *([at] * 20), *range(at, at + 40, 2), *range(at + 40, count)]
    yield from _laid(run, places[:count])


def still_camera_loop(seed: int, count: int) -> Iterator[Pixels]:
    """A wallpaper that moves: a camera that stands, water that runs again after two seconds, with a seam."""
    rng = np.random.default_rng(seed)
    place, water = texture(rng, WIDE, HIGH), texture(rng, 1200, 130, 1.3)
    for k in range(count):
        shown = place.copy()
        x = 6 * (k % 50)
        shown[140:] = water[:, x : x + WIDE]
        yield shown


def joined(seed: int, count: int) -> Iterator[Pixels]:
    """A dashboard camera's files of two seconds, joined: each begins with the last of the one before."""
    run = list(driven(seed, count))
    places = [k - 8 * (k // 50) for k in range(count)]
    yield from _laid(run, places)


def teaser(seed: int, count: int) -> Iterator[Pixels]:
    """A title, a passage of what is to come, the title again; then, faded in, all of it."""
    rng = np.random.default_rng(seed)
    talk, card = list(held(seed, count)), texture(rng, WIDE, HIGH, 1.9)
    _label(card, "PART ONE", (150, 140), 1.0)
    at, long = count // 3, 35
    yield from [card] * 20
    yield from talk[at : at + long]
    yield from [card] * 20
    for k, shown in enumerate(talk[: count - long - 40]):
        share = min(1.0, k / 12)
        yield cv2.addWeighted(shown, share, card, 1 - share, 0).astype(np.uint8)


def report(seed: int, count: int) -> Iterator[Pixels]:
    """A person who reads and hardly moves, a word of a report, the person again, then all of the report."""
    there, reader = list(panned(seed, count)), list(talking(seed + 3, count))
    part = count // 5
    yield from reader[:part]
    yield from there[part // 2 : 3 * part // 2]
    yield from reader[part : 2 * part]
    yield from there[: count - 3 * part]


def _between(scene: Scene, seed: int, count: int) -> Iterator[Pixels]:
    """A scene between a title and a closing card that fade."""
    card = np.full((HIGH, WIDE, 3), 24, np.uint8)
    _label(card, "TONIGHT", (170, 140), 1.0)
    for k, shown in enumerate(scene(seed, count)):
        share = min(1.0, max(0.0, min(k - 20, count - 20 - k) / 12))
        yield cv2.addWeighted(shown, share, card, 1 - share, 0).astype(np.uint8)


ORDINARY: dict[str, Scene] = {
    "desktop": desktop,
    "sticker": sticker,
    "wound back": wound_back,
    "game": game,
    "menus": menus,
    "ken burns": ken_burns,
    "gif": gif,
    "cartoon": cartoon,
    "plain figure": plain_figure,
    "arrow": arrow,
    "lyrics": lyrics,
    "radar": radar,
    "boomerang": boomerang,
    "bulletin": bulletin,
    "watched": watched,
    "sequencer": sequencer,
    "hours": hours,
    "driven": driven,
    "talking": talking,
    "answers": answers,
    "carriages": wheel,
    "fire": fire,
    "flashes": flashes,
    "replay wiped": replay_wiped,
    "replay cut": replay_cut,
    "replay inset": replay_inset,
    "replay slow": replay_slow,
    "telecine": telecine,
    "doubled": doubled,
    "blended": blended,
    "varying": varying,
    "dropped": dropped,
    "sent again": sent_again,
    "caught up": caught_up,
    "wallpaper": still_camera_loop,
    "joined": joined,
    "teaser": teaser,
    "report": report,
    "programme": partial(_between, panned),
    "watched programme": partial(_between, watched),
}
