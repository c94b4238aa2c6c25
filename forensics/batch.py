"""Many files at once: which ones, where their reports go, and what the whole batch came to."""

from __future__ import annotations

import os
from collections.abc import Sequence, Set
from pathlib import Path

from forensics.errors import (
    EXIT_ADVERSE,
    EXIT_DONE,
    EXIT_INCOMPLETE,
    EXIT_LEDGER,
    EXIT_USAGE,
    IntakeError,
    UsageError,
)

STDIN = Path("-")


def expand(paths: Sequence[Path]) -> list[Path | IntakeError]:
    """Returns the files to check: those given, and all below the folders given, by name.

    Hidden files and links below a folder are left out; what was given by name is always taken. A folder
    that is empty or cannot be read stands in its place as the error to report, and the rest goes on.

    Raises:
        UsageError: Standard input was given twice.
    """
    found: list[Path | IntakeError] = []
    for path in paths:
        if path != STDIN and os.path.isdir(path):  # noqa: PTH112 - Path.is_dir may raise
            found.extend(_below(path))
        else:
            found.append(path)
    if found.count(STDIN) > 1:
        raise UsageError("Standard input (-) can be given once.")
    return found


def _below(folder: Path) -> list[Path | IntakeError]:
    refused: list[IntakeError] = []

    def refuse(error: OSError) -> None:
        refused.append(
            IntakeError(
                f"The folder {error.filename} cannot be read: {error.strerror}.",
                hint="Check its permissions, or name the files in it that are to be checked.",
            )
        )

    files: list[Path] = []
    for root, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = (Path(root) / name for name in names if not name.startswith("."))
        files.extend(path for path in paths if not path.is_symlink())
    if not files and not refused:
        refused.append(IntakeError(f"The folder {folder} holds no files.", hint="Check the path."))
    return [*sorted(files), *refused]


def report_targets(files: Sequence[Path | IntakeError], report: Path | None) -> list[Path | None]:
    """Returns where each file's HTML report goes: one file, or a folder for several.

    Raises:
        UsageError: The place cannot take them.
    """
    if report is None:
        return [None] * len(files)
    as_folder = len(files) > 1 or report.is_dir()
    if as_folder and report.exists() and not report.is_dir():
        raise UsageError(
            f"--report {report} is one file, and {len(files)} files were given.",
            hint="Give a folder for their reports.",
        )
    try:
        (report if as_folder else report.absolute().parent).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--report {report} cannot be made: {error.strerror}.") from error
    if not as_folder:
        return [report]
    width = len(str(len(files)))
    return [
        report / f"{number:0{width}}-{_plain_name(file)}.html"
        for number, file in enumerate(files, 1)
    ]


def _plain_name(file: Path | IntakeError) -> str:
    name = file.name if isinstance(file, Path) else ""
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in name)[:50].strip(".") or "file"


def overall(codes: Set[int]) -> int:
    """Returns the exit code of a batch: the gravest that one of its files came to."""
    for code in (EXIT_LEDGER, EXIT_ADVERSE, EXIT_INCOMPLETE, EXIT_USAGE):
        if code in codes:
            return code
    return EXIT_DONE
