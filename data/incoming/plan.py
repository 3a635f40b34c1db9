"""Decides what an import is asked for, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from data.incoming.rejoin import MODES
from data.incoming.settling import Question
from data.incoming.staging import Staged, Tell
from data.matching.choices import Choices
from data.provenance import Note
from data.quality.accounts import Account
from data.quality.capabilities import Capability
from data.versions.compare import Fate
from errors import UserError

__all__ = ["Plan", "Report", "Tell"]


@dataclass(frozen=True)
class Plan:
    """What to import and how. files: pairs of path and shown name. dates: 'dmy', 'mdy' or '' to decide from the data.

    mode: 'update' (rows replace loaded rows with the same key), 'append' (rows are added as they are; people still by
    id), 'replace' (start from nothing); replace=True says the last. keep: publish (False only looks).
    choices: what the user said of single files and columns.
    """

    files: Sequence[tuple[Path, str]]
    replace: bool = False
    dates: str = ""
    sample: bool = False
    keep: bool = True
    mode: str = "update"
    choices: Choices = field(default_factory=Choices)

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise UserError(f"There is no mode “{self.mode}”. Choose update, append or replace.")
        if self.replace or self.sample:
            object.__setattr__(self, "mode", "replace")


@dataclass
class Report:
    """What an import did, or would do.

    version: its number; unchanged: nothing came of it, and the number is the loaded one's. draft: its token when it
    waits to be published. base: number of the loaded version (0: none) and whether that is the sample.
    fates: table → its rows against what is loaded, for the tables that the import changes or brings.
    """

    version: int
    staged: list[Staged]
    notes: list[Note] = field(default_factory=list)
    unchanged: bool = False
    mode: str = "update"
    base: tuple[int, bool] = (0, False)
    draft: str = ""
    questions: list[Question] = field(default_factory=list)
    fates: dict[str, Fate] = field(default_factory=dict)
    accounts: list[Account] = field(default_factory=list)
    capabilities: list[Capability] = field(default_factory=list)

    @property
    def question(self) -> Question | None:
        """The first open question."""
        return self.questions[0] if self.questions else None

    def accounts_of(self, item: Staged) -> list[Account]:
        """The money accounts of one file."""
        return [one for one in self.accounts if one.label == item.raw.label]
