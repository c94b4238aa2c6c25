"""How fast is the index, how large, and does it find everything? Beside faiss in the same run.

    python bench/index.py --work FOLDER --codes 10000000 --local 10000000 --out bench/index.md

Codes are made from a seed. A tenth of those asked for are codes of the index with some bits flipped, the
rest are new; every query is also answered by comparing with all codes (faiss's BinaryFlat, where it is
installed), and the two answers must be equal. Everything goes through a ledger: the entries are appended,
the first search makes the index, later processes map its files. Each figure is from a process of its own.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import shutil
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from db.ledger import SqlLedger  # noqa: E402 - the bench runs from a checkout as well
from db.searching import SearchReader  # noqa: E402 - from the checkout, as above
from forensics.model import Draft, Sha256  # noqa: E402 - from the checkout, as above

PICTURES, PER_PICTURE, PLAN = 100, 300, {"every": "1/1"}
RADIUS, LOCAL_RADIUS = 31, 70
VIDEO = 70 * 16
"""Codes asked for a minute of video: 70 pictures, turned eight ways, whole and trimmed."""


def codes_of(number: int, count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(number).integers(0, 256, (count, 32), np.uint8)


def name_of(number: int) -> Sha256:
    return Sha256(sha256(b"%d" % number).hexdigest())


def drafts(kind: str, total: int) -> Iterator[Draft]:
    pictures = PICTURES if kind == "pictures" else 20
    each = pictures if kind == "pictures" else pictures * PER_PICTURE
    times = [f"{i}/1" for i in range(pictures)]
    for number in range(-(-total // each)):
        codes = codes_of(number, min(each, total - number * each))
        payload = {"scheme": f"{kind}/1", "width": 32, "plan": PLAN}
        if kind == "pictures":
            there = times[: len(codes)]
            payload |= {
                "times": there,
                "qualities": [90] * len(codes),
                "codes": codes.tobytes().hex(),
            }
        else:
            counts = [PER_PICTURE] * (len(codes) // PER_PICTURE)
            counts += [len(codes) % PER_PICTURE] if len(codes) % PER_PICTURE else []
            payload |= {
                "times": times[: len(counts)],
                "counts": counts,
                "sizes": [[512, 288]] * len(counts),
                "points": b64encode(bytes(6 * len(codes))).decode(),
                "codes": b64encode(codes.tobytes()).decode(),
            }
        yield Draft(type="signatures", subject=f"sha256:{name_of(number)}", payload=payload)


def flipped(
    codes: NDArray[np.uint8], share: float, random: np.random.Generator
) -> NDArray[np.uint8]:
    return codes ^ np.packbits(random.random((len(codes), 256)) < share, axis=1)


def questions(total: int, count: int) -> list[bytes]:
    """A tenth near to codes of the index, within the radius and beyond it; the rest new."""
    random = np.random.default_rng(7)
    asked = random.integers(0, 256, (count, 32), np.uint8)
    for i in range(0, count, 10):
        number = int(random.integers(0, total // PICTURES))
        near = codes_of(number, PICTURES)[int(random.integers(0, PICTURES))]
        bits = np.unpackbits(near)
        bits[random.choice(256, int(random.integers(0, 36)), replace=False)] ^= 1
        asked[i] = np.packbits(bits)
    return [code.tobytes() for code in asked]


def make(path: Path, kind: str, total: int) -> dict[str, object]:
    start, waiting = time.perf_counter(), []
    with SqlLedger.open(path, origin="bench.example/index") as ledger:
        for draft in drafts(kind, total):
            waiting.append(draft)
            if len(waiting) == 200:
                ledger.append(waiting)
                waiting = []
        if waiting:
            ledger.append(waiting)
    return {"seconds": time.perf_counter() - start, "bytes": path.stat().st_size}


def build(path: Path, kind: str, _: int) -> dict[str, object]:
    """The first search of a ledger, which makes the files."""
    with SqlLedger.open(path) as ledger:
        start, cpu = time.perf_counter(), time.process_time()
        if kind == "pictures":
            ledger.nearest("pictures/1", [bytes(32)], RADIUS)
        else:
            ledger.votes("places/1", [bytes(32)], LOCAL_RADIUS, limit=1)
        wall, used = time.perf_counter() - start, time.process_time() - cpu
    folder = path.with_name(path.name + ".index")
    files = (
        sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) if folder.exists() else 0
    )
    return {"seconds": wall, "cpu": used, "bytes": files}


def ask(path: Path, _: str, total: int) -> dict[str, object]:
    """Searches in a new process, which maps the files."""
    asked = questions(total, VIDEO)
    with SearchReader.open(path) as reader:
        start = time.perf_counter()
        reader.nearest("pictures/1", asked[:1], RADIUS)
        opened = time.perf_counter() - start
        singles = []
        for one in asked[1:101]:
            start, cpu = time.perf_counter(), time.process_time()
            reader.nearest("pictures/1", [one], RADIUS)
            singles.append((time.perf_counter() - start, time.process_time() - cpu))
        start, cpu = time.perf_counter(), time.process_time()
        hits = reader.nearest("pictures/1", asked, RADIUS)
        minute = time.perf_counter() - start
        batch = (time.process_time() - cpu) / len(asked)
    found = sorted((h.query, h.asset, int(h.time), h.distance) for h in hits)
    return {
        "first": opened,
        "single": float(np.median([wall for wall, _ in singles])),
        "single_cpu": float(np.median([used for _, used in singles])),
        "batch_cpu": batch,
        "minute": minute,
        "hits": len(found),
        "answer": sha256(repr(found).encode()).hexdigest(),
    }


def flat(_: Path, __: str, total: int) -> dict[str, object]:
    """The same questions to faiss, which compares with all codes."""
    import faiss  # noqa: PLC0415 - a peer, only measured

    faiss.omp_set_num_threads(1)
    index = faiss.IndexBinaryFlat(256)
    for number in range(-(-total // PICTURES)):
        index.add(codes_of(number, min(PICTURES, total - number * PICTURES)))
    asked = np.stack([np.frombuffer(one, np.uint8) for one in questions(total, VIDEO)])
    singles = []
    for i in range(20):
        cpu = time.process_time()
        index.range_search(asked[i : i + 1], RADIUS + 1)
        singles.append(time.process_time() - cpu)
    cpu = time.process_time()
    ends, distances, places = index.range_search(asked, RADIUS + 1)
    batch = (time.process_time() - cpu) / len(asked)
    found = sorted(
        (query, name_of(int(p) // PICTURES), int(p) % PICTURES, int(d))
        for query in range(len(asked))
        for p, d in zip(
            places[ends[query] : ends[query + 1]],
            distances[ends[query] : ends[query + 1]],
            strict=True,
        )
    )
    return {
        "version": faiss.__version__,
        "single_cpu": float(np.median(singles)),
        "batch_cpu": batch,
        "hits": len(found),
        "answer": sha256(repr(found).encode()).hexdigest(),
    }


def vote(path: Path, _: str, total: int) -> dict[str, object]:
    """Thirty pictures of 300 codes, of which a third are met again, with noise."""
    each, random, told = 20 * PER_PICTURE, np.random.default_rng(9), {}
    with SearchReader.open(path) as reader:
        start = time.perf_counter()
        reader.votes("places/1", [bytes(32)], LOCAL_RADIUS, limit=1)
        told["first"] = time.perf_counter() - start
        for share in (0.12, 0.15, 0.18):
            wanted, pictures = [], []
            for _picture in range(30):
                number = int(random.integers(0, total // each))
                place = int(random.integers(0, 20))
                codes = codes_of(number, each)[place * PER_PICTURE :][:PER_PICTURE]
                met = flipped(codes[:100], share, random)
                new = random.integers(0, 256, (200, 32), np.uint8)
                pictures.append(np.concatenate([met, new]).tobytes())
                wanted.append((name_of(number), place))
            start, cpu = time.perf_counter(), time.process_time()
            found = reader.votes("places/1", pictures, LOCAL_RADIUS, limit=5)
            wall, used = time.perf_counter() - start, time.process_time() - cpu
            votes = {(v.query, v.asset, int(v.time)): v.votes for v in found}
            right = [votes.get((i, *one), 0) for i, one in enumerate(wanted)]
            first = {v.query: (v.asset, int(v.time)) for v in reversed(found)}
            told[f"{share}"] = {
                "seconds": wall,
                "cpu_ms_per_code": used / (30 * PER_PICTURE) * 1000,
                "met": sum(right) / 3000,
                "first": sum(first.get(i) == one for i, one in enumerate(wanted)),
            }
    return told


_ABOUT = (
    "Python {python}, numpy {numpy}, one core. CPU time unless wall time is said; memory is the peak of the "
    "process, mapped files included."
)
_PICTURES_HEAD = (
    "| codes | append, s (wall) | build, s (wall) | files, MB | memory of building, MB | first query of a "
    "process, ms (wall) | one query, ms | of a minute's 1120, ms each | minute of video, s (wall) | "
    "memory, MB | faiss BinaryFlat: one, ms | of 1120, ms each | memory, MB | same answers |"
)
_PLACES_ABOUT = (
    "Thirty pictures of 300 codes are asked for; a hundred codes of each are met again in one picture, "
    "with each bit flipped at random."
)
_PLACES_HEAD = (
    "| codes | build, s (wall) | files, MB | memory, MB | bits flipped | codes met again | right picture "
    "first | ms for one code | 30 pictures, s (wall) |"
)

PARTS = {"make": make, "build": build, "ask": ask, "flat": flat, "vote": vote}


def run(part: str, path: Path, kind: str, total: int) -> dict[str, object] | None:
    """Runs a part in a process of its own; None where it cannot run."""
    command = [sys.executable, __file__, "--part", part, str(path), kind, str(total)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.strip().splitlines()[-1], file=sys.stderr)
        return None
    return dict(json.loads(done.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", nargs=4)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--codes", type=int, nargs="*", default=[10**6, 10**7])
    parser.add_argument("--local", type=int, nargs="*", default=[10**6, 10**7])
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    if given.part:
        part, path, kind, total = given.part
        told = PARTS[part](Path(path), kind, int(total))
        told["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(told))
        return
    text = report(given.work, given.codes, given.local)
    print(text)
    if given.out:
        given.out.write_text(text)


def report(work: Path, codes: list[int], local: list[int]) -> str:
    lines = [
        "# The index",
        "",
        "    python bench/index.py --work FOLDER --codes "
        + " ".join(map(str, codes))
        + " --local "
        + " ".join(map(str, local)),
        "",
        _ABOUT.format(python=platform.python_version(), numpy=np.__version__),
        "",
        "## Codes of whole pictures, exact within 31 bits",
        "",
        _PICTURES_HEAD,
        "|" + "---|" * 14,
    ]
    for total in codes:
        path = fresh(work, f"pictures-{total}")
        made, built = run("make", path, "pictures", total), run("build", path, "pictures", total)
        ours, peer = run("ask", path, "pictures", total), run("flat", path, "pictures", total)
        cells = [
            f"{total:,}",
            f"{made['seconds']:.0f}",
            f"{built['seconds']:.1f}",
            f"{built['bytes'] / 1e6:.0f}",
            f"{built['peak']:.0f}",
            f"{ours['first'] * 1000:.0f}",
            f"{ours['single_cpu'] * 1000:.1f}",
            f"{ours['batch_cpu'] * 1000:.2f}",
            f"{ours['minute']:.2f}",
            f"{ours['peak']:.0f}",
        ]
        if peer:
            same = "yes" if peer["answer"] == ours["answer"] else "NO"
            cells += [
                f"{peer['single_cpu'] * 1000:.1f}",
                f"{peer['batch_cpu'] * 1000:.2f}",
                f"{peer['peak']:.0f}",
                f"{same}, {ours['hits']} hits",
            ]
        else:
            cells += ["not installed", "", "", ""]
        lines.append("| " + " | ".join(cells) + " |")
        shutil.rmtree(path.parent)
    lines += [
        "",
        "## Local codes, by votes",
        "",
        _PLACES_ABOUT,
        "",
        _PLACES_HEAD,
        "|" + "---|" * 9,
    ]
    for total in local:
        path = fresh(work, f"places-{total}")
        run("make", path, "places", total)
        built, ours = run("build", path, "places", total), run("vote", path, "places", total)
        for share in ("0.12", "0.15", "0.18"):
            one = ours[share]
            cells = [
                f"{total:,}",
                f"{built['seconds']:.1f}",
                f"{built['bytes'] / 1e6:.0f}",
                f"{ours['peak']:.0f}",
                share,
                f"{one['met']:.3f}",
                f"{one['first']}/30",
                f"{one['cpu_ms_per_code']:.3f}",
                f"{one['seconds']:.2f}",
            ]
            lines.append("| " + " | ".join(cells) + " |")
        shutil.rmtree(path.parent)
    return "\n".join(lines) + "\n"


def fresh(work: Path, name: str) -> Path:
    folder = work / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder / "bench.sqlite"


if __name__ == "__main__":
    main()
