"""Decides what of a client's logo may enter a document: pixels of a PNG, or plain shapes of an SVG, and no address."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from xml.etree import ElementTree

from errors import UserError

MOST_BYTES = 300_000
_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "http://www.w3.org/2000/svg"
_SHAPES = {
    f"{{{_SVG}}}{name}" for name in (
        "svg", "g", "path", "rect", "circle", "ellipse", "line", "polygon", "polyline", "defs", "clipPath", "mask",
        "linearGradient", "radialGradient", "stop", "text", "tspan", "title",
    )
}  # fmt: skip
_ATTRIBUTES = set(
    "id d x y x1 y1 x2 y2 cx cy r rx ry fx fy width height viewBox preserveAspectRatio points transform fill stroke "
    "fill-rule clip-rule clip-path mask opacity fill-opacity stroke-opacity stroke-width stroke-linecap "
    "stroke-linejoin stroke-miterlimit stroke-dasharray offset stop-color stop-opacity gradientUnits "
    "gradientTransform clipPathUnits maskUnits font-family font-size font-weight text-anchor dx dy".split()
)
_OUTSIDE = re.compile(r"url\((?!\s*['\"]?#)|[a-z]+:", re.IGNORECASE)


def carried(folder: Path, name: str, theme: str) -> str:
    """The picture beside the theme file as a data: address. Raises UserError where it is missing, large or no picture.

    Of an SVG the shapes stay; scripts, styles, pictures, links and whatever points outside it go.
    """
    file = folder / name
    if Path(name).name != name or not file.is_file():
        raise UserError(f"The logo “{name}” of the theme {theme} is not beside it. Put the file into the same folder.")
    content = file.read_bytes()
    if len(content) > MOST_BYTES:
        raise UserError(f"The logo “{name}” is larger than {MOST_BYTES // 1000} kB. Take a smaller picture.")
    if content.startswith(_PNG):
        if content[-8:-4] != b"IEND":
            raise UserError(f"The logo “{name}” is cut off before its end. Save the PNG anew.")
        return "data:image/png;base64," + base64.b64encode(content).decode("ascii")
    try:
        plain = _shapes(content.decode("utf-8"))
    except (ElementTree.ParseError, UnicodeDecodeError, ValueError):
        raise UserError(f"The logo “{name}” is neither a PNG nor a plain SVG. Save it as one of them.") from None
    return "data:image/svg+xml;base64," + base64.b64encode(plain.encode("utf-8")).decode("ascii")


def _shapes(text: str) -> str:
    """The drawing, less everything that is not a plain shape. Raises ValueError for what is no drawing."""
    if "<!ENTITY" in text or "<!DOCTYPE" in text and "[" in text.partition("<!DOCTYPE")[2].partition(">")[0]:
        raise ValueError("entities")
    root = ElementTree.fromstring(text)
    if root.tag != f"{{{_SVG}}}svg":
        raise ValueError("no drawing")
    _prune(root)
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(root, encoding="unicode")


def _prune(element: ElementTree.Element) -> None:
    for declaration in element.attrib.get("style", "").split(";"):
        key, _, value = declaration.partition(":")
        element.attrib[key.strip()] = value.strip()
    for key, value in list(element.attrib.items()):
        if key not in _ATTRIBUTES or _OUTSIDE.search(value):
            del element.attrib[key]
    for child in list(element):
        if child.tag in _SHAPES:
            _prune(child)
        else:
            element.remove(child)
