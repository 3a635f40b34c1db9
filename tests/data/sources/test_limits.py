"""Limits are numbers that the environment may change, and nothing else."""

from __future__ import annotations

import pytest

from data.sources.limits import Limits, size
from errors import UserError


def test_the_environment_changes_what_it_names() -> None:
    limits = Limits.from_environ({"TRUELIFT_MAX_COLUMNS": "1,000", "TRUELIFT_MAX_FILE_BYTES": "5_000", "OTHER": "x"})
    assert limits == Limits(columns=1_000, file_bytes=5_000)


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5", "٣"])
def test_a_limit_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="TRUELIFT_MAX_ROWS"):
        Limits.from_environ({"TRUELIFT_MAX_ROWS": text})


def test_sizes_are_said_as_people_say_them() -> None:
    assert [size(count) for count in (12, 1_500, 2_000_000_000)] == ["12 bytes", "1.5 kB", "2.0 GB"]
