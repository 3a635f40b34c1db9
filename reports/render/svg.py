"""Decides what of a browser's drawing may enter a document: shapes and text, no address, no script, no chance.

Plotly marks its clips with random ids and lays out dozens of empty groups. Both go: the same figure then gives the
same text, and WeasyPrint has less to match its styles against.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from reports.render.simpler import simplify

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_UNSEEN = {f"{{{_SVG}}}{name}" for name in ("script", "foreignObject", "animate", "set", "style")}
_LINK = f"{{{_SVG}}}a"
_GROUP = f"{{{_SVG}}}g"
_PATH = f"{{{_SVG}}}path"
_DROPPED = re.compile(r"^(class|target|on.*|data-.*|pointer-events|.*\}show|.*\}title)$", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(r"url\(\s*['\"]?#([^'\")]+)['\"]?\s*\)")
_KEPT_SPACES = re.compile(r"^ +| +$|(?<= ) +")
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)", re.IGNORECASE)

ElementTree.register_namespace("xlink", _XLINK)


def tame(drawing: bytes) -> str:
    """The drawing with short, stable ids and nothing that points outside it. Raises ParseError when it is no SVG."""
    root = ElementTree.fromstring(_CONTROLS.sub("", drawing.decode("utf-8", "replace")))
    _prune(root)
    simplify(root)
    names = {old: f"i{index}" for index, old in enumerate(_ids(root))}
    for element in root.iter():
        _rewrite(element, names)
        element.text = _KEPT_SPACES.sub(_firm, element.text or "")
    # Said again each time: whoever registers the empty prefix last has it, and WeasyPrint does too.
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(root, encoding="unicode")


def _firm(spaces: re.Match[str]) -> str:
    """Spaces that plotly.js means to be seen; WeasyPrint keeps no `white-space: pre` within a drawing."""
    return "\N{NO-BREAK SPACE}" * len(spaces[0])


def _ids(root: ElementTree.Element) -> list[str]:
    return list(dict.fromkeys(element.attrib["id"] for element in root.iter() if "id" in element.attrib))


def _prune(parent: ElementTree.Element) -> None:
    """Takes out what is never drawn; a link becomes the text it stood on."""
    for child in list(parent):
        _prune(child)
        empty = (child.tag == _GROUP and not len(child)) or (child.tag == _PATH and "d" not in child.attrib)
        if child.tag in _UNSEEN or empty:
            parent.remove(child)
        elif child.tag == _LINK:
            child.tag = f"{{{_SVG}}}tspan"


def _rewrite(element: ElementTree.Element, names: dict[str, str]) -> None:
    for key, value in list(element.attrib.items()):
        local = key.rpartition("}")[2]
        if _DROPPED.match(key) or _OUTSIDE.search(value) or (local == "href" and not _inside(value)):
            del element.attrib[key]
        elif local == "href":
            element.attrib[key] = "#" + names.get(value[1:], "") if value.startswith("#") else value
        elif key == "id":
            element.attrib[key] = names[value]
        else:
            element.attrib[key] = _REFERENCE.sub(lambda found: f"url(#{names.get(found[1], '')})", value)


def _inside(address: str) -> bool:
    """Whether an address stays within the drawing: a part of it, or pixels that it carries itself."""
    return address.startswith(("#", "data:image/png;base64,"))
