"""Decides what stands in front of every route: headers, body size, and that changes come from our own pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from flask import Flask, Request, Response, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

BODY_LIMIT = 2 * 1024**2
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Hashes = Callable[[], Sequence[str]]
Signed = Callable[[Request], bool]
FOREIGN = "This was asked from another site, so nothing was done. Open TrueLift itself and try again."


def policy(script_hashes: Sequence[str]) -> str:
    """The content security policy: our own scripts and the hashed ones; no eval, no frames, nothing from elsewhere.

    Styles may stand inline: Plotly and the components set them from scripts that are ours.
    """
    scripts = " ".join(["'self'", *script_hashes])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


def _never(asked: Request) -> bool:
    return False


def register(server: Flask, script_hashes: Hashes, limit: int = BODY_LIMIT, signed: Signed = _never) -> None:
    """Headers on every response, errors too. script_hashes(): of the inline scripts that the framework writes.

    signed(request): whether a change that another site asks for proves by itself that it may (api/unsubscribe.py).
    """
    server.config["MAX_CONTENT_LENGTH"] = limit
    # Flask-Compress never closes the files that it reads on the way; scripts and answers are no streams.
    server.config["COMPRESS_STREAMS"] = False

    @server.before_request
    def gate() -> tuple[Response, int] | None:
        foreign = request.method not in SAFE and not own(request) and not signed(request)
        return (jsonify({"ok": False, "error": FOREIGN}), 403) if foreign else None

    @server.after_request
    def dress(response: Response) -> Response:
        # A route may be stricter: a report that is shown as a page stands in a sandbox (api/paths.py).
        response.headers.setdefault("Content-Security-Policy", policy(script_hashes()))
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if response.mimetype == "application/json":
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    @server.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> AnyResponse | tuple[Response, int]:
        if error.code is None or error.code < 400:
            return error.get_response()
        return jsonify({"ok": False, "error": error.description}), error.code


def own(asked: Request) -> bool:
    """Whether a change was asked by our own page or by a program; browsers always name their site."""
    site = asked.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = asked.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == asked.host
