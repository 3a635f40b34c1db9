"""Decides what hostile data are: lists that others wrote (NAUGHTY_DIR) and ours, in every text field of four files.

Also what is looked for in the papers made of them.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

PEOPLE = 12
"""Influencers in a data set, and with them payload lines: each stands once in every text field."""
SCHEMES = ("http", "https", "mailto")
BANNED_KEYS = {"/JS", "/JavaScript", "/AA", "/Launch", "/RichMedia", "/XFA"}
BANNED_ACTIONS = {"/JavaScript", "/Launch", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/Rendition", "/Movie"}
OUR_FILES = re.compile(r"manifest\.json|table-[\w-]+\.csv")
_PROSE = re.compile(r"```text\n(.*?)```", re.DOTALL)
_ELSEWHERE = re.compile(r"(?:https?:)?//[\w.-]+(?::\d+)?(?=[/'\"<>?)\s]|$)", re.IGNORECASE)


def ours(address: str, canary: Path) -> tuple[str, ...]:
    """What asks for our own listener and our own file, in every way that paper or browser may know."""
    return (
        f"<img src='{address}/a.png'>", f"<link rel=stylesheet href={address}/a.css>", "<b>bold</b> & co",
        f"<style>@import url({address}/b.css)</style>", "javascript:alert(1)", f"{canary.as_uri()}",
        f"<link rel=attachment href='{canary.as_uri()}'>", f"<a href='javascript:alert(1)'>a</a> {address}/x",
        f"<a rel=attachment href='{canary.as_uri()}'>a</a>", f"url({canary.as_uri()})", "{{7*7}}", "${7*7}", "#{7*7}",
        "{{ cycler.__init__.__globals__ }}", "{% include '/etc/hostname' %}", "{# x #}", f"<a href='{address}'>b</a>",
        f"<svg><image href='{address}/i.png'/><use href='{canary.as_uri()}#x'/></svg>", "]]><x/>", "</script><b>",
        f"<meta http-equiv=refresh content='0;url={address}'>", f"<base href='{address}'>", "<!--", "--></table>",
        f"<object data='{canary.as_uri()}'></object>", f"<iframe src='{canary.as_uri()}'></iframe>",
        f"\\href{{{address}}}{{x}} $\\href{{{address}}}{{y}}$", f"data:text/html,<script src={address}></script>",
        f"<input onfocus=alert(1) autofocus><img src=x onerror=fetch('{address}')>", "%PDF-1.7 /JS (app.alert(1))",
        f"<div style=\"background:url('{address}/c')\">", f"@font-face{{src:url({address}/f)}}", "vbscript:msgbox(1)",
    )  # fmt: skip


def lists() -> list[str]:
    """The lines of the payload lists, each once; none where NAUGHTY_DIR is not set."""
    home = os.environ.get("NAUGHTY_DIR")
    if not home:
        return []
    folder = Path(home) / "payloads"
    found: list[str] = []
    for path in sorted([*folder.glob("*/*.txt"), *folder.glob("*/*.fuzz")]):
        found += path.read_text(encoding="utf-8", errors="replace").splitlines()
    found += [path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.glob("svg/*.svg"))]
    for block in _PROSE.findall((folder / "csv-injection.md").read_text(encoding="utf-8")):
        found += block.splitlines()
    return list(dict.fromkeys(line for line in found if line.strip()))


def data_sets(many: int, address: str, canary: Path) -> Iterator[dict[str, str | bytes]]:
    """So many data sets, each with the next lines of the lists; in every second one whoever is called is we."""
    lines = [*ours(address, canary), *lists()]
    while len(lines) < many * PEOPLE:
        lines += lines
    step = len(lines) // many
    for number in range(many):
        start = number * step
        chosen = (lines[start:] + lines)[:PEOPLE]
        yield files([_ELSEWHERE.sub(address, line) for line in chosen] if number % 2 else chosen)


def files(lines: Sequence[str]) -> dict[str, str | bytes]:
    """The four files; a line stands in every text field of some row."""

    def at(place: int) -> str:
        return lines[place % len(lines)]

    rows = range(len(lines))
    people = [[i, at(i), at(i + 1), at(i + 2), 9000 + i, at(i + 3), at(i + 4), at(i + 5)] for i in rows]
    posts = [[i, at(i), f"2026-06-{i % 28 + 1:02d}", at(i + 1), at(i + 2), at(i + 3), at(i + 4), at(i + 5), at(i + 6),
              1000 + i, 90, 9] for i in rows]  # fmt: skip
    orders = [[at(i), at(i + 1), i % len(lines), f"u{i}", at(i + 2), at(i + 3), at(i + 4), f"2026-06-{i % 28 + 1:02d}",
               2, 900 + i] for i in range(3 * len(lines))]  # fmt: skip
    paid = [[i, at(i + 1), "per_post", at(i + 2), 100, 500 + i] for i in rows]
    return {
        "influencers.csv": _csv("id,name,category,gender,follower_count,platform,persona,city", people),
        "posts.csv": _csv(
            "influencer_id,platform,date,url,caption,brand,product,product_category,campaign,reach,likes,comments",
            posts,
        ),
        "tracking_data.csv": _csv(
            "source,campaign,influencer_id,user_id,product,brand,product_category,date,orders,revenue", orders
        ),
        "payouts.csv": _csv("influencer_id,campaign,basis,status,rate,total_payout", paid),
    }


def _csv(head: str, rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([head.split(","), *rows])
    return text.getvalue()


def faults_of_pdf(file: Path, canary: bytes) -> list[str]:
    """What a PDF holds that it must not: in words; none for a harmless one."""
    reader = pypdf.PdfReader(file)
    faults = [f"carries {name}" for name in reader.attachments if not OUR_FILES.fullmatch(name)]
    for number in sorted({*(key for table in reader.xref.values() for key in table), *reader.xref_objStm} - {0}):
        thing = reader.get_object(IndirectObject(number, 0, reader))
        for part in _parts(thing):
            faults += _faults(part, canary)
    return faults


def _parts(thing: Any) -> Iterator[Any]:
    """A thing of a PDF and all that it holds itself."""
    yield thing
    if isinstance(thing, DictionaryObject):
        for value in dict.values(thing):
            yield from _parts(value)
    elif isinstance(thing, ArrayObject):
        for value in list.__iter__(thing):
            yield from _parts(value)


def _faults(part: Any, canary: bytes) -> list[str]:
    if not isinstance(part, DictionaryObject):
        return []
    found = [f"has {key}" for key in BANNED_KEYS & set(part)]
    if part.get("/S") in BANNED_ACTIONS:
        found.append(f"acts by {part['/S']}")
    if "/URI" in part and part.get("/S") == "/URI" and urlsplit(str(part["/URI"])).scheme.casefold() not in SCHEMES:
        found.append(f"links to {part['/URI']}")
    if isinstance(part, StreamObject) and canary in part.get_data():
        found.append("holds the canary")
    return found


@dataclass
class Page(HTMLParser):
    """What a web page holds that could act. Tags and addresses are collected; scripts are kept whole."""

    faults: list[str] = field(default_factory=list)
    scripts: int = 0
    text: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element."""
        self._inside = tag if tag in ("script", "style") else ""
        named = dict(attrs)
        if tag == "script" and named.get("type") != "application/json":
            self.scripts += 1
        if tag in ("iframe", "object", "embed", "base", "form", "frame", "applet", "audio", "video"):
            self.faults.append(f"<{tag}>")
        if tag == "meta" and (named.get("http-equiv") or "").casefold() == "refresh":
            self.faults.append("refresh")
        for key, value in attrs:
            if key.startswith("on") or key == "srcdoc":
                self.faults.append(f"{tag} {key}={value}")
            if key in ("href", "src", "xlink:href", "action", "formaction", "data", "poster", "srcset"):
                self._address(tag, key, value or "")

    def _address(self, tag: str, key: str, value: str) -> None:
        scheme = value.partition(":")[0].casefold()
        carried = value.startswith(("#", "data:image/", "data:font/", "data:text/csv", "data:application/json"))
        if not carried and not (tag == "a" and key == "href" and scheme in SCHEMES):
            self.faults.append(f"{tag} {key}={value}")

    def handle_endtag(self, tag: str) -> None:
        """Its end."""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Its text."""
        if not self._inside:
            self.text.append(data)
        elif self._inside == "style" and re.search(r"url\(\s*['\"]?(?!data:|#|['\"]?\))", data):
            self.faults.append("style asks for an address")


def faults_of_page(file: Path, canary: bytes) -> tuple[list[str], str]:
    """What a web page holds that it must not, and its text."""
    page = Page()
    content = file.read_bytes()
    page.feed(content.decode("utf-8"))
    page.close()
    return [*page.faults, *(["holds the canary"] if canary in content else [])], " ".join(page.text)
