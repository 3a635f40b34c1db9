"""Decides whether a family of fonts is on this machine, as fontconfig sees it."""

from __future__ import annotations

import shutil
import subprocess

SECONDS = 10


def installed(family: str) -> bool:
    """Whether the family is there by that very name; True as well where fontconfig has no program to ask."""
    program = shutil.which("fc-list")
    if program is None:
        return True
    try:
        said = subprocess.run([program, ":", "family"], capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return True
    families = {name.strip().casefold() for line in said.stdout.splitlines() for name in line.split(",")}
    return family.casefold() in families
