"""Decides how what was chosen on the screen becomes what the reading child is told: mode, and a choice per table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

AT_ONCE = frozenset({"mode", "table", "encoding", "delimiter"})
NOT_USED = LEFT_OUT = "none"
MARKS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "caret": "^", "tilde": "~"}
OF_COLUMNS = ("columns", "dates", "decimals")
TAKEN = "taken-"
Known = Mapping[str, Any]


def shown(answer: Known) -> dict[str, Any]:
    """What the controls say right after a look: what later changes are told apart by."""
    files = [
        {
            "label": item.get("label") or item["file"],
            "table": table_of(item),
            "encoding": item.get("encoding") or "",
            "delimiter": mark_of(item),
            "columns": [[column["header"], column.get("field") or NOT_USED] for column in columns(item)],
        }
        for item in answer.get("files", [])
    ]
    asked = [{key: one.get(key, "") for key in ("kind", "file", "column")} for one in questions(answer)]
    return {"mode": answer.get("mode") or "", "files": files, "questions": asked}


def mark_of(item: Known) -> str:
    """The character between the columns of a file; the answer calls it by its name."""
    name = item.get("delimiter") or ""
    return MARKS.get(name, name)


def columns(item: Known) -> list[dict[str, Any]]:
    """Every column of a file in its order of the answer, those that are not used too."""
    known = [dict(column) for column in item.get("columns", [])]
    there = {column["header"] for column in known}
    rest = [header for header in item.get("unused", []) if header not in there]
    return [*known, *({"header": header, "field": "", "sample": "", "suggestions": []} for header in rest)]


def table_of(item: Known) -> str:
    """The table that a file was taken for, else looks like; or that it is left out (data.matching.choices)."""
    return item.get("table") or item.get("likely") or LEFT_OUT


def questions(answer: Known) -> list[dict[str, Any]]:
    """All open questions."""
    one = answer.get("question")
    return list(answer.get("questions") or ([one] if one else []))


def changes(now: Known, places: Sequence[Known], values: Sequence[Any]) -> list[tuple[Known, str]]:
    """The controls that say something else than after the last look, with what they say now."""
    return [
        (place, value)
        for place, value in zip(places, values, strict=True)
        if value is not None and value != _said(now, place)
    ]


def _said(now: Known, place: Known) -> Any:
    """What a control said after the last look; None when it is not of this look."""
    if place["what"] == "mode":
        return now.get("mode")
    files = now.get("files", [])
    if place["file"] >= len(files):
        return None
    file = files[place["file"]]
    if place["what"] != "column":
        return file[place["what"]]
    return file["columns"][place["column"]][1] if place["column"] < len(file["columns"]) else None


def wished(wish: Known, now: Known, changed: Sequence[tuple[Known, str]], pressed: Any) -> dict[str, Any]:
    """The wish with what was changed and the button that was pressed (a header row or the reply to a question)."""
    new: dict[str, Any] = {"mode": wish.get("mode", ""), "dates": wish.get("dates", ""), "choices": {}}
    new["choices"] = {label: dict(choice) for label, choice in (wish.get("choices") or {}).items()}
    for place, value in changed:
        if place["what"] == "mode":
            new["mode"] = value
        else:
            _tell(new["choices"], now["files"][place["file"]], place, value)
    kind = pressed["type"] if isinstance(pressed, dict) else ""
    if kind == "import-header":
        file = now["files"][pressed["file"]]
        _tell(new["choices"], file, {"what": "header_row"}, pressed["row"])
    elif kind == "import-act" and pressed["place"].startswith(TAKEN):
        file = now["files"][int(pressed["place"].removeprefix(TAKEN))]
        new["choices"].setdefault(file["label"], {})["table"] = file["table"]
    elif kind == "import-reply":
        _answer(new["choices"], now, pressed)
    return new


def _tell(choices: dict[str, Any], file: Known, place: Known, value: Any) -> None:
    """Put one change into the choice of its table. Reading anew or another table makes the columns others."""
    choice = choices.setdefault(file["label"], {})
    what = place["what"]
    if what == "column":
        header = file["columns"][place["column"]][0]
        value = "" if value == NOT_USED else value
        others = {name: "" if key == value else key for name, key in choice.get("columns", {}).items()}
        choice["columns"] = others | {header: value}
        choice.setdefault("table", file["table"])
        return
    choice[what] = value
    for part in OF_COLUMNS:
        choice.pop(part, None)


def _answer(choices: dict[str, Any], now: Known, pressed: Known) -> None:
    """The reply to one question; to the same question about the same column of other tables it is no reply."""
    asked = now["questions"][pressed["question"]]
    choice = choices.setdefault(asked["file"], {})
    choice[asked["kind"]] = choice.get(asked["kind"], {}) | {asked["column"]: pressed["value"]}
