"""A worker process: the only place where media are decoded.

The caller sends one task at a time as a line of JSON and gets one line back, never a pickle: what the
worker says was made next to hostile bytes. A worker that dies, runs out of memory or overstays is
replaced, and the task that it was at ends with a `LimitExceeded` or `MediaError`; the check goes on.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

from forensics.errors import (
    ForensicsError,
    LimitExceeded,
    MediaError,
    MissingCapability,
    NotFitting,
)
from forensics.media.limits import (
    Limits,
    allow_processor_time,
    confine,
    environment,
    lacks_room,
)

MAX_ANSWER = 64 << 20
"""Bytes of one answer; a worker that says more has gone wrong."""

GRACE = 2.0
"""Seconds past its deadline in which a task may still say itself that it did not end in time."""

LOOK = 0.5
"""Seconds between two looks at whether a silent worker lives."""

CHUNK = 1 << 16
_STRANGE = "The worker that read the file gave an answer that cannot be read."

_START = "from forensics.media import worker; worker.serve()"

Watch = Callable[[str, float], None]
"""Called with what is being done and how much of it is done, 0 to 1."""


class Worker:
    """Runs tasks, named "module:function", in a limited process; a context manager."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._orders = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def call(
        self,
        task: str,
        *,
        deadline: float | None = None,
        watch: Watch | None = None,
        **arguments: Any,
    ) -> Any:
        """Runs `task(**arguments)` in the worker; arguments and answer are JSON values.

        Args:
            task: "package.module:function".
            deadline: Wall-clock limit in seconds; by default the worker's.
            watch: Told of progress, where the task reports any.
            **arguments: For the function.

        Raises:
            ForensicsError: The task raised one; its message and hint are kept.
            LimitExceeded: The task overstayed, or the worker was ended for using too much.
        """
        seconds = deadline or self._limits.seconds
        self._orders += 1
        order = {"order": self._orders, "task": task, "arguments": arguments, "seconds": seconds}
        process = self._running()
        try:
            message = self._exchange(process, json.dumps(order).encode() + b"\n", seconds, watch)
        except BaseException:  # what the worker says from now on is not waited for
            self._stop()
            raise
        return _unpack(message)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._stop()
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-c", _START, json.dumps(asdict(self._limits))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # libraries print hostile text there
                bufsize=0,
                env=environment(self._limits),
                start_new_session=True,
            )
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe is not None  # noqa: S101 - given as PIPE
                os.set_blocking(pipe.fileno(), False)
        return self._process

    def _exchange(
        self, process: subprocess.Popen[bytes], order: bytes, seconds: float, watch: Watch | None
    ) -> dict[str, Any]:
        """Sends an order and returns the message that answers it, in bounded time and memory."""
        assert process.stdin is not None  # noqa: S101 - given as PIPE
        assert process.stdout is not None  # noqa: S101 - given as PIPE
        until, unsent, line = time.monotonic() + seconds + GRACE, memoryview(order), bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdin, selectors.EVENT_WRITE)
            selector.register(process.stdout, selectors.EVENT_READ)
            while (left := until - time.monotonic()) > 0:
                ready = [key.fileobj for key, _ in selector.select(min(left, LOOK))]
                if process.stdin in ready:
                    try:
                        unsent = unsent[os.write(process.stdin.fileno(), unsent[:CHUNK]) :]
                    except BrokenPipeError:  # it died, which is seen below
                        unsent = unsent[:0]
                    if not unsent:
                        selector.unregister(process.stdin)
                if process.stdout in ready:
                    chunk = os.read(process.stdout.fileno(), CHUNK)
                    if not chunk:
                        raise self._death(process)
                    *ends, rest = chunk.split(b"\n")
                    for end in ends:
                        message = _read(line + end)
                        line.clear()
                        if message["order"] != self._orders:
                            continue  # left over: an earlier task's child answered as well
                        if "progress" not in message:
                            return message
                        if watch:
                            watch(message["progress"], message["done"])
                    line += rest
                    if len(line) > MAX_ANSWER:
                        raise MediaError(_STRANGE)
                elif process.poll() is not None:  # dead, while a child of its own holds the pipe
                    raise self._death(process)
        raise LimitExceeded(
            f"It did not end within {seconds:.0f} s and was stopped.",
            hint="Raise --deadline, or cut the part that matters.",
        )

    def _death(self, process: subprocess.Popen[bytes]) -> ForensicsError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(LOOK)
        code = process.poll()
        if code == -signal.SIGXCPU:
            return LimitExceeded("It used more processor time than allowed and was stopped.")
        if code == -signal.SIGKILL:
            return LimitExceeded("The system stopped it, most likely for want of memory.")
        how = "it fell silent" if code is None else f"code {code}"
        if code is not None and code < 0:
            how = signal.strsignal(-code) or f"signal {-code}"
        return MediaError(
            f"The worker that read the file died ({how}).",
            hint="The file may be made to crash decoders: treat it with care.",
        )

    def _stop(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()
            self._process = None


def _read(line: bytearray) -> dict[str, Any]:
    """Reads one message, on guard: what wrote it may have been taken over by what it read."""
    try:
        match message := json.loads(line):
            case (
                {"order": int(), "result": _}
                | {"order": int(), "error": str(), "message": str(), "hint": str()}
                | {"order": int(), "progress": str(), "done": float()}
            ):
                return dict(message)
    except (ValueError, RecursionError) as error:
        raise MediaError(_STRANGE) from error
    raise MediaError(_STRANGE)


def _unpack(message: dict[str, Any]) -> Any:
    if "error" not in message:
        return message["result"]
    raise _KINDS.get(message["error"], MediaError)(message["message"], hint=message["hint"])


_KINDS = {c.__name__: c for c in (LimitExceeded, NotFitting, MissingCapability)}


def report_progress(what: str, done: float) -> None:
    """Tells the caller how far a task is; called inside a worker, does nothing elsewhere."""
    if _answers is not None:
        _send({"progress": what, "done": min(1.0, max(0.0, float(done)))})


_answers: int | None = None
_order = 0


def _send(message: dict[str, Any]) -> None:
    assert _answers is not None  # noqa: S101 - set by serve
    data = json.dumps({"order": _order, **message}).encode() + b"\n"
    while data:
        data = data[os.write(_answers, data) :]


def serve() -> None:
    """Answers tasks from standard input until it ends; the limits are the first argument."""
    global _answers, _order  # noqa: PLW0603 - the one descriptor of this process, and what it is at
    _answers = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints goes nowhere
    limits = Limits(**json.loads(sys.argv[1]))
    confine(limits)
    for line in sys.stdin.buffer:
        order = json.loads(line)
        _order = order["order"]
        allow_processor_time(order["seconds"] * (os.cpu_count() or 1))
        try:
            module, function = order["task"].split(":")
            task = getattr(importlib.import_module(module), function)
            _send({"result": task(**order["arguments"])})
        except ForensicsError as error:
            _refuse(type(error).__name__, str(error), error.hint)
        except MemoryError:
            most = limits.memory >> 20
            _refuse("LimitExceeded", f"It needs more memory than the {most} MiB allowed.")
        except Exception as error:  # noqa: BLE001 - hostile bytes can make any library raise anything
            if lacks_room(error):
                _refuse("LimitExceeded", "The working copy needs more room than there is.")
                continue
            where = f"{type(error).__name__} in {_place(error)}"
            _refuse("MediaError", f"Reading the file failed: {where}.")


def _refuse(kind: str, message: str, hint: str = "") -> None:
    _send({"error": kind, "message": message, "hint": hint})


def _place(error: Exception) -> str:
    """Module and line where it was raised, without paths or values from the file."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "an unknown place"
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
