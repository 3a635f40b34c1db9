"""A file that is typed while it is cut gives the same rows, accounts and remarks as one that is typed with care."""

from __future__ import annotations

from pathlib import Path

import pytest

from data import ingest
from data.engines.duckdb import Reader
from data.incoming import bulk, neat
from data.ingest import Plan
from data.versions import history
from settings import load

HEAD = "tracking_id,source,campaign,influencer_id,user_id,brand,product,margin,date,orders,revenue\n"
GOOD = [f"{n},INF_1_YT,C,INF_1,U{n % 7},Acme,Soap,0.{n % 9},2025-07-{1 + n % 28:02d},1,{n}.50\n" for n in range(1, 60)]
KEPT = ("tracking", "order_named", "accounts", "files", "notes", "set_aside")


def held(folder: Path, body: str) -> list[object]:
    folder.mkdir()
    path = folder / "tracking.csv"
    path.write_text(body, encoding="utf-8")
    ingest.run(Plan([(path, path.name)]), load(folder / "var"))
    reader = Reader(history.at(folder / "var", history.versions(folder / "var").current).path)
    try:
        names = {table: sorted(name for name, *_ in reader.rows(f"DESCRIBE {table}")) for table in KEPT}
        listed = {table: ", ".join(name for name in names[table] if name not in ("words", "hash")) for table in KEPT}
        return [reader.rows(f"SELECT {listed[table]} FROM {table} ORDER BY ALL") for table in KEPT]
    finally:
        reader.close()


@pytest.mark.parametrize(
    "body",
    [
        "".join(GOOD),
        "".join(GOOD) + "\n" + "".join(GOOD[:2]) + ",,,,,,,,,,\n" + GOOD[3],
        "".join(GOOD) + "60,x\n" + GOOD[4] + GOOD[5].replace("\n", ",,\n"),
        "".join(GOOD) + "60,x\n" * 60 + GOOD[4],
        "".join(GOOD).replace(",0.", ",3"),
        "".join(GOOD).replace("5.50\n", "12.345\n"),
        "".join(GOOD).replace("2025-07-09", "2025-02-30"),
        "".join(GOOD) + "Total,,,,,,,,,59,1770.00\n",
        "".join(GOOD).replace(",Soap,", ",'=Soap,").replace("INF_1,", " INF_1 ,"),
        "".join(GOOD) + GOOD[0].replace("1.50\n", "many\n"),
    ],
)
def test_typed_at_once_is_typed_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    monkeypatch.setattr(bulk, "WORTH", 0)
    monkeypatch.setattr(neat, "likely", lambda kinds, places, rows: False)
    careful = held(tmp_path / "careful", HEAD + body)
    monkeypatch.setattr(neat, "likely", lambda kinds, places, rows: True)
    assert held(tmp_path / "quick", HEAD + body) == careful
