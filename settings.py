"""Decides where the data lies and how the house reckons by default; the environment is read here only."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from errors import UserError

ROOT = Path(__file__).resolve().parent
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_WEBHOOK_HOST = re.compile(rf"(?:private:)?(?:(?:\*\.)?(?:{_LABEL}\.)*{_LABEL}|\[[0-9a-f:.]+\])(?::[0-9]{{1,5}})?")
_PLAIN_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")
_NAMED_ADDRESS = re.compile(r"[^<>\r\n]*<([^<>]*)>")
_SHORTEST_SECRET = 16


@dataclass(frozen=True)
class Smtp:
    """The mail server. security: 'starttls' (refused where the server has none), 'tls' from the first byte, or
    'never'. The password never appears in a repr, so that no log holds it."""

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Settings:
    """What one process runs with.

    data_dir: folder of snapshots, uploads, reports and the ledger.
    currency: ISO code of the reporting currency. timezone: the zone whose calendar days are counted.
    host, port: where the web process listens; 127.0.0.1 unless told otherwise.
    keep_versions: how many versions of the data set are kept, so that imports can be taken back.
    limits: what TRUELIFT_MAX_… says of the files that are read; data/sources/limits.py knows the names.
    report_seconds, charts_seconds, chart_seconds: how long a report, all its charts, one chart may take to be made.
    public_url: address under which readers reach TrueLift, without a slash at the end; '' when they cannot.
    smtp: the mail server; None lays each mail into `outbox`. mail_from: who the mails are from. owner: mail address
    of who is told when a report was not sent. mail_megabytes: largest mail. webhook_hosts: where webhooks may go.
    webhook_secret: signs them. folders: folders outside the data folder that reports may be written to.
    """

    data_dir: Path
    currency: str = "INR"
    timezone: str = "Asia/Kolkata"
    host: str = "127.0.0.1"
    port: int = 8050
    keep_versions: int = 30
    limits: tuple[tuple[str, str], ...] = ()
    report_seconds: int = 600
    charts_seconds: int = 90
    chart_seconds: int = 20
    public_url: str = ""
    smtp: Smtp | None = None
    mail_from: str = ""
    owner: str = ""
    mail_outbox: Path | None = None
    mail_megabytes: int = 10
    webhook_hosts: tuple[str, ...] = ()
    webhook_secret: str = field(default="", repr=False)
    folders: tuple[Path, ...] = ()

    @property
    def outbox(self) -> Path:
        """Folder of the mails that were written as files, since no mail server is set."""
        return self.mail_outbox or self.data_dir / "outbox"

    @property
    def delivered(self) -> Path:
        """Folder under which reports are delivered to folders."""
        return self.data_dir / "delivered"

    @property
    def ledger(self) -> str:
        """Address of the application's own records (SQLAlchemy form)."""
        return f"sqlite:///{self.data_dir / 'ledger.sqlite'}"

    @property
    def reports_dir(self) -> Path:
        """Folder of finished reports."""
        return self.data_dir / "reports"


def _whole(environ: Mapping[str, str], name: str, otherwise: int) -> int:
    """A whole number above 0 from the environment."""
    text = environ.get(name, "").strip()
    if text and not (text.isascii() and text.isdigit() and int(text)):
        raise UserError(f"{name} is “{text}”: give a whole number above 0.")
    return int(text) if text else otherwise


def _public_url(environ: Mapping[str, str]) -> str:
    """TRUELIFT_URL without the slash at its end."""
    text = environ.get("TRUELIFT_URL", "").strip().rstrip("/")
    if text and not re.fullmatch(r"https?://[0-9A-Za-z.\[\]:-]+(/[0-9A-Za-z._~/-]*)?", text):
        raise UserError("TRUELIFT_URL is no web address: give it as https://reports.example.com.")
    return text


def _smtp(environ: Mapping[str, str]) -> Smtp | None:
    """TRUELIFT_SMTP: smtp://[user:password@]host[:587][?tls=never] or smtps://…; what it says is never repeated."""
    text = environ.get("TRUELIFT_SMTP", "").strip()
    if not text:
        return None
    wrong = UserError("TRUELIFT_SMTP cannot be read: give smtp://user:password@host:587 or smtps://user:password@host.")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise wrong from None
    right = parts.scheme in ("smtp", "smtps") and re.fullmatch(r"[0-9a-z._:-]+", host) and parts.path in ("", "/")
    if not right or parts.fragment or parts.query not in ("", "tls=never"):
        raise wrong
    plain = bool(parts.query) or (host in LOOPBACK and parts.scheme == "smtp")
    if plain and parts.username and host not in LOOPBACK:
        raise UserError("TRUELIFT_SMTP would send its password unencrypted: leave out tls=never, or use smtps://.")
    security = "tls" if parts.scheme == "smtps" else "never" if plain else "starttls"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Smtp(host, port or (465 if security == "tls" else 587), security, user, password)


