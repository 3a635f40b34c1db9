"""Pages answer 200, everything else 404; a report is served from its own folder only."""

from __future__ import annotations

import pytest

from data.ledger.editions import Edition, Editions
from settings import load
from tests.fakes import FakeJob, FakeLedger, made


@pytest.mark.parametrize("path", ["/", "/products", "/iroas", "/cac", "/insights", "/import", "/reports", "/reports/"])
def test_pages_are_there(tmp_path, path):
    assert made(tmp_path).server.test_client().get(path).status_code == 200


@pytest.mark.parametrize("path", ["/nowhere", "/products/x", "/_mcp", "/admin", "/api/", "/reports/file/../../x.pdf"])
def test_what_is_not_there_is_404(tmp_path, path):
    assert made(tmp_path).server.test_client().get(path).status_code == 404


def test_a_lost_page_is_still_the_shell(tmp_path):
    assert "react-entry-point" in made(tmp_path).server.test_client().get("/nowhere").text


def test_health_is_its_own_answer(tmp_path):
    answer = made(tmp_path).server.test_client().get("/health")
    assert (answer.status_code, answer.text) == (200, "OK")


def serve(tmp_path, job):
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "made.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "secret.pdf").write_bytes(b"secret")
    return made(tmp_path, ledger=FakeLedger({job.id: job})).server.test_client()


def test_a_finished_report_is_served(tmp_path):
    with serve(tmp_path, FakeJob("r1", "sent", file="made.pdf")).get("/reports/file/r1.pdf") as answer:
        assert answer.data == b"%PDF-1.7"
        assert answer.mimetype == "application/pdf"


@pytest.mark.parametrize(
    "job",
    [
        FakeJob("r1", "failed", file="made.pdf"),
        FakeJob("r1", "sent", file="../secret.pdf"),
        FakeJob("r1", "sent", file="gone.pdf"),
        FakeJob("r2", "sent", file="made.pdf"),
        FakeJob("r1", "sent", file=""),
    ],
)
def test_what_is_no_finished_report_in_its_folder_is_404(tmp_path, job):
    answer = serve(tmp_path, job).get("/reports/file/r1.pdf")
    assert answer.status_code == 404
    assert b"secret" not in answer.data


def edition(tmp_path, form, content=b"made"):
    """An edition of that form in the ledger and the folder; returns a client."""
    house = load(tmp_path, {})
    house.reports_dir.mkdir()
    (house.reports_dir / f"e1.{form}").write_bytes(content)
    query = "brand=Gritzo&from=2026-07-01&to=2026-07-31"
    row = Edition("e1", "2026-11-21 · abc123", "c", 1.0, query, ("overview",), "brand", form, 3, f"e1.{form}", "s")
    Editions(house.ledger).add(row, {})
    return made(tmp_path).server.test_client()


@pytest.mark.parametrize(
    ("form", "how"), [("pdf", "inline"), ("html", "inline"), ("xlsx", "attachment"), ("json", "attachment")]
)
def test_an_edition_is_served_in_its_form_under_a_name_that_says_what_it_is(tmp_path, form, how):
    with edition(tmp_path, form).get(f"/reports/file/e1.{form}") as answer:
        assert answer.status_code == 200
        named = answer.headers["Content-Disposition"]
        assert named.startswith(f"{how}; ")
        assert "TrueLift Gritzo 2026-07-01 to 2026-07-31 2026-11-21" in named
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_report_as_a_page_stands_in_a_sandbox_and_can_ask_nothing(tmp_path):
    with edition(tmp_path, "html").get("/reports/file/e1.html") as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
    assert "connect-src" not in policy


@pytest.mark.parametrize("path", ["e1.html", "e2.pdf", "e1.exe", "..e1.pdf", "e.1.pdf"])
def test_no_other_form_and_no_other_file_is_served(tmp_path, path):
    assert edition(tmp_path, "pdf").get(f"/reports/file/{path}").status_code == 404
