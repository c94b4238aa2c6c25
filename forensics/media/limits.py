"""The limits under which media are decoded: one place, one set of numbers."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import resource
import signal
import socket
import sys
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a worker may use.

    Attributes:
        memory: Bytes of address space, for the worker and for each program it starts.
        file_size: Bytes of any one file it writes.
        open_files: Open files.
        seconds: Wall-clock time for one task.
        pixels: Pixels of one picture; larger ones are refused before they are decoded.
        trust_list: Path of the certificates that signers of credentials are held against; empty for none.
    """

    memory: int = 6 << 30
    file_size: int = 8 << 30
    open_files: int = 256
    seconds: float = 900.0
    pixels: int = 120_000_000
    trust_list: str = ""


_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_libc = ctypes.CDLL(None, use_errno=True)


def confine(limits: Limits) -> bool:
    """Puts the calling process under `limits`, for good; called first thing in a worker.

    Returns:
        Whether it could also be cut off from every network, which not all systems allow.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for which, value in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, limits.file_size),
        (resource.RLIMIT_NOFILE, limits.open_files),
    ):
        _, hard = resource.getrlimit(which)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (allowed, allowed))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # writing too much is then an error, not a death
    if not sys.platform.startswith("linux"):
        return False
    die_with_parent()
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(
        _libc.unshare(_CLONE_NEWNET) == 0 or _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0
    )


def die_with_parent() -> None:
    """Has the system end this process with the one that started it, where the system knows how."""
    if sys.platform.startswith("linux"):
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def lacks_room(error: BaseException) -> bool:
    """Whether an error says that a file or its disk can take no more."""
    return isinstance(error, OSError) and error.errno in _FULL


def state() -> dict[str, Any]:
    """Worker task: what this process is limited to, for `forensics doctor`."""
    memory, _ = resource.getrlimit(resource.RLIMIT_AS)
    interfaces = [name for _, name in socket.if_nameindex() if name != "lo"]
    return {"memory": memory, "offline": not interfaces}


def allow_processor_time(seconds: float) -> None:
    """Ends this process if its next task uses more than `seconds` of processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    with contextlib.suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def environment(limits: Limits) -> dict[str, str]:
    """Returns the whole environment of a worker: nothing of the caller's but what it needs."""
    kept = {
        k: os.environ[k] for k in ("PATH", "FORENSICS_FFMPEG", "TESSDATA_PREFIX") if k in os.environ
    }
    if limits.trust_list:
        kept["FORENSICS_TRUST_LIST"] = limits.trust_list
    return {
        **kept,
        "LC_ALL": "C.UTF-8",
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OPENCV_IO_MAX_IMAGE_PIXELS": str(
            limits.pixels
        ),  # read when cv2 loads; its own default is 2^30
        "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
    }
