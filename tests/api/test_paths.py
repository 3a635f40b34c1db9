"""Pages answer 200, everything else 404; a report is served from its own folder only."""

from __future__ import annotations

import pytest

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
