"""Decides how a reader says that a report shall come no more: a page with one button, and one click for mail programs.

Looking changes nothing, since mail scanners open every link; only a POST does, from our button or from a mail program
(RFC 8058). It comes from anywhere, so its token is what allows it. Every wrong link gets the same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Protocol

from flask import Flask, Request, Response

PATH = "/unsubscribe/"
UNKNOWN = "This link is not one of ours, or not whole. Take it from the mail once more, all of it."
LONGEST = 1000


class Leave(Protocol):
    """What a link asks for."""

    @property
    def title(self) -> str:
        """Of the report."""

    @property
    def address(self) -> str:
        """Of the reader, partly hidden."""

    @property
    def left(self) -> bool:
        """Whether it is done."""


class Leaving(Protocol):
    """What reports.delivery.unsubscribe offers; None for a token that is not ours."""

    def asked(self, written: str) -> Leave | None: ...

    def leave(self, written: str) -> Leave | None: ...


def register(server: Flask, leaving: Leaving) -> Callable[[Request], bool]:
    """GET and POST /unsubscribe/<token>. Returns what tells the gate whether a request carries a token of ours."""

    @server.get(f"{PATH}<token>")
    def show_leave(token: str) -> Response:
        return _page(leaving.asked(token) if len(token) <= LONGEST else None, done=False)

    @server.post(f"{PATH}<token>")
    def leave(token: str) -> Response:
        return _page(leaving.leave(token) if len(token) <= LONGEST else None, done=True)

    def signed(asked: Request) -> bool:
        token = asked.path.removeprefix(PATH)
        ours = asked.method == "POST" and asked.path.startswith(PATH) and len(token) <= LONGEST
        return ours and leaving.asked(token) is not None

    return signed


def _page(leave: Leave | None, done: bool) -> Response:
    if leave is None:
        return Response(_document("No such link.", UNKNOWN, ""), 404, headers={"Cache-Control": "no-store"})
    title, address = escape(leave.title), escape(leave.address)
    if leave.left:
        head = "Done." if done else "Already done."
        words = f"“{title}” is no longer sent to {address}. To get it again, ask whoever sent it to you."
        button = ""
    else:
        head = "Get no more of this report?"
        words = f"“{title}” is sent to {address}."
        button = '<form method="post"><button>Send it no more</button></form>'
    return Response(
        _document(head, words, button), headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    )


def _document(head: str, words: str, button: str) -> str:
    """One small page without scripts, in the house's colours."""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{head}</title>
<link rel="stylesheet" href="/assets/tokens.css">
<style>
body {{ background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; margin: 15vh 16px }}
main {{ background: var(--card); border: 1px solid var(--line); border-radius: 8px; margin: auto; max-width: 32rem;
  padding: 24px }}
h1 {{ font-size: 20px; margin: 0 0 8px }}
p {{ margin: 0 0 16px; overflow-wrap: anywhere }}
button {{ background: var(--strong); border: 0; border-radius: 6px; color: var(--on-strong); cursor: pointer;
  font: inherit; padding: 8px 16px }}
</style>
</head>
<body><main><h1>{head}</h1><p>{words}</p>{button}</main></body>
</html>
"""
