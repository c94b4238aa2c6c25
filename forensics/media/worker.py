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

from forensics.errors import ForensicsError, LimitExceeded, MediaError, NotFitting
from forensics.media.limits import Limits, allow_processor_time, confine, environment

MAX_ANSWER = 256 << 20
"""Bytes of one answer; a worker that says more has gone wrong."""

_START = "from forensics.media import worker; worker.serve()"

Watch = Callable[[str, float], None]
"""Called with what is being done and how much of it is done, 0 to 1."""


class Worker:
    """Runs tasks, named "module:function", in a limited process; a context manager."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = b""

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
        process = self._running()
        order = json.dumps({"task": task, "arguments": arguments, "seconds": seconds})
        assert process.stdin is not None  # noqa: S101 - given as PIPE
        try:
            process.stdin.write(order.encode() + b"\n")
            process.stdin.flush()
            return self._answer(process, time.monotonic() + seconds + 2, seconds, watch)
        except BrokenPipeError as error:
            raise self._death(process) from error

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._stop()
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-c", _START, json.dumps(asdict(self._limits))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # libraries print hostile text there
                env=environment(self._limits),
                start_new_session=True,
            )
            self._buffer = b""
        return self._process

    def _answer(
        self, process: subprocess.Popen[bytes], until: float, seconds: float, watch: Watch | None
    ) -> Any:
        assert process.stdout is not None  # noqa: S101 - given as PIPE
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while True:
                while b"\n" in self._buffer:
                    line, self._buffer = self._buffer.split(b"\n", 1)
                    message = json.loads(line)
                    if "progress" not in message:
                        return _unpack(message)
                    if watch:
                        watch(str(message["progress"]), float(message["done"]))
                if not selector.select(max(0.0, until - time.monotonic())):
                    self._stop()
                    raise LimitExceeded(
                        f"It did not end within {seconds:.0f} s and was stopped.",
                        hint="Raise --deadline, or cut the part that matters.",
                    )
                chunk = os.read(process.stdout.fileno(), 1 << 20)
                if not chunk or len(self._buffer) > MAX_ANSWER:
                    raise self._death(process)
                self._buffer += chunk

    def _death(self, process: subprocess.Popen[bytes]) -> ForensicsError:
        self._stop()
        code = process.returncode
        if code is not None and -code == signal.SIGXCPU:
            return LimitExceeded("It used more processor time than allowed and was stopped.")
        how = signal.Signals(-code).name if code is not None and code < 0 else f"code {code}"
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


def _unpack(message: dict[str, Any]) -> Any:
    if "error" not in message:
        return message["result"]
    kind = {c.__name__: c for c in (LimitExceeded, NotFitting)}.get(message["error"], MediaError)
    raise kind(message["message"], hint=message["hint"])


def report_progress(what: str, done: float) -> None:
    """Tells the caller how far a task is; called inside a worker, does nothing elsewhere."""
    if _answers is not None:
        _send({"progress": what, "done": min(1.0, done)})


_answers: int | None = None


def _send(message: dict[str, Any]) -> None:
    assert _answers is not None  # noqa: S101 - set by serve
    data = json.dumps(message).encode() + b"\n"
    while data:
        data = data[os.write(_answers, data) :]


def serve() -> None:
    """Answers tasks from standard input until it ends; the limits are the first argument."""
    global _answers  # noqa: PLW0603 - the one descriptor of this process
    _answers = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints goes nowhere
    limits = Limits(**json.loads(sys.argv[1]))
    confine(limits)
    for line in sys.stdin.buffer:
        order = json.loads(line)
        allow_processor_time(order["seconds"] * (os.cpu_count() or 1))
        try:
            module, function = order["task"].split(":")
            task = getattr(importlib.import_module(module), function)
            _send({"result": task(**order["arguments"])})
        except ForensicsError as error:
            _send({"error": type(error).__name__, "message": str(error), "hint": error.hint})
        except MemoryError:
            _send(
                {
                    "error": "LimitExceeded",
                    "message": f"It needs more memory than the {limits.memory >> 20} MiB allowed.",
                    "hint": "",
                }
            )
        except Exception as error:  # noqa: BLE001 - hostile bytes can make any library raise anything
            text = f"{type(error).__name__} in {_place(error)}"
            _send(
                {"error": "MediaError", "message": f"Reading the file failed: {text}.", "hint": ""}
            )


def _place(error: Exception) -> str:
    """Module and line where it was raised, without paths or values from the file."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "an unknown place"
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
