"""The house stands as drawn: imports run downwards, one room a library, small files, callbacks without sums."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = (
    "app.py", "settings.py", "errors.py", "theme.py",
    "data", "analytics", "layouts", "callbacks", "api", "reports", "bench",
)  # fmt: skip
FLOORS = {
    "errors": -1, "settings": 0, "theme": 0, "data": 1, "analytics": 2, "layouts": 3, "reports": 3, "callbacks": 4,
    "api": 4, "app": 5, "bench": 5,
}  # fmt: skip
INSIDE_ANALYTICS = {
    "figures": 1, "charts": 2, "page": 2, "tiles": 2, "pages": 3,
    "answers": 4, "export": 4, "manual": 4, "__main__": 5,
}  # fmt: skip
SPEAKERS = {
    "duckdb": {"data/engines/duckdb.py"},
    "sqlalchemy": {"data/ledger/"},
    "python_calamine": {"data/sources/sheets.py"},
    "xlsxwriter": {"data/engines/xlsx.py"},
    "plotly": {"reports/render/pictures.py", "reports/papers/webpage.py"},
    "kaleido": {"reports/render/pictures.py"},
    "choreographer": {"reports/render/pictures.py"},
    "jinja2": {"reports/papers/document.py"},
    "weasyprint": {"reports/papers/pdf.py"},
    "pypdf": {"reports/papers/"},
    "cronsim": {"reports/schedules/due.py"},
    "smtplib": {"reports/delivery/mail.py"},
    "gunicorn": {"api/serving.py"},
}
FOLDERS = {"flask": ("api/", "app.py"), "werkzeug": ("api/",), "dash": ("app.py", "layouts/", "callbacks/"),
           "dash_bootstrap_components": ("layouts/", "callbacks/"), "dash_ag_grid": ("layouts/",),
           "scipy": ("analytics/", "bench/"),
           "numpy": ("analytics/", "data/simulation/", "data/simulate.py", "bench/")}  # fmt: skip
KNOWN_TO_ANALYTICS = {
    "schema",
    "experiments.record",
    "filters",
    "provenance",
    "reference",
    "values.guards",
    "values.readings",
    "values.written",
    "engines.xlsx",
}
BANNED_IN_CALLBACKS = {"pandas", "numpy", "duckdb", "scipy"}
LONGEST_FUNCTION, LONGEST_FILE = 25, 250
LAYOUT = (
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING,
    tokenize.ENDMARKER,
)  # fmt: skip


def files() -> list[Path]:
    found: list[Path] = []
    for name in OURS:
        path = ROOT / name
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path] if path.exists() else []
    return found


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor(module: str) -> int | None:
    return FLOORS.get(module.split(".")[0])


ids = pytest.mark.parametrize("path", files(), ids=name_of)


@ids
def test_a_floor_imports_only_from_its_own_and_from_below(path: Path) -> None:
    own = name_of(path).split("/")[0].removesuffix(".py")
    for module in imports(path):
        below = floor(module)
        if below is None or module.split(".")[0] == own:
            continue
        wires = path.name == "__main__.py" or own in ("app", "bench")
        assert below < FLOORS[own] or wires, f"{name_of(path)} imports {module}"
        if own == "analytics" and module.split(".")[0] == "data" and not wires:
            room = f"{module.removeprefix('data.')}."
            assert any(room.startswith(f"{known}.") for known in KNOWN_TO_ANALYTICS), (
                f"{name_of(path)} imports {module}"
            )
        if own == "callbacks" and module.startswith("layouts"):
            assert module.split(".")[1] == "ids", f"{name_of(path)} imports {module}: layouts are handed in by app.py"
        if {own, module.split(".")[0]} == {"layouts", "reports"}:
            raise AssertionError(f"{name_of(path)}: the wings meet in analytics, not in each other")


@ids
def test_inside_analytics_numbers_know_no_pictures(path: Path) -> None:
    parts = name_of(path).split("/")
    if parts[0] != "analytics":
        return
    own = INSIDE_ANALYTICS.get(parts[1].removesuffix(".py"), 0)
    for module in imports(path):
        names = module.split(".")
        if names[0] == "analytics" and len(names) > 1 and names[1] in INSIDE_ANALYTICS:
            assert INSIDE_ANALYTICS[names[1]] <= own, f"{name_of(path)} imports {module}"


@ids
def test_one_room_speaks_each_library(path: Path) -> None:
    name = name_of(path)
    for module in imports(path):
        library = module.split(".")[0]
        if library in SPEAKERS:
            assert name.startswith(tuple(SPEAKERS[library])), f"{name} speaks {library}"
        if library in FOLDERS:
            assert name.startswith(FOLDERS[library]), f"{name} speaks {library}"


@ids
def test_callbacks_hold_no_arithmetic(path: Path) -> None:
    if not name_of(path).startswith("callbacks/"):
        return
    assert not {module.split(".")[0] for module in imports(path)} & BANNED_IN_CALLBACKS
    sums = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.BinOp) and isinstance(node.op, sums):
            raise AssertionError(f"{name_of(path)}:{node.lineno} reckons")


@ids
def test_the_environment_and_the_clock_are_read_in_one_place(path: Path) -> None:
    if name_of(path) in ("settings.py", "app.py") or name_of(path).startswith(("bench/", "reports/", "api/")):
        return
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"os\.environ|getenv", text)


def code_lines(path: Path) -> set[int]:
    """Lines that hold code: no blank lines, comments or docstrings."""
    docs = {
        line
        for node in ast.walk(tree(path))
        if (text := docstring(node))
        for line in range(text.lineno, (text.end_lineno or 0) + 1)
    }
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        if token.type not in LAYOUT:
            lines |= set(range(token.start[0], token.end[0] + 1))
    return lines - docs


def docstring(node: ast.AST) -> ast.Expr | None:
    body = getattr(node, "body", None)
    if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef) and body:
        first = body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            return first
    return None


@ids
def test_functions_and_files_stay_small(path: Path) -> None:
    lines = code_lines(path)
    assert len(lines) <= LONGEST_FILE, f"{name_of(path)} has {len(lines)} code lines"
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            own = [line for line in range(node.lineno, (node.end_lineno or 0) + 1) if line in lines]
            assert len(own) <= LONGEST_FUNCTION, f"{name_of(path)}: {node.name} has {len(own)} code lines"


@ids
def test_a_file_says_first_what_it_decides(path: Path) -> None:
    text = ast.get_docstring(tree(path))
    assert text, f"{name_of(path)} has no first line"
    first = text.splitlines()[0]
    assert re.match(r"Decides\b|The command line of|Our own", first), f"{name_of(path)}: “{first}”"


def test_no_name_is_a_place_for_everything() -> None:
    forbidden = {"core", "utils", "common", "helpers", "services", "misc"}
    found = {part.removesuffix(".py") for path in files() for part in name_of(path).split("/")} & forbidden
    assert not found
