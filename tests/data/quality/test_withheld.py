"""Rows set aside can be had of a draft and of a version, and of nothing else."""

from __future__ import annotations

import pytest

from data import ingest
from data.commands import told
from data.incoming.plan import Plan
from data.quality.withheld import Withheld
from data.versions import history
from errors import UserError
from settings import load

TEXT = "Order Value,Order Date,Influencer Id,Order No\n1499,13/04/2026,I1,A1\nn/a today,14/04/2026,I2,A2\n"


@pytest.fixture(name="settings")
def _settings(tmp_path):
    return load(tmp_path / "var", {})


def plan(tmp_path, keep):
    path = tmp_path / "orders.csv"
    path.write_text(TEXT, encoding="utf-8")
    return Plan([(path, "orders.csv")], keep=keep)


def test_of_a_draft(tmp_path, settings):
    report = ingest.prepare(plan(tmp_path, False), settings, told.as_record)
    held = Withheld(settings).listed(draft=report.draft)
    assert [(one["label"], one["rows"]) for one in held] == [("orders.csv", 1)]
    name, text = Withheld(settings).csv("", report.draft, held[0]["file"])
    assert name.endswith(".csv")
    assert "n/a today" in text
    assert "1499" not in text


def test_of_a_version(tmp_path, settings):
    ingest.run(plan(tmp_path, True), settings)
    number = history.versions(settings.data_dir).current
    held = Withheld(settings).listed(number)
    assert "n/a today" in Withheld(settings).csv(f"{number}", "", held[0]["file"])[1]
    with pytest.raises(UserError, match="No row of file 99 was set aside"):
        Withheld(settings).csv(f"{number}", "", 99)


@pytest.mark.parametrize(("version", "draft"), [(7, ""), (0, "0" * 12), (0, "../x")])
def test_of_what_is_gone_is_a_sentence(settings, version, draft):
    with pytest.raises(UserError):
        Withheld(settings).listed(version, draft)