def _address(environ: Mapping[str, str], name: str, named: bool = False) -> str:
    """A mail address, with the name before it where that may stand there."""
    text = environ.get(name, "").strip()
    inside = _NAMED_ADDRESS.fullmatch(text) if named else None
    if text and not _PLAIN_ADDRESS.fullmatch(inside[1] if inside else text):
        example = "TrueLift <reports@example.com>" if named else "asha@example.com"
        raise UserError(f"{name} is no mail address: give one, like {example}.")
    return text


def _mail_from(environ: Mapping[str, str], smtp: Smtp | None) -> str:
    text = _address(environ, "TRUELIFT_MAIL_FROM", named=True)
    if smtp and not text:
        raise UserError("TRUELIFT_SMTP is set but TRUELIFT_MAIL_FROM is not: say which address the mails come from.")
    return text


def _webhook_hosts(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Hosts with commas between them, in lower case."""
    hosts = tuple(one.strip().lower() for one in environ.get("TRUELIFT_WEBHOOK_HOSTS", "").split(",") if one.strip())
    for host in hosts:
        if not _WEBHOOK_HOST.fullmatch(host):
            raise UserError(
                f"TRUELIFT_WEBHOOK_HOSTS holds “{host[:60]}”: give host names with commas, like hooks.example.com."
            )
    return hosts


def _webhook_secret(environ: Mapping[str, str]) -> str:
    text = environ.get("TRUELIFT_WEBHOOK_SECRET", "").strip()
    if text and len(text) < _SHORTEST_SECRET:
        raise UserError(f"TRUELIFT_WEBHOOK_SECRET is too short: give at least {_SHORTEST_SECRET} characters.")
    return text


def _folders(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Folders as PATH has them; each absolute."""
    found = [Path(text).expanduser() for text in environ.get("TRUELIFT_FOLDERS", "").split(os.pathsep) if text.strip()]
    for folder in found:
        if not folder.is_absolute():
            raise UserError(f"TRUELIFT_FOLDERS holds “{folder}”: give whole paths, beginning at the root.")
    return tuple(folder.resolve() for folder in found)


def _delivery(environ: Mapping[str, str]) -> dict[str, Any]:
    """What reports are sent with."""
    smtp, outbox = _smtp(environ), environ.get("TRUELIFT_OUTBOX", "").strip()
    return {
        "public_url": _public_url(environ),
        "smtp": smtp,
        "mail_from": _mail_from(environ, smtp),
        "owner": _address(environ, "TRUELIFT_OWNER"),
        "mail_outbox": Path(outbox).expanduser().resolve() if outbox else None,
        "mail_megabytes": _whole(environ, "TRUELIFT_MAIL_MEGABYTES", 10),
        "webhook_hosts": _webhook_hosts(environ),
        "webhook_secret": _webhook_secret(environ),
        "folders": _folders(environ),
    }


def load(data_dir: str | Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment; `data_dir` (a command's --data) wins over TRUELIFT_DATA_DIR. Raises UserError."""
    folder = data_dir or environ.get("TRUELIFT_DATA_DIR") or ROOT / "var"
    return Settings(
        data_dir=Path(folder).expanduser().resolve(),
        currency=environ.get("TRUELIFT_CURRENCY", "INR"),
        timezone=environ.get("TRUELIFT_TIMEZONE", "Asia/Kolkata"),
        host=environ.get("TRUELIFT_HOST", "127.0.0.1"),
        port=_whole(environ, "TRUELIFT_PORT", 8050),
        keep_versions=_whole(environ, "TRUELIFT_KEEP_VERSIONS", 30),
        limits=tuple(sorted((key, value) for key, value in environ.items() if key.startswith("TRUELIFT_MAX_"))),
        report_seconds=_whole(environ, "TRUELIFT_REPORT_SECONDS", 600),
        charts_seconds=_whole(environ, "TRUELIFT_CHARTS_SECONDS", 90),
        chart_seconds=_whole(environ, "TRUELIFT_CHART_SECONDS", 20),
        **_delivery(environ),
    )
