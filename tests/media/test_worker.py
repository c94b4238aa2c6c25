"""What a worker does when a task misbehaves: a clear error, in bounded time, and the next call works."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics.errors import (
    ForensicsError,
    LimitExceeded,
    MediaError,
    MissingCapability,
    NotFitting,
)
from forensics.media import worker as module
from forensics.media.limits import Limits
from forensics.media.worker import Worker, report_progress

TASKS = "tests.media.tasks"
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="uses Linux's /proc")


@pytest.fixture
def worker() -> Iterator[Worker]:
    with Worker(Limits(memory=1 << 30, file_size=1 << 20, seconds=20)) as started:
        yield started


def refused(worker: Worker, task: str, kind: type[ForensicsError], **arguments: object) -> str:
    """Runs a task that must fail as `kind`, and asks the next one whether all is well."""
    with pytest.raises(kind) as caught:
        worker.call(f"{TASKS}:{task}", **arguments)
    assert type(caught.value) is kind
    assert worker.call(f"{TASKS}:echo", value="well") == "well"
    return str(caught.value)


def gone(pid: int, seconds: float = 5.0) -> bool:
    """Whether a process ends (or is but a zombie) within the time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return True
        if state in "ZX":
            return True
        time.sleep(0.02)
    return False


def test_values_come_back_as_they_were_sent(worker: Worker) -> None:
    value = {"text": "Привет\n\x1b[31m\udcff", "list": [1, None, True, 2**60], "empty": {}}
    assert worker.call(f"{TASKS}:echo", value=value) == value


def test_one_process_serves_many_calls(worker: Worker) -> None:
    first = worker.call(f"{TASKS}:process")
    assert first != os.getpid()
    assert worker.call(f"{TASKS}:process") == first


def test_large_arguments_and_answers_pass(worker: Worker) -> None:
    text = "x" * (5 << 20)
    assert worker.call(f"{TASKS}:echo", value=text) == text


@pytest.mark.parametrize(
    ("task", "how"),
    [("abort", "Aborted"), ("fault", "Segmentation fault"), ("leave", "code 3")],
)
def test_a_worker_that_dies_is_replaced(worker: Worker, task: str, how: str) -> None:
    assert how in refused(worker, task, MediaError)


def test_a_worker_that_closes_its_answers_is_replaced(worker: Worker) -> None:
    assert "silent" in refused(worker, "close_the_answers", MediaError)


def test_too_much_memory_is_refused(worker: Worker) -> None:
    assert "1024 MiB" in refused(worker, "allocate", LimitExceeded, size=2 << 30)


