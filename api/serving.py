"""Decides how the pages are served on one machine: gunicorn with threads, on a port that is free."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

TRIES = 50
THREADS = 8


def free_port(host: str, port: int) -> int:
    """The first port from `port` up that nobody listens on. OSError when fifty in a row are taken."""
    for candidate in range(port, port + TRIES):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError:
                continue
            return candidate
    raise OSError(f"No free port between {port} and {port + TRIES - 1} on {host}. Name another with --port.")


class _Server(BaseApplication):
    """Gunicorn started from Python; the pages are made inside its worker, so that nothing is shared by a fork."""

    def __init__(self, make: Callable[[], Flask], options: dict[str, Any]) -> None:
        self.make, self.options = make, options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        return self.make()


def serve(make: Callable[[], Flask], host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until told to stop. make() gives the Flask server; ready(address) is called once it answers."""
    chosen = free_port(host, port)
    shown = f"[{host}]" if ":" in host else host
    options = {
        "bind": f"{shown}:{chosen}",
        "worker_class": "gthread",
        "workers": 1,
        "threads": THREADS,
        "timeout": 1200,
        "graceful_timeout": 5,
        "loglevel": "warning",
        "control_socket_disable": True,
        "post_worker_init": lambda _worker: ready(f"http://{shown}:{chosen}"),
    }
    _Server(make, options).run()
