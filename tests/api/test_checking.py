"""An edition is checked beside the web process: its verdict comes, a broken or lost check is a sentence."""

from __future__ import annotations

import sys
import time

import pytest

from api.checking import Checker
from errors import BadUpload

SAYS = 'import json; print(json.dumps({"state": "matches", "sentence": "Matches."}))'


def checker(tmp_path, script=SAYS):
    (tmp_path / "reports").mkdir(exist_ok=True)
    (tmp_path / "reports" / "e1.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "secret.pdf").write_bytes(b"%PDF-1.7")
    return Checker(tmp_path, tmp_path / "reports", (sys.executable, "-c", script))


def ended(checks, job):
    """The verdict, waited for."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        said = checks.follow(job)
        if said:
            return said
        time.sleep(0.05)
    raise AssertionError("no verdict")


def test_a_check_ends_with_its_verdict_and_leaves_nothing(tmp_path):
    checks = checker(tmp_path)
    assert ended(checks, checks.begin("e1.pdf"))["state"] == "matches"
    assert list((tmp_path / "checks").iterdir()) == []


def test_a_check_that_breaks_off_is_a_sentence(tmp_path):
    checks = checker(tmp_path, "raise SystemExit(3)")
    with pytest.raises(BadUpload, match="ended without an answer"):
        ended(checks, checks.begin("e1.pdf"))


@pytest.mark.parametrize("file", ["", "gone.pdf", "../secret.pdf"])
def test_only_files_of_reports_are_checked(tmp_path, file):
    with pytest.raises(BadUpload, match="is gone"):
        checker(tmp_path).begin(file)


@pytest.mark.parametrize("job", ["", "../x", "0123456789abcdef"])
def test_a_check_that_is_not_there_is_a_sentence(tmp_path, job):
    with pytest.raises(BadUpload, match="not there any more"):
        checker(tmp_path).follow(job)
