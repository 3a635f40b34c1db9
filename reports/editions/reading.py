"""Decides how what a report carries is read back out of its file, and when it is not to be trusted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from errors import BadFilter, UserError
from reports.editions import manifest
from reports.order import Order, from_record
from reports.papers import structure

_MOST_TEXT = 200_000_000
_BOUND = 1e300
_UNITS = {"money", "count", "share", "multiple", "days", "score"}
_SCRIPT = f'<script type="application/json" id="{manifest.CARRIER}">'
_PRINTED = re.compile(r"(\d{4}-\d{2}-\d{2}) ?· ?([0-9a-f]{6})(?![0-9a-f])")
_UNKNOWN = (
    "The file is no report: neither a PDF nor a web page, workbook or JSON of TrueLift. Name the report's own file."
)
_NOTHING = (
    "The {form} carries no manifest: it is no report of TrueLift, or what it carried was taken out. "
    "Take the file as it was made."
)
_WORKBOOK = (
    "A workbook carries no manifest, so only one that is kept here can be checked, and this one is not. "
    "Verify the PDF of the same edition."
)
_DAMAGED = "The manifest is damaged: {why}. Take the file as it was made."
_SHOWN = "The {form} was altered: what it shows is not what it was made with. Take the file as it was made."
_FORMS = {"pdf": "PDF", "html": "web page", "json": "JSON"}


@dataclass(frozen=True)
class Carried:
    """What a report carries. record: its manifest; tables: file → CSV; printed: marks that its pages show."""

    form: str
    record: dict[str, Any]
    tables: Mapping[str, bytes] = field(default_factory=dict)
    printed: frozenset[str] = frozenset()

    @property
    def content(self) -> dict[str, Any]:
        """What the manifest says, without the moment."""
        said: dict[str, Any] = self.record["content"]
        return said

    @property
    def order(self) -> Order:
        """What was asked for, to ask it again. Raises UserError for what cannot be asked."""
        try:
            pages = tuple(str(page["key"]) for page in self.content["pages"])
            asked = {"query": str(self.content["filters"]["query"]), "pages": pages}
            return from_record(asked | {"audience": str(self.content["audience"])})
        except BadFilter as error:
            raise UserError(_DAMAGED.format(why=f"{error}".rstrip("."))) from None

    def rows(self, file: str) -> str | None:
        """The text of a table; None where it is not carried."""
        return self.tables[file].decode("utf-8", "replace") if file in self.tables else None


def opened(content: bytes, is_kept: bool = False) -> Carried:
    """What a report carries, checked against itself: nothing altered, missing or added. Raises UserError.

    is_kept: these very bytes are known to be ours, so that a text of the data which looks like a mark is none.
    """
    form = form_of(content)
    carried = _of_pdf(content, is_kept) if form == "pdf" else _of_text(content, form)
    mark = _whole(carried)
    if form == "pdf" and not is_kept:
        _printed(carried, mark)
    return carried


def form_of(content: bytes) -> str:
    """Which of reports.order.FORMS a file is. Raises UserError."""
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if start.startswith(b"PK\x03\x04"):
        return "xlsx"
    if start.startswith(b"{"):
        return "json"
    if start[:15].lower().startswith((b"<!doctype html", b"<html")):
        return "html"
    raise UserError(_UNKNOWN)


def _of_pdf(content: bytes, is_kept: bool) -> Carried:
    files = structure.attachments(content)
    if manifest.NAME not in files:
        raise UserError(_NOTHING.format(form="PDF"))
    record = _record(files.pop(manifest.NAME))
    texts = [] if is_kept else structure.texts(content)
    printed = {f"{day} · {letters}" for text in texts for day, letters in _PRINTED.findall(text)}
    return Carried("pdf", record, files, frozenset(printed))


def _of_text(content: bytes, form: str) -> Carried:
    if form == "xlsx":
        raise UserError(_WORKBOOK)
    if len(content) > _MOST_TEXT:
        raise UserError(f"The {_FORMS[form]} is larger than any report ({len(content) // 1_000_000} MB).")
    text = content.decode("utf-8", "replace")
    told = _json(_script(text) if form == "html" else text)
    inside = told if form == "html" else told.get(manifest.CARRIER)
    if not isinstance(inside, dict) or "manifest" not in inside:
        raise UserError(_NOTHING.format(form=_FORMS[form]))
    if inside.get("body") != manifest.body(content, form):
        raise UserError(_SHOWN.format(form=_FORMS[form]))
    tables = inside.get("tables")
    texts = tables if isinstance(tables, dict) else {}
    return Carried(
        form, _checked(inside["manifest"]), {str(k): str(v).encode("utf-8", "replace") for k, v in texts.items()}
    )


def _script(text: str) -> str:
    """What the script of a web page holds; “{}” for a page without one."""
    _, found, rest = text.rpartition(_SCRIPT)
    return rest.partition("</script>")[0] if found else "{}"


def _record(content: bytes) -> dict[str, Any]:
    return _checked(_json(content.decode("utf-8", "replace")))


def _json(text: str) -> dict[str, Any]:
    try:
        said = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise UserError(_DAMAGED.format(why="it is not JSON")) from None
    if not isinstance(said, dict):
        raise UserError(_DAMAGED.format(why="it is not the JSON of a report"))
    return said


def _checked(record: Any) -> dict[str, Any]:
    """The record, once all that is read of it later is there and of its kind."""
    try:
        content, made = record["content"], record["made"]
        texts = [record["id"], record["mark"], made["at"], content["filters"]["query"], content["audience"]]
        texts += [item["file"] for item in content["tables"]] + [item["sha256"] for item in content["tables"]]
        texts += [column[key] for item in content["tables"] for column in item["columns"] for key in ("label", "unit")]
        texts += [item[key] for item in content["tables"] for key in ("page", "panel", "title")]
        texts += [item[key] for item in content["tiles"] for key in ("page", "key", "label", "unit", "written")]
        texts += [item[key] for item in content["findings"] for key in ("key", "sentence", "verdict")]
        numbers = [item[key] for item in content["tiles"] for key in ("value", "lower", "upper")]
        whole = [content["data"]["version"], *(item["rows"] for item in content["tables"])]
        right = all(isinstance(one, str) for one in texts) and all(isinstance(one, int) for one in whole)
        right = right and {item["unit"] for item in content["tiles"]} <= _UNITS
        right = right and all(one is None or _is_number(one) for one in numbers)
        right = right and bool([page["key"] for page in content["pages"]]) and record["layout"] == manifest.LAYOUT
    except (KeyError, TypeError, IndexError, AttributeError):
        right = False
    if not right:
        raise UserError(_DAMAGED.format(why="it lacks what the manifest of a report says"))
    return dict(record)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) < _BOUND


def _whole(carried: Carried) -> str:
    """The edition's mark. Raises UserError at the first thing that is not as the manifest says."""
    record = carried.record
    number = manifest.digest(manifest.canonical(record["content"]))
    if record["id"] != number:
        raise UserError(
            f"The manifest was altered: it calls itself {record['id'][:6]}, and its content is {number[:6]}."
        )
    named = {item["file"]: item["sha256"] for item in record["content"]["tables"]}
    for file, sha256 in named.items():
        if file not in carried.tables:
            raise UserError(f"The table {_short(file)} was taken out: the manifest names it, and it is not attached.")
        if manifest.digest(carried.tables[file]) != sha256:
            raise UserError(f"The table {_short(file)} was altered: its bytes are not those that the manifest names.")
    extra = sorted(set(carried.tables) - set(named))
    if extra:
        raise UserError(f"The file {_short(extra[0])} was added: the manifest does not name it.")
    mark = manifest.mark(record["made"]["at"], number)
    if record["mark"] != mark:
        raise UserError(f"The mark was altered: the manifest says {_short(record['mark'])}, and its content is {mark}.")
    return mark


def _printed(carried: Carried, mark: str) -> None:
    """Raises UserError where the pages are not those of the manifest."""
    if mark not in carried.printed:
        raise UserError(f"The pages are not those of the manifest: they do not show its edition, {mark}.")
    strange = sorted(carried.printed - {mark, str(carried.record["made"].get("since") or mark)})
    if strange:
        raise UserError(f"A page of another edition is in it: {strange[0]}, and the manifest is of {mark}.")


def _short(text: str) -> str:
    """A text of a file that cannot be trusted, as a sentence can hold it."""
    plain = re.sub(r"[^\w .·-]+", "?", text)
    return f"“{plain[:60]}”"