def test_a_task_past_its_deadline_is_stopped(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GRACE", 0.3)
    pid = worker.call(f"{TASKS}:process")
    started = time.monotonic()
    with pytest.raises(LimitExceeded, match="within 1 s"):
        worker.call(f"{TASKS}:sleep", deadline=1, seconds=600)
    assert time.monotonic() - started < 1 + module.GRACE + 3
    assert gone(pid)
    assert worker.call(f"{TASKS}:process") != pid


def test_a_task_that_spins_is_stopped_by_its_processor_time(worker: Worker) -> None:
    assert "processor time" in refused(worker, "spin", LimitExceeded)


def test_the_signal_of_the_processor_limit_is_told_as_such(worker: Worker) -> None:
    assert "processor" in refused(worker, "use_up_processor_time_at_once", LimitExceeded)


def test_a_task_that_reports_progress_for_ever_is_stopped(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GRACE", 0.3)
    with pytest.raises(LimitExceeded):
        worker.call(f"{TASKS}:progress_without_end", deadline=1)
    assert worker.call(f"{TASKS}:echo", value=1) == 1


def test_a_file_past_the_limit_is_an_error_of_room(worker: Worker, tmp_path: Path) -> None:
    path = tmp_path / "large"
    assert "room" in refused(worker, "write", LimitExceeded, path=str(path), size=2 << 20)
    assert path.stat().st_size <= 1 << 20


def test_what_a_task_prints_reaches_nobody(worker: Worker, capfd: pytest.CaptureFixture) -> None:
    assert worker.call(f"{TASKS}:shout") == "said"
    assert capfd.readouterr() == ("", "")


def test_an_answer_past_the_limit_is_refused_in_bounded_time(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_ANSWER", 1 << 20)
    started = time.monotonic()
    assert "cannot be read" in refused(worker, "flood", MediaError, size=32 << 20)
    assert time.monotonic() - started < 10


def test_an_answer_without_an_end_is_refused(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_ANSWER", 8 << 20)
    refused(worker, "speak_without_newline", MediaError)


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "5",
        "null",
        "[]",
        '{"result": 1}',
        '{"order": "1", "result": 1}',
        '{"order": 1, "error": ["x"], "message": "", "hint": ""}',
        '{"order": 1, "error": "MediaError"}',
        '{"order": 1, "progress": "x", "done": "y"}',
        "[" * 100_000,
        "\x80\x04pickle",
    ],
    ids=lambda line: line[:24],
)
def test_an_answer_of_another_form_is_refused(worker: Worker, line: str) -> None:
    assert "cannot be read" in refused(worker, "speak", MediaError, line=line)


@linux
def test_children_that_a_task_left_end_with_the_worker() -> None:
    with Worker(Limits(seconds=20)) as worker:
        child = worker.call(f"{TASKS}:leave_a_child")
        assert worker.call(f"{TASKS}:echo", value=1) == 1
        assert not gone(child, 0)
    assert gone(child)


@linux
def test_a_program_that_a_task_waits_for_ends_with_its_deadline(
    worker: Worker, tmp_path: Path
) -> None:
    pid_file = tmp_path / "pid"
    with pytest.raises(LimitExceeded):
        worker.call(f"{TASKS}:wait_on_a_child", deadline=1, pid_file=str(pid_file))
    assert gone(int(pid_file.read_text()))


def test_a_death_is_seen_while_a_child_holds_the_answers(worker: Worker) -> None:
    started = time.monotonic()
    assert "Aborted" in refused(worker, "die_while_a_child_holds_the_answers", MediaError)
    assert time.monotonic() - started < 10


def test_an_answer_to_an_earlier_order_is_not_taken_for_this_one(worker: Worker) -> None:
    worker.call(f"{TASKS}:answer_twice")
    for value in range(5):
        assert worker.call(f"{TASKS}:echo", value=value) == value


@linux
def test_the_worker_and_its_decoder_end_when_their_caller_is_killed(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    program = f"""
from forensics.media.limits import Limits
from forensics.media.worker import Worker
with Worker(Limits(seconds=60)) as worker:
    print(worker.call("tests.media.tasks:process"), flush=True)
    worker.call("tests.media.tasks:run_a_decoder", pid_file={str(pid_file)!r})
"""
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
    ) as caller:
        assert caller.stdout is not None
        worker = int(caller.stdout.readline())
        until = time.monotonic() + 20
        while not (pid_file.exists() and pid_file.read_text()) and time.monotonic() < until:
            time.sleep(0.05)
        decoder = int(pid_file.read_text())
        assert not gone(decoder, 0)
        caller.send_signal(signal.SIGKILL)
    assert gone(worker)
    assert gone(decoder)


def test_an_error_of_ours_keeps_its_kind_message_and_hint(worker: Worker) -> None:
    for kind in (NotFitting, MissingCapability):
        with pytest.raises(kind, match="no such luck") as caught:
            worker.call(f"{TASKS}:raises", kind=kind.__name__)
        assert caught.value.hint == "try elsewhere"


def test_an_error_of_a_library_tells_nothing_from_the_file(worker: Worker) -> None:
    message = refused(worker, "stumble", MediaError, secret="\x1b[2J/home/someone")
    assert message == f"Reading the file failed: KeyError in {TASKS}:{_line('raise KeyError')}."


def _line(text: str) -> int:
    lines = Path(__file__).with_name("tasks.py").read_text().splitlines()
    return next(n for n, line in enumerate(lines, 1) if text in line)


def test_an_answer_that_is_no_json_is_an_error_not_a_pickle(worker: Worker) -> None:
    assert "TypeError" in refused(worker, "not_json", MediaError)


def test_a_task_that_does_not_exist_is_an_error(worker: Worker) -> None:
    for task in (f"{TASKS}:no_such_task", "no.such.module:task", "colonless"):
        with pytest.raises(MediaError):
            worker.call(task)
    assert worker.call(f"{TASKS}:echo", value=1) == 1


def test_nothing_secret_is_carried_into_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOO_SECRET", "hunter2")
    monkeypatch.setenv("LD_PRELOAD", "")
    with Worker(Limits(seconds=20, pixels=1234)) as worker:
        found = worker.call(f"{TASKS}:surroundings")
    assert "hunter2" not in found.values()
    assert set(found) <= {
        *("PATH", "FORENSICS_FFMPEG", "TESSDATA_PREFIX", "LC_ALL", "LC_CTYPE", "MALLOC_ARENA_MAX"),
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_IO_MAX_IMAGE_PIXELS"),
        *("PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "PYTHONPATH"),
    }
    assert found["OPENCV_IO_MAX_IMAGE_PIXELS"] == "1234"


@linux
def test_no_open_file_of_the_caller_is_carried_into_the_worker(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    with secret.open("wb") as stream, Worker(Limits(seconds=20)) as worker:
        os.set_inheritable(stream.fileno(), True)
        assert str(secret) not in worker.call(f"{TASKS}:descriptors")


@pytest.mark.loopback
def test_it_has_no_network(worker: Worker) -> None:
    import socket

    if not worker.call("forensics.media.limits:state")["offline"]:
        pytest.skip("the kernel forbids network namespaces to this user")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass
        with pytest.raises(MediaError, match="OSError"):
            worker.call(f"{TASKS}:connect", port=port)


def test_progress_is_told_in_order(worker: Worker) -> None:
    told: list[tuple[str, float]] = []
    answer = worker.call(
        f"{TASKS}:progress", watch=lambda what, done: told.append((what, done)), steps=500
    )
    assert answer == "done"
    assert told == [("stepping", step / 500) for step in range(500)]


def test_progress_outside_a_worker_is_told_to_nobody() -> None:
    report_progress("alone", 0.5)


def test_an_interrupted_call_leaves_no_worker_at_work(worker: Worker) -> None:
    pid = worker.call(f"{TASKS}:process")

    def interrupt(what: str, done: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        worker.call(f"{TASKS}:progress", watch=interrupt, steps=5)
    assert gone(pid)
    assert worker.call(f"{TASKS}:echo", value=1) == 1
