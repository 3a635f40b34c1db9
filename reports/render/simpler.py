"""Decides how few shapes a drawing needs: what paints nothing goes, and no group or style is said twice.

A browser writes a group around every mark and fifteen declarations on each. WeasyPrint parses and paints every one of
them; the plain drawing looks the same and is painted in a third of the time.
"""

from __future__ import annotations

import re
from collections import Counter
from xml.etree.ElementTree import Element

_SVG = "{http://www.w3.org/2000/svg}"
GROUP, TEXT, DEFS, CLIP = f"{_SVG}g", f"{_SVG}text", f"{_SVG}defs", f"{_SVG}clipPath"
MARKS = {f"{_SVG}{name}" for name in ("path", "rect", "circle", "ellipse", "line", "polygon", "polyline")}
_ALIKE = {
    "fill-opacity": "1", "stroke-opacity": "1", "fill-rule": "nonzero", "text-anchor": "start",
    "font-weight": "normal", "font-style": "normal", "stroke": "none", "stroke-dasharray": "none",
}  # fmt: skip
"""What a mark is anyway, said on itself."""
_UNKNOWN = {"vector-effect", "white-space", "pointer-events", "cursor", "shape-rendering", "user-select"}
_SHARED = ("font-family", "font-size")
_NOTHING = re.compile(r"rotate\(0(?:[ ,][^)]*)?\)|translate\(0(?:[ ,]\s*0)?\)|scale\(1\)")
_MOVES = re.compile(r"(?:translate\([^)]*\)\s*)+")
_MOVE = re.compile(r"translate\(\s*(-?[\d.]+)(?:[ ,]\s*(-?[\d.]+))?\s*\)")
_RGB = re.compile(r"rgb\((\d+), (\d+), (\d+)\)")


def simplify(root: Element) -> None:
    """Makes the drawing plain, in place; what is seen of it does not change."""
    for element in root.iter():
        _plain(element)
    _drop(root, _referred(root))
    _unwrap(root)
    _say_once(root)


def _plain(element: Element) -> None:
    """Attributes instead of a style, without what would be so anyway."""
    for words in element.attrib.pop("style", "").split(";"):
        key, _, value = words.partition(":")
        if value and "!" not in value:
            element.attrib[key.strip()] = _RGB.sub(_hex, value.strip())
    for key in _UNKNOWN & set(element.attrib):
        del element.attrib[key]
    if element.tag == GROUP:
        element.attrib.pop("stroke-miterlimit", None)
    if "transform" in element.attrib:
        element.attrib["transform"] = _NOTHING.sub("", element.attrib["transform"]).strip()
        if not element.attrib["transform"]:
            del element.attrib["transform"]
    if element.attrib.get("opacity") == "1":
        del element.attrib["opacity"]
    if element.tag in MARKS or element.tag == TEXT:
        _without_ghosts(element.attrib)


def _hex(rgb: re.Match[str]) -> str:
    return f"#{int(rgb[1]):02x}{int(rgb[2]):02x}{int(rgb[3]):02x}"


def _without_ghosts(attrib: dict[str, str]) -> None:
    """An ink that cannot be seen is no ink. Nothing that plotly.js draws inherits one from a group."""
    if attrib.get("fill-opacity") == "0":
        attrib["fill"] = "none"
    if attrib.get("stroke-opacity") == "0" or attrib.get("stroke-width") in ("0", "0px"):
        attrib["stroke"] = "none"
    for key, value in _ALIKE.items():
        if attrib.get(key) == value:
            del attrib[key]
    gone = ["fill-opacity"] * (attrib.get("fill") == "none")
    gone += ["stroke-width", "stroke-opacity"] * ("stroke" not in attrib)
    for key in gone:
        attrib.pop(key, None)


def _referred(root: Element) -> set[str]:
    """Ids that something refers to."""
    return {name for element in root.iter() for value in element.attrib.values()
            for name in re.findall(r"#([^)\s]+)", value)}  # fmt: skip


def _drop(parent: Element, used: set[str]) -> None:
    """Takes out what paints nothing: marks without ink, clips that nobody uses, groups and texts with nothing in."""
    for child in list(parent):
        _drop(child, used)
        if child.tag == CLIP:
            if child.attrib.get("id") not in used:
                parent.remove(child)
        elif parent.tag != CLIP and _is_nothing(child):
            parent.remove(child)
        if child.attrib.get("id") not in used:
            child.attrib.pop("id", None)


def _is_nothing(element: Element) -> bool:
    if element.tag in (GROUP, DEFS):
        return not len(element)
    if element.tag == TEXT:
        return not len(element) and not (element.text or "").strip()
    inkless = element.attrib.get("fill") == "none" and "stroke" not in element.attrib
    return element.tag in MARKS and inkless and "filter" not in element.attrib


def _unwrap(parent: Element, clip: str = "") -> None:
    """Groups that say nothing leave their children to their parent; a group that moves one child moves it by itself.

    clip: what the parent is cut to already; a child need not be cut to it again.
    """
    for child in parent:
        if clip and "transform" not in child.attrib and child.attrib.get("clip-path") == clip:
            del child.attrib["clip-path"]
        _unwrap(child, child.attrib.get("clip-path") or ("" if "transform" in child.attrib else clip))
    for place, child in reversed(list(enumerate(parent))):
        if child.tag == GROUP and len(child) == 1 and set(child.attrib) == {"transform"}:
            only = child[0]
            only.attrib["transform"] = f"{child.attrib.pop('transform')} {only.attrib.get('transform', '')}".strip()
        if child.tag == GROUP and not child.attrib:
            parent[place : place + 1] = list(child)
    for child in parent:
        _moved(child)


def _moved(element: Element) -> None:
    """A text that is only moved stands where it is moved to."""
    moves = element.attrib.get("transform", "")
    if element.tag != TEXT or not _MOVES.fullmatch(moves) or len(element) or not {"x", "y"} <= set(element.attrib):
        return
    del element.attrib["transform"]
    for across, down in _MOVE.findall(moves):
        for key, by in (("x", across), ("y", down or "0")):
            element.attrib[key] = f"{float(element.attrib[key]) + float(by):.6g}"


def _say_once(root: Element) -> None:
    """The type that most texts are set in is said once, above them all."""
    for key in _SHARED:
        most = Counter(element.attrib.get(key) for element in root.iter(TEXT)).most_common(1)
        if most and most[0][0]:
            root.attrib[key] = most[0][0]
            for element in root.iter(TEXT):
                if element.attrib.get(key) == most[0][0]:
                    del element.attrib[key]
