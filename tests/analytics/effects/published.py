"""Decides where tests find published results: in the folder GOLDEN_DIR, and they are passed over without it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest


def folder() -> Path:
    """The folder of published results; the test is skipped with a sentence when it is not at hand."""
    given = os.environ.get("GOLDEN_DIR")
    if not given:
        pytest.skip("GOLDEN_DIR is not set: the published results are not at hand")
    return Path(given)


def golden(name: str) -> dict[str, Any]:
    """One published result by its id."""
    found: dict[str, Any] = json.loads((folder() / f"{name}.json").read_text(encoding="utf-8"))
    return found


def table(name: str) -> pd.DataFrame:
    """A data file of the published results."""
    return pd.read_csv(folder() / name)
