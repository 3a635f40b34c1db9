"""Published results to be reproduced, and the data they come from: in GOLDEN_DIR, else the copies in golden/data."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

HERE = Path(__file__).resolve().parent / "golden" / "data"


def place(name: str) -> Path:
    """The file of that name; skips the test with a sentence where it is neither in GOLDEN_DIR nor copied here."""
    folders = [Path(os.environ["GOLDEN_DIR"])] if os.environ.get("GOLDEN_DIR") else []
    for folder in (*folders, HERE):
        if (folder / name).is_file():
            return folder / name
    pytest.skip(f"{name} is not copied here: set GOLDEN_DIR to the folder that holds the published results.")


def golden(name: str) -> dict[str, Any]:
    """One published result: inputs, expected, tolerance."""
    found: dict[str, Any] = json.loads(place(f"{name}.json").read_text(encoding="utf-8"))
    return found


def data(name: str, **how: Any) -> pd.DataFrame:
    """The rows of one of its data files."""
    return pd.read_csv(place(name), **how)
