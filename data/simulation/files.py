"""Decides how the world is put on disk: four CSV files and the truth beside them, quickly and in pieces."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

ROWS_A_PIECE = 100_000


def write_small(table: pd.DataFrame, path: Path) -> Path:
    """A small table as CSV (UTF-8, \\n)."""
    table.to_csv(path, index=False, lineterminator="\n")
    return path


def write_big(table: pd.DataFrame, path: Path) -> Path:
    """A table of categoricals, numbers and dates as CSV, piece by piece; several times as quick as to_csv."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(table.columns) + "\n")
        for start in range(0, len(table), ROWS_A_PIECE):
            piece = table.iloc[start : start + ROWS_A_PIECE]
            columns = [_cells(piece[key]) for key in piece.columns]
            file.write("\n".join(map(",".join, zip(*columns, strict=True))) + "\n")
    return path


def write_truth(truth: dict[str, object], path: Path) -> Path:
    """The truth as JSON."""
    path.write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _cells(column: pd.Series) -> list[str]:
    """One column's values as they stand in the file; an empty value is an empty cell."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        used, codes = np.unique(column.cat.codes.to_numpy(), return_inverse=True)
        words = [_quoted(word) for word in column.cat.categories.take(used[used >= 0])]
        words = [""] * int((used < 0).sum()) + words
        return [words[code] for code in codes.tolist()]
    if column.dtype.kind == "M":
        days, codes = np.unique(column.to_numpy().astype("datetime64[D]"), return_inverse=True)
        words = [str(day) for day in days]
        return [words[code] for code in codes.tolist()]
    if column.dtype.kind == "f":
        return ["" if number != number else f"{number:.2f}" for number in column.tolist()]
    return list(map(str, column.tolist()))


def _quoted(word: str) -> str:
    """A word as CSV wants it: in quotes when it holds a comma, a quote or a line break."""
    if not any(mark in word for mark in ',"\r\n'):
        return word
    return '"' + word.replace('"', '""') + '"'
