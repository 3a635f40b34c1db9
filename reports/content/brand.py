"""Decides how a report is dressed for a client: name, logo, colours, fonts, cover and footer, from a theme file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Brand:
    """name: in the running head. logo: a data: address, '' for none. colours: custom property (“--accent”) → colour.

    footer: a line of the client's own at the foot of every page.
    """

    name: str = "TrueLift"
    logo: str = ""
    colours: Mapping[str, str] = field(default_factory=dict)
    font: str = ""
    cover: bool = False
    footer: str = ""

    def css(self) -> str:
        """Custom properties that replace the house's; '' where nothing does."""
        said = "; ".join(f"{key}: {value}" for key, value in self.colours.items())
        return f":root {{ {said} }}" if said else ""


HOUSE_BRAND = Brand()
