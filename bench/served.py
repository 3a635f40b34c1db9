"""Decides how a running house is spoken to from outside: its own process, real HTTP, and its memory as /proc tells."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from settings import ROOT

_BLOCK = 1 << 20
_PAUSE = 0.1
_EDGE = "the-edge-of-a-form"


@dataclass(frozen=True)
class Served:
    """A served house. address: host:port; worker: the id of the web process that answers; data_dir: its folder."""

    address: str
    worker: int
    data_dir: Path

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of a page."""
        return self._send("GET", path, None, {})

    def upload(self, *files: tuple[Path, str]) -> dict[str, Any]:
        """Send files (path, name to give) as one form, a block at a time; the answer as it came."""
        heads = [
            f'--{_EDGE}\r\nContent-Disposition: form-data; name="file"; filename="{_as_sent(name)}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n".encode()
            for _, name in files
        ]
        end = f"--{_EDGE}--\r\n".encode()
        whole = sum(len(head) + path.stat().st_size + 2 for head, (path, _) in zip(heads, files, strict=True))
        headers = {"Content-Type": f"multipart/form-data; boundary={_EDGE}", "Content-Length": f"{whole + len(end)}"}

        def body() -> Iterator[bytes]:
            for head, (path, _) in zip(heads, files, strict=True):
                yield head
                with path.open("rb") as file:
                    while block := file.read(_BLOCK):
                        yield block
                yield b"\r\n"
            yield end

        answer: dict[str, Any] = json.loads(self._send("POST", "/upload", body(), headers)[1])
        return answer

    def ask(self, output: str, changed: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the callback that sets `output` answers, as {id: {property: value}}; {} when it changes nothing.

        values: “id.property” → value; of a wildcard, whose id is written with ALL, a list of (id, value).
        """
        known = json.loads(self.get("/_dash-dependencies")[1])
        (item,) = [one for one in known if output in one["output"]]
        body = {
            "output": item["output"],
            "outputs": [_named(part) for part in item["output"].strip(".").split("...")],
            "inputs": [_given(part, values) for part in item["inputs"]],
            "state": [_given(part, values) for part in item["state"]],
            "changedPropIds": [changed],
        }
        sent = json.dumps(body).encode()
        status, text = self._send("POST", "/_dash-update-component", sent, {"Content-Type": "application/json"})
        if status not in (200, 204):
            raise RuntimeError(f"{output} answered {status}: {text[:500]!r}")
        return dict(json.loads(text)["response"]) if status == 200 else {}

    def look(self, upload: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Look at an upload as the page does; the job, and what the screen shows at its end."""
        begun = self.ask("..import-job.data...", "upload.data", {"upload.data": dict(upload)})
        job: dict[str, Any] = begun["import-job"]["data"]
        return job, self.followed(job)

    def take(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Import what was looked at; what the screen shows at its end."""
        key = '{"act":"take","place":"foot","type":"import-act"}'
        button = {'{"act":"take","place":["ALL"],"type":"import-act"}.n_clicks': [(json.loads(key), 1)]}
        values = {"import-job.data": dict(job)} | button
        begun = self.ask("import-job.data@", f"{key}.n_clicks", values)
        return self.followed(begun["import-job"]["data"])

    def followed(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Tick as the page's clock does until the job is at its end."""
        tick = 0
        while True:
            tick += 1
            values = {"import-clock.n_intervals": tick, "import-job.data": dict(job)}
            shown = self.ask("import-shown.data", "import-clock.n_intervals", values)
            if shown["import-clock"]["disabled"]:
                return shown
            time.sleep(_PAUSE)

    def remove(self, upload: Mapping[str, Any]) -> None:
        """Take every file of an upload away, as its buttons do."""
        for file in upload["files"]:
            key = json.dumps({"file": file["key"], "type": "import-leave"}, separators=(",", ":"))
            clicks = {'{"file":["ALL"],"type":"import-leave"}.n_clicks': [(json.loads(key), 1)]}
            self.ask("upload.data...", f"{key}.n_clicks", clicks | {"upload.data": dict(upload)})

    def memory(self, row: str) -> int:
        """VmRSS or VmHWM of the web process, in bytes; 0 when it is gone."""
        return memory_of(self.worker, row)

    def forget_peak(self) -> None:
        """Let VmHWM begin anew."""
        Path(f"/proc/{self.worker}/clear_refs").write_text("5")

    def _send(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self.address, timeout=600)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@contextmanager
def house(data_dir: Path, port: int, **environ: str) -> Iterator[Served]:
    """The app served over a data folder, as `./truelift run` starts it; stopped at the end."""
    told = {**os.environ, "TRUELIFT_DATA_DIR": str(data_dir), "PYTHONPATH": str(ROOT), **environ}
    command = [sys.executable, str(ROOT / "app.py"), "--port", f"{port}"]
    with subprocess.Popen(command, cwd=ROOT, env=told, stdout=subprocess.PIPE, text=True) as app:
        assert app.stdout is not None
        try:
            address = urlsplit(app.stdout.readline().split()[-1]).netloc
            yield Served(address, children(app.pid)[0], data_dir)
        finally:
            app.terminate()
            app.wait(30)


def children(process: int) -> list[int]:
    """The ids of the processes that one has started itself."""
    return [int(one) for path in Path(f"/proc/{process}/task").glob("*/children") for one in path.read_text().split()]


def memory_of(process: int, row: str) -> int:
    """A row of /proc/ID/status, VmRSS or VmHWM, in bytes; 0 when the process is gone."""
    try:
        said = re.search(rf"{row}:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    except OSError:
        return 0
    return int(said[1]) * 1024 if said else 0


def _as_sent(name: str) -> str:
    """A file's name in a form's head as browsers write it."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _named(output: str) -> dict[str, Any]:
    key, _, name = output.rpartition(".")
    return {"id": json.loads(key) if key.startswith("{") else key, "property": name}


def _given(part: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    name = f"{part['id']}.{part['property']}"
    if part["id"].startswith("{"):
        given = values.get(name, [])
        return [{"id": key, "property": part["property"], "value": value} for key, value in given]
    return {"id": part["id"], "property": part["property"], "value": values.get(name)}
