"""What becomes of a map on its way to a reader: compressed, reduced, photographed, drawn upon.

Each step returns the picture, and the 3 × 3 matrix that takes points of the picture before to points of
the one after.
"""

from __future__ import annotations

import cv2
import numpy as np
from maps_canvas import Canvas, clouds, smooth
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Matrix = NDArray[np.float64]


def spoiled(
    picture: Picture, step: str, amount: float, random: np.random.Generator
) -> tuple[Picture, Matrix]:
    """Takes one step.

    Args:
        picture: RGB, uint8.
        step: "jpeg", "width", "photo", "pen" or "screenshot".
        amount: Quality, pixels, or how much.
        random: Decides the rest.
    """
    if step == "jpeg":
        return jpeg(picture, int(amount)), np.eye(3)
    if step == "width":
        scale = amount / picture.shape[1]
        size = (round(amount), round(picture.shape[0] * scale))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        return np.asarray(small, np.uint8), _scaled(scale)
    steps = {"photo": photographed, "pen": marked, "screenshot": screenshot}
    return steps[step](picture, amount, random)


def jpeg(picture: Picture, quality: int) -> Picture:
    _, data = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[:, :, ::-1], np.uint8).copy()


def photographed(
    picture: Picture, amount: float, random: np.random.Generator
) -> tuple[Picture, Matrix]:
    """A sheet on a desk, photographed from the side: perspective, uneven light, blur and noise."""
    height, width = picture.shape[:2]
    out_w, out_h = 1800, 1350
    room = 0.08 * out_w
    fit = min((out_w - 2 * room) / width, (out_h - 2 * room) / height)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    at = (corners - (width / 2, height / 2)) * fit
    angle = np.radians(random.uniform(-5, 5) * amount)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    depth = 1 + amount * (
        random.choice([-1, 1]) * random.uniform(0.06, 0.13) * at[:, 1] / (out_h / 2)
        + random.uniform(-0.07, 0.07) * at[:, 0] / (out_w / 2)
    )
    at = at @ turn / depth[:, None] * 0.93 + (out_w / 2, out_h / 2)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), at.astype(np.float32))
    desk = np.array([96, 74, 56]) + 16 * clouds(random, (out_h, out_w), 3, 5)[..., None]
    sheet = np.full(picture.shape[:2], 255, np.uint8)
    alpha = cv2.warpPerspective(sheet, matrix, (out_w, out_h))[..., None] / 255
    shown = cv2.warpPerspective(picture, matrix, (out_w, out_h), flags=cv2.INTER_AREA)
    light = 0.86 + 0.14 * clouds(random, (out_h, out_w), 1, 1)[..., None]
    scene = (desk * (1 - alpha) + shown * alpha * (0.97, 0.95, 0.9)) * light
    scene = cv2.GaussianBlur(scene, (0, 0), 0.5 + 0.4 * amount)
    scene += random.normal(0, 3, scene.shape)
    return np.asarray(np.clip(scene, 0, 255), np.uint8), np.asarray(matrix, np.float64)


def marked(picture: Picture, amount: float, random: np.random.Generator) -> tuple[Picture, Matrix]:
    """Rings and an arrow drawn by a shaking hand."""
    out = picture.copy()
    height, width = out.shape[:2]
    for _ in range(round(3 * amount)):
        middle = random.uniform((0.15, 0.15), (0.85, 0.85)) * (width, height)
        around = np.linspace(0, 2.15 * np.pi, 14)
        radius = random.uniform(25, 70) * (1 + 0.1 * random.standard_normal(14))
        ring = middle + radius[:, None] * np.column_stack((1.3 * np.cos(around), np.sin(around)))
        _stroke(out, smooth(ring), (225, 20, 30))
    tail, head = random.uniform((0.2, 0.2), (0.8, 0.8), (2, 2)) * (width, height)
    _stroke(out, smooth(np.array([tail, (tail + head) / 2 + (8, -14), head])), (20, 60, 230))
    return out, np.eye(3)


def _stroke(picture: Picture, path: Matrix, colour: tuple[int, int, int]) -> None:
    flat = np.round(path * 16).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(picture, [flat], False, colour, 5, cv2.LINE_AA, 4)


def screenshot(
    picture: Picture, amount: float, random: np.random.Generator
) -> tuple[Picture, Matrix]:
    """The map in a window: a bar with an address above it, buttons over it, a line of text below."""
    height, width = picture.shape[:2]
    width, height = round(width * amount), round(height * amount)
    pad = 24
    canvas = Canvas(width + 2 * pad, height + 150, (244, 245, 247))
    canvas.box((0, 0, width + 2 * pad, 44), (222, 225, 230))
    for i, colour in enumerate(((237, 106, 94), (245, 191, 79), (98, 197, 84))):
        canvas.disc(24 + 22 * i, 22, 6.5, colour)
    canvas.box((110, 9, width - 20, 36), (255, 255, 255), round_=12)
    grey = (70, 74, 80)
    canvas.text("maps.example/#6/52.1/34.5", 130, 28, "noto", 14, grey)
    canvas.text(f"{random.integers(9, 23)}:{random.integers(10, 59)}", width, 28, "noto", 14, grey)
    canvas.text("Нажмите, чтобы увеличить", pad, height + 100, "noto", 15, grey)
    out = canvas.done()
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    out[64 : 64 + height, pad : pad + width] = small
    for i, sign in enumerate("+-"):
        top = 80 + 34 * i
        out[top : top + 30, pad + 14 : pad + 44] = 255
        cv2.putText(out, sign, (pad + 20, top + 22), 0, 0.8, (60, 60, 60), 2, cv2.LINE_AA)
    return out, np.array([[1, 0, pad], [0, 1, 64], [0, 0, 1]]) @ _scaled(amount)


def _scaled(scale: float) -> Matrix:
    # The middle of a pixel stays the middle of the pixels it becomes.
    off = (scale - 1) / 2
    return np.array([[scale, 0, off], [0, scale, off], [0, 0, 1.0]])
