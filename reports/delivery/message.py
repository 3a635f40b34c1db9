"""Decides how a mail is put together, and reads it back before it may leave: these headers once each, these files.

What people wrote goes through the header guard and then through `email`; the lines that machines act upon (Message-ID,
List-Unsubscribe …) are ASCII of our own making and are set as they are, since `email` folds long ones wrongly.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from errors import UserError
from reports.delivery.addresses import mail_address
from reports.delivery.headers import NAME, SUBJECT, clean, file_name
from reports.delivery.letter import Letter

_ID = re.compile(r"[0-9A-Za-z._+=-]{1,100}@[0-9A-Za-z.-]{1,100}")
_LINK = re.compile(r"[!-;=?-~]{1,900}")
"""One word of ASCII without the brackets around it."""
_TYPE = re.compile(r"[a-z]+/[0-9a-z.+-]{1,100}")
_WRITTEN = ("From", "To", "Subject", "Date", "MIME-Version", "Content-Type")
_ONCE = ("Message-ID", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post")


@dataclass(frozen=True)
class Sender:
    """Who a mail is from."""

    name: str
    address: str


def sender(text: str) -> Sender:
    """“TrueLift <reports@example.com>” in its parts. Raises UserError."""
    name, bracket, rest = text.rpartition("<")
    return Sender(clean(name.strip(' "')) if bracket else "", mail_address(rest.rstrip(" >")))


def stable_id(message_id: str) -> str:
    """A Message-ID as mail writes it; one that is not written so gives another that is always the same."""
    inside = message_id.strip().removeprefix("<").removesuffix(">")
    if not _ID.fullmatch(inside):
        inside = f"{hashlib.sha256(message_id.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}@truelift.invalid"
    return f"<{inside}>"


def written(
    letter: Letter,
    made_by: Sender,
    to: str,
    name: str,
    message_id: str,
    now: float,
    leave: str = "",
    files: Sequence[tuple[str, Path, str]] = (),
) -> bytes:
    """The mail as bytes, ready to be sent and read back once. Raises UserError when it is not what was meant.

    to, name: of the one reader. now: seconds since 1970. leave: where one click unsubscribes, '' for none (then by
    an answer). files: name to show, file, media type.
    """
    machine = _machine_lines(message_id, made_by.address, leave)
    contents = [(file_name(shown), path.read_bytes(), kind) for shown, path, kind in files]
    for shown_to in (clean(name, NAME), ""):
        message = _message(letter, made_by, to, shown_to, now, contents)
        content = machine + message.as_bytes()
        if _is_right(content, to, machine.count(b"\r\n")):
            _check_files(content, contents)
            return content
    raise UserError("The mail was not sent: its headers would not be those that were meant. Choose a plainer title.")


def _machine_lines(message_id: str, by: str, leave: str) -> bytes:
    """Always the same four lines, so that the number of headers says nothing of any name."""
    one_click = bool(_LINK.fullmatch(leave)) and leave.startswith("https://")
    where = (
        leave if _LINK.fullmatch(leave) else f"mailto:{quote(by, safe='@')}?subject=Unsubscribe" if by.isascii() else ""
    )
    lines = [f"Message-ID: {stable_id(message_id)}", "Auto-Submitted: auto-generated"]
    lines += [f"List-Unsubscribe: <{where}>"] * bool(where)
    lines += ["List-Unsubscribe-Post: List-Unsubscribe=One-Click"] * one_click
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _message(
    letter: Letter, made_by: Sender, to: str, name: str, now: float, files: Sequence[tuple[str, bytes, str]]
) -> EmailMessage:
    rules = policy.SMTP if made_by.address.isascii() and to.isascii() else policy.SMTPUTF8
    message = EmailMessage(rules.clone(cte_type="7bit"))
    message["From"] = _mailbox(made_by.name, made_by.address)
    message["To"] = _mailbox(name, to)
    message["Subject"] = clean(letter.subject, SUBJECT)
    message["Date"] = format_datetime(datetime.fromtimestamp(now, UTC))
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    for shown, content, kind in files:
        whole, _, part = (kind if _TYPE.fullmatch(kind) else "application/octet-stream").partition("/")
        message.add_attachment(content, maintype=whole, subtype=part, filename=shown)
    return message


def _mailbox(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(display_name=name, username=local, domain=domain)


def _is_right(content: bytes, to: str, machine: int) -> bool:
    """Whether the head holds exactly our lines, each once, and the one reader; line ends are CRLF everywhere."""
    if re.search(rb"\r(?!\n)|(?<!\r)\n|\x00", content):
        return False
    head = content.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].decode("ascii", "replace") for line in re.split(rb"\r\n(?![ \t])", head)]
    wanted = [*_ONCE[:machine], *_WRITTEN]
    readers: Any = message_from_string(head.decode("utf-8", "replace") + "\r\n\r\n", policy=policy.SMTPUTF8)["To"]
    found = [one.addr_spec for one in readers.addresses] if readers is not None else []
    return sorted(names) == sorted(wanted) and found == [to] and max(map(len, content.split(b"\r\n"))) <= 998


def _check_files(content: bytes, files: Sequence[tuple[str, bytes, str]]) -> None:
    """Reads the attachments back: how many, their names, sizes and bytes."""
    read: Any = message_from_bytes(content, policy=policy.SMTPUTF8)
    found = [(part.get_filename(), part.get_payload(decode=True)) for part in read.iter_attachments()]
    if found != [(shown, body) for shown, body, _ in files]:
        raise UserError("The mail was not sent: its attachments would not be the files of the report.")
