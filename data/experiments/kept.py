"""Decides where declared experiments stand: one file of the data folder, which no version and no undo takes along."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from data import keeping
from data.experiments.record import Experiment, from_record
from errors import BadExperiment, suggest

FILE = "experiments.json"
OF_THE_SAMPLE = Experiment(
    "sample", "The sample's test against control", "campaign", is_random=True, stated_by="TrueLift, who made the sample"
)
"""The sample's cells are campaigns, drawn into arms by data.simulation.plan; its rows say what lies before the test."""
_DAMAGED = (
    "The declared experiments in {path} cannot be read: {why}. Mend the file, or remove it and declare them anew."
)


def listed(data_dir: Path) -> tuple[Experiment, ...]:
    """All declared experiments, the newest declaration first. Raises BadExperiment when the file is damaged."""
    content = _content(data_dir)
    return _read(content, data_dir / FILE) if content else ()


def get(data_dir: Path, key: str) -> Experiment:
    """The experiment of that key. Raises BadExperiment, with the nearest key, when there is none."""
    return named(listed(data_dir), key)


def named(known: tuple[Experiment, ...], key: str) -> Experiment:
    """The one of these with that key. Raises BadExperiment, with the nearest key, when there is none."""
    for one in known:
        if one.key == key:
            return one
    keys = [one.key for one in known]
    there = suggest(key, keys) if keys else "None has been declared yet."
    raise BadExperiment(f"No experiment “{key}” has been declared. {there}")


def save(data_dir: Path, experiment: Experiment) -> None:
    """Keep it, in the place of an earlier one of the same key. Raises BadExperiment when the file is damaged."""
    with keeping.alone(data_dir):
        records = {one.key: one for one in _oldest_first(data_dir)}
        _write(data_dir, [one.as_record() for one in (records | {experiment.key: experiment}).values()])


def remove(data_dir: Path, key: str) -> None:
    """Forget it. Raises BadExperiment when there is none of that key, or when the file is damaged."""
    with keeping.alone(data_dir):
        named(listed(data_dir), key)
        _write(data_dir, [one.as_record() for one in _oldest_first(data_dir) if one.key != key])


def mark(data_dir: Path) -> str:
    """A text that is another one whenever anything that was declared changes; "" while nothing is declared."""
    content = _content(data_dir)
    return hashlib.sha256(content).hexdigest()[:16] if content else ""


def _content(data_dir: Path) -> bytes:
    path = data_dir / FILE
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise BadExperiment(_DAMAGED.format(path=path, why=error.strerror)) from None


@lru_cache(maxsize=8)
def _read(content: bytes, path: Path) -> tuple[Experiment, ...]:
    """Newest first: by day of declaration, those of the same day by their place in the file."""
    try:
        held = json.loads(content)
        kept = [from_record(record) for record in held["experiments"]]
    except BadExperiment as error:
        raise BadExperiment(_DAMAGED.format(path=path, why=f"{error}".rstrip("."))) from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadExperiment(_DAMAGED.format(path=path, why="it is not the JSON of a list of experiments")) from None
    return tuple(sorted(kept, key=lambda one: one.stated_on or date.min))[::-1]


def _oldest_first(data_dir: Path) -> tuple[Experiment, ...]:
    return tuple(reversed(listed(data_dir)))


def _write(data_dir: Path, records: list[dict[str, Any]]) -> None:
    keeping.swap(data_dir / FILE, {"experiments": records})
