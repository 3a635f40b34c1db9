"""Every answer carries the headers; changes come from our own pages; bodies have a limit."""

from __future__ import annotations

import itertools

import pytest

from api import gate
from tests.fakes import FakeAnswers, made

ASKED = [
    ("GET", "/", 200),
    ("GET", "/products", 200),
    ("GET", "/health", 200),
    ("GET", "/_dash-layout", 200),
    ("GET", "/assets/dashboard.css", 200),
    ("GET", "/nowhere", 404),
    ("GET", "/assets/nothing.css", 404),
    ("GET", "/reports/file/none.pdf", 404),
    ("GET", "/api/page.json?page=nothing", 400),
    ("DELETE", "/api/page.json", 405),
    ("POST", "/_dash-update-component", 415),
]


@pytest.fixture(name="client")
def _client(tmp_path):
    return made(tmp_path).server.test_client()


def armed(answer):
    policy = answer.headers["Content-Security-Policy"]
    scripts = next(part for part in policy.split(";") if part.strip().startswith("script-src"))
    assert "unsafe" not in scripts
    assert "frame-ancestors 'none'" in policy
    assert all(answer.headers[name] == value for name, value in gate.HEADERS.items())


@pytest.mark.parametrize(("method", "path", "status"), ASKED)
def test_headers_are_on_every_answer(client, method, path, status):
    with client.open(path, method=method) as answer:
        assert answer.status_code == status
        armed(answer)


def test_headers_are_on_redirects_faults_and_refusals(tmp_path):
    app = made(tmp_path, FakeAnswers(broken=True))
    app.server.add_url_rule("/old", "old", lambda: ("", 302, {"Location": "/"}))
    client = app.server.test_client()
    for answer, status in (
        (client.get("/old"), 302),
        (client.get("/api/page.json?page=overview"), 500),
        (
            client.post("/_dash-update-component", data=b"x" * (gate.BODY_LIMIT + 1), content_type="application/json"),
            413,
        ),
    ):
        assert answer.status_code == status
        assert b"Traceback" not in answer.data
        assert b"ZeroDivision" not in answer.data
        armed(answer)


def test_no_script_stands_inline_without_its_hash(client):
    page = client.get("/").text
    assert 'src="/assets/first.js"' in page
    assert "https://" not in page
    assert "http://" not in page


SITES = ("same-origin", "same-site", "cross-site", "none")
KINDS = ("application/json", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded")


@pytest.mark.parametrize(("site", "kind"), list(itertools.product(SITES, KINDS)))
@pytest.mark.parametrize("path", ["/upload", "/_dash-update-component"])
def test_changes_come_from_our_own_pages_only(client, path, site, kind):
    answer = client.post(path, data=b"{}", content_type=kind, headers={"Sec-Fetch-Site": site})
    assert (answer.status_code == 403) == (site in ("same-site", "cross-site"))


@pytest.mark.parametrize(
    ("origin", "refused"), [("http://localhost", False), ("http://evil.example", True), ("null", True)]
)
def test_the_origin_counts_where_the_site_is_not_named(client, origin, refused):
    answer = client.post("/upload", headers={"Origin": origin})
    assert (answer.status_code == 403) == refused
