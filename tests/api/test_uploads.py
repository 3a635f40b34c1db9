"""Uploaded files lie under random names in our folder; given names are text."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest
from flask import Flask

from api import uploads
from errors import BadUpload
from tests.fakes import made

HOSTILE = [
    "../../etc/passwd.csv",
    "..\\..\\boot.csv",
    "/etc/cron.d/x.csv",
    "C:\\x.csv",
    "a\x00b.csv",
    "names.json",
    "…/…/x.csv",
    "\u202egnp.csv",
    ".csv",
    f"{'x' * 4000}.csv",
    "%2e%2e%2fx.csv",
    "con.csv",
    "'; rm -rf .csv",
    "बिक्री.csv",
    "बिक्रि.csv",
]


@pytest.fixture(name="client")
def _client(tmp_path):
    return made(tmp_path).server.test_client()


def send(client, *files, batch=""):
    parts = [(io.BytesIO(content), name) for name, content in files]
    address = f"/upload?batch={batch}" if batch else "/upload"
    return client.post(address, data={"files": parts}, content_type="multipart/form-data")


def stored(tmp_path: Path):
    return [path for path in (tmp_path / "uploads").rglob("*") if path.is_file()]


def test_several_files_come_in_at_once(client, tmp_path):
    answer = send(client, ("posts.csv", b"a,b\n1,2\n"), ("orders.json", b"[]"))
    assert answer.status_code == 200
    assert [(one["name"], one["size"]) for one in answer.json["files"]] == [("posts.csv", 8), ("orders.json", 2)]
    files = uploads.Shelf(tmp_path / "uploads").files(answer.json["id"])
    assert [(path.name, path.read_bytes()) for path in files] == [("posts.csv", b"a,b\n1,2\n"), ("orders.json", b"[]")]


def test_more_files_join_a_batch(client):
    first = send(client, ("posts.csv", b"1")).json
    second = send(client, ("orders.csv", b"2"), batch=first["id"]).json
    assert second["id"] == first["id"]
    assert [one["name"] for one in second["files"]] == ["posts.csv", "orders.csv"]
    refused = send(client, ("orders.exe", b"3"), batch=first["id"])
    assert refused.status_code == 400
    assert len(send(client, ("last.csv", b"4"), batch=first["id"]).json["files"]) == 3


@pytest.mark.parametrize("batch", ["a" * 32, "..", "%2e%2e", "/etc"])
def test_a_batch_that_is_gone_is_said(client, batch):
    answer = send(client, ("posts.csv", b"1"), batch=batch)
    assert (answer.status_code, answer.json["error"]) == (400, uploads.GONE)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_leaves_the_folder(client, tmp_path, name):
    assert send(client, (name, b"x")).status_code in (200, 400)
    assert {path.parent.parent.parent for path in stored(tmp_path)} <= {tmp_path / "uploads"}
    for path in stored(tmp_path):
        assert len(path.name.encode()) <= uploads.NAME_BYTES
        assert not path.name.startswith((".", "-"))
        assert not set(path.name) & set('/\\:*?"<>|\x00\u202e')
    assert [path for path in tmp_path.parent.rglob("*passwd*") if path.is_file() and "uploads" not in path.parts] == []


def test_two_files_of_one_name_stay_two(client, tmp_path):
    answer = send(client, ("a.csv", b"1"), ("a.csv", b"2"), ("बिक्री.csv", b"3"), ("बिक्रि.csv", b"4"))
    files = uploads.Shelf(tmp_path / "uploads").files(answer.json["id"])
    assert [path.read_bytes() for path in files] == [b"1", b"2", b"3", b"4"]
    assert [path.name for path in files] == ["a.csv", "a (2).csv", "बिक्री.csv", "बिक्रि.csv"]


@pytest.mark.parametrize(
    ("given", "name"),
    [("ORDERS.CSV", "ORDERS.CSV"), (".hidden.csv", "hidden.csv"), ("-rf.csv", "rf.csv"), ("C:x?.csv", "C_x_.csv")],
)
def test_a_name_stays_readable(given, name):
    assert uploads.shown(given) == name


def test_names_that_look_the_same_are_told_apart(client):
    names = [one["name"] for one in send(client, ("A.csv", b"1"), ("a.csv", b"2"), ("ａ.csv", b"3")).json["files"]]
    assert names == ["A.csv", "a (2).csv", "ａ (3).csv"]


@pytest.mark.parametrize("name", ["x.exe", "x", "x.csv.html", "x.xls"])
def test_a_kind_we_cannot_read_is_refused_and_nothing_stays(client, tmp_path, name):
    answer = send(client, ("good.csv", b"1"), (name, b"2"))
    assert answer.status_code == 400
    assert "Bring CSV, Excel (.xlsx) or JSON." in answer.json["error"]
    assert stored(tmp_path) == []


def test_nothing_in_it_is_said(client):
    assert send(client).status_code == 400
    assert client.post("/upload", json={}).json["error"].startswith("Send the files as a form")


def test_too_much_is_refused_before_it_is_read(client, tmp_path):
    length = {"CONTENT_LENGTH": str(uploads.LIMIT + uploads.OVERHEAD + 1)}
    answer = client.post("/upload", content_type="multipart/form-data; boundary=x", environ_overrides=length)
    assert answer.status_code == 413
    assert stored(tmp_path) == []


def test_more_than_the_body_limit_of_other_routes_may_be_uploaded(client):
    head = b'--cut\r\nContent-Disposition: form-data; name="files"; filename="big.csv"\r\n\r\n'
    body = head + b"x" * 3_000_000 + b"\r\n--cut--\r\n"
    assert client.post("/upload", data=body, content_type="multipart/form-data; boundary=cut").status_code == 200


@pytest.mark.parametrize("content", [b"1,2\r\n" * 60_000, b"\n" + b"x" * 300_000, b"\r" * 200_000], ids=len)
def test_every_byte_arrives_wherever_lines_end(client, tmp_path, content):
    batch = send(client, ("big.csv", content)).json["id"]
    assert uploads.Shelf(tmp_path / "uploads").files(batch)[0].read_bytes() == content


@pytest.mark.parametrize("name", ["", "..", "../uploads", "a" * 32, "A" * 32, "/etc"])
def test_an_upload_that_is_not_there_is_a_sentence(tmp_path, name):
    with pytest.raises(BadUpload, match="Drop them again"):
        uploads.Shelf(tmp_path).files(name)


def test_a_batch_has_a_limit_too(tmp_path):
    server, shelf = Flask("limits"), uploads.Shelf(tmp_path / "uploads")
    uploads.register(server, shelf, uploads.Limits(bytes=1_000, batch=2_000))
    client = server.test_client()
    batch = send(client, ("a.csv", b"x" * 1_500)).json["id"]
    answer = send(client, ("b.csv", b"x" * 900), batch=batch)
    assert answer.status_code == 400
    assert "together" in answer.json["error"]
    assert [path.name for path in shelf.files(batch)] == ["a.csv"]


def test_uploads_of_yesterday_are_thrown_away(tmp_path):
    shelf = uploads.Shelf(tmp_path / "uploads")
    old = shelf.open()
    before = time.time() - 2 * uploads.KEPT_SECONDS
    os.utime(old.path, (before, before))
    shelf.open()
    assert not old.path.exists()
