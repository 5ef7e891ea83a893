"""Runs the `ripplescope` command and reads its results: one file to copy beside a notebook.

Needs the command (Node; `npm ci && npm run build` in a clone), and for tables pandas with pyarrow. The command is looked
for in the environment variable RIPPLESCOPE (as `node /path/to/bin/ripplescope.mjs`), then on the PATH, then in the clone
that this file lies in.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TABLES = ("sequences", "occurrences", "perturbations", "pairs", "readings", "counts")

# In unsigned columns: none (a deletion has no substitute).
NONE = 0xFFFFFFFF

PERTURBATIONS = ("nearest", "neighbor", "random", "mask", "delete", "swap")
PLACES = ("least-impactful", "random")


class RipplescopeError(RuntimeError):
    """What the command said when it failed."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def _command() -> list[str]:
    named = os.environ.get("RIPPLESCOPE")
    if named:
        return shlex.split(named)
    found = shutil.which("ripplescope")
    if found:
        return [found]
    clone = Path(__file__).resolve().parent.parent / "bin" / "ripplescope.mjs"
    if clone.exists():
        return ["node", str(clone)]
    raise FileNotFoundError(
        "The command ripplescope was not found. Install it, or set RIPPLESCOPE to how it is started."
    )


def _flags(options: dict[str, Any]) -> list[str]:
    """`neighbor_rank=3` as `--neighbor-rank=3`; True as a flag alone; None and False as nothing; lists with commas."""
    flags = []
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            flags.append(flag)
        elif isinstance(value, (list, tuple)):
            flags.append(f"{flag}={','.join(map(str, value)) or 'none'}")
        else:
            flags.append(f"{flag}={value}")
    return flags


def call(*arguments: str, stdin: str | None = None, show_progress: bool = False) -> str:
    """Runs the command and returns its standard output.

    Raises RipplescopeError with the command's own sentence where it fails.
    """
    process = subprocess.Popen(
        [*_command(), *arguments],
        stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=None if show_progress and sys.stderr.isatty() else subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    output, errors = process.communicate(stdin)
    if process.returncode != 0:
        lines = (errors or "").strip().splitlines()
        raise RipplescopeError(lines[-1] if lines else "The command failed.", process.returncode)
    return output


def explore(text: str, position: int, substitute: str | None = None, **options: Any) -> dict[str, Any]:
    """One substitution in one text, as the object that docs/cli.md describes.

    Options are those of `ripplescope explore`: model, exclude, device, threads.
    """
    flags = _flags({"position": position, "substitute": substitute, **options})
    return json.loads(call("explore", "--json", "--text=-", *flags, stdin=text))


@dataclass
class Run:
    """A run as data frames: `run.occurrences`, `run.perturbations`, ... Each is read when first asked for."""

    folder: Path
    header: dict[str, Any]
    status: str
    token_names: dict[int, str]
    # Removed with the run; None where the tables lie in a folder of the user's.
    _temporary: Any = field(default=None, repr=False)
    _frames: dict[str, Any] = field(default_factory=dict, repr=False)

    def __getattr__(self, name: str) -> Any:
        if name not in TABLES:
            raise AttributeError(name)
        if name not in self._frames:
            import pandas

            self._frames[name] = pandas.read_parquet(self.folder / f"{name}.parquet")
        return self._frames[name]

    @property
    def layers(self) -> int:
        """L: the embedding layer's output is layer 0, the last is L."""
        return self.header["layers"]

    def token(self, token_id: int) -> str:
        return self.token_names.get(int(token_id), f"#{token_id}")

    def commonness(self) -> Any:
        """log(1 + count) by token id, min-max scaled to [0, 1] over the tokens that occur in the corpus."""
        import numpy

        counts = self.counts.set_index("token_id")["count"]
        logs = numpy.log1p(counts)
        return (logs - logs.min()) / ((logs.max() - logs.min()) or 1)


def run(source: str | os.PathLike[str] | list[str], out: str | os.PathLike[str], **options: Any) -> Run:
    """Measures texts of a file, or goes on where it was interrupted, and opens the result.

    Options are those of `ripplescope run`: sample, seed, norm, model, column, perturbations, pairs, readings, shard, ...; with
    dataset="owner/name" and split="test" of the hub, source is [].
    """
    sources = source if isinstance(source, list) else [source]
    call("run", *map(os.fspath, sources), f"--out={os.fspath(out)}", *_flags(options), show_progress=True)
    return open_run(out)


def open_run(*paths: str | os.PathLike[str], partial: bool = True) -> Run:
    """Opens a run: folders of `ripplescope run` (the shards of one), a result's file, or a folder of tables."""
    tables = Path(paths[0])
    temporary = None
    if not (tables / "header.json").exists():
        temporary = tempfile.TemporaryDirectory(prefix="ripplescope-")
        tables = Path(temporary.name) / "tables"
        call("merge", os.fspath(tables), *map(os.fspath, paths), *_flags({"partial": partial}))
    described = json.loads((tables / "header.json").read_text("utf-8"))
    names = tables / "tokens.json"
    token_names = {int(key): name for key, name in json.loads(names.read_text("utf-8"))} if names.exists() else {}
    return Run(tables, described["header"], described["status"], token_names, temporary)
