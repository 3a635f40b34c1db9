"""Decides how tests drive the real page in the real browser: what is served, who looks, and what counts as wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from settings import ROOT

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
QUIET_MS = 500
FILLED = "main .view:not(.fresh), main .no-filters"


@dataclass
class Watched:
    """A browser page with everything that went wrong in it."""

    page: Any
    base: str
    wrong: list[str] = field(default_factory=list)
    flying: set[Any] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda call: self.flying.add(call) if "_dash-update" in call.url else None)
        self.page.on("requestfinished", lambda call: self.flying.discard(call))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def _failed(self, call: Any) -> None:
        self.flying.discard(call)
        self.wrong.append(f"failed: {call.url}")

    def _answered(self, answer: Any) -> None:
        if answer.status >= 400:
            self.wrong.append(f"{answer.status} {answer.url}")
        if not answer.url.startswith((self.base, "data:", "blob:")):
            self.wrong.append(f"asked elsewhere: {answer.url}")

    def settle(self) -> None:
        """Until the page is filled and no callback has been under way for a while; AssertionError after two minutes.

        A place holder that is still there counts as under way: on a busy machine the browser may need longer to ask
        for a page's figures than a pause between two of its questions lasts.
        """
        self.page.wait_for_selector(FILLED, state="attached")
        quiet = 0
        for _ in range(1200):
            self.page.wait_for_timeout(100)
            busy = self.flying or self.page.locator(".skeleton").count()
            quiet = 0 if busy else quiet + 100
            if quiet >= QUIET_MS:
                return
        raise AssertionError(f"{self.page.url} is not quiet after two minutes: {len(self.flying)} callbacks under way")

    def open(self, path: str) -> None:
        """Go to a path of ours and wait until it is quiet."""
        self.page.goto(self.base + path)
        self.settle()

    def choose(self, key: str, *values: str) -> None:
        """Choose values in a pill and close it."""
        self.page.click(f"#filter-{key}")
        for value in values:
            self.page.click(f".dash-dropdown-content >> text={value}")
        self.page.keyboard.press("Escape")
        self.settle()

    def tile(self, key: str) -> str:
        """What a tile says."""
        return self.page.inner_text(f".tile[data-key={key}] .tile-value")

    def overflow(self) -> int:
        """Pixels that the page is wider than its window."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@contextmanager
def serving(server: Any) -> Iterator[str]:
    """The address of a Flask server that answers until the block ends."""
    answering = make_server("127.0.0.1", 0, server, threaded=True)
    thread = threading.Thread(target=answering.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{answering.server_port}"
    answering.shutdown()
    thread.join()
    answering.server_close()


@contextmanager
def chromium() -> Iterator[Any]:
    """The system's browser; skips the test where there is none."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no browser at {CHROMIUM}; ./truelift test installs it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def house_with_worker(data_dir: Path, port: int) -> Iterator[str]:
    """The address of the app over a data folder, with a report worker beside it, as `./truelift run` starts them."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no browser at {CHROMIUM}; ./truelift test installs it")
    environ = {**os.environ, "TRUELIFT_DATA_DIR": str(data_dir), "PYTHONPATH": str(ROOT)}
    worker = subprocess.Popen([sys.executable, "-m", "reports", "work"], cwd=ROOT, env=environ)
    app = subprocess.Popen(
        [sys.executable, str(ROOT / "app.py"), "--port", str(port)],
        cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert app.stdout is not None
    found = re.search(r"http://\S+", app.stdout.readline())
    assert found
    yield found.group(0)
    for process in (app, worker):
        process.terminate()
        process.wait(30)
    app.stdout.close()
