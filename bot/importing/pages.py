"""A saved page → its text, to check quotations against."""

import email
import email.policy
import io
import re
from pathlib import PurePath
from typing import Final

from bot.importing.cells import page_text
from bot.story.documents import UNWANTED

MAX_BYTES: Final = 60_000_000
"""The largest page that is read."""

_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]{3,20})", re.IGNORECASE
)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE
)
_FEWEST: Final = 20


class PageError(Exception):
    """The page cannot be read; its text is a sentence with the mend."""


def text_of(name: str, data: bytes) -> str:
    """The text of a page, as its readers see it; `name` is its file's.

    Raises:
        PageError: it has none that can be read.
    """
    if len(data) > MAX_BYTES:
        raise PageError(f"this is larger than {MAX_BYTES / 1e6:.0f} MB")
    ending = PurePath(name).suffix.lower()
    if data.startswith(b"%PDF") or ending == ".pdf":
        text = _pdf(data)
    elif data.startswith(b"PK\x03\x04"):
        raise PageError("this is a document in a zip; save it as PDF or as text")
    elif ending in {".mht", ".mhtml"}:
        text = _seen(_mhtml(data), is_html=True)
    else:
        text = _seen(_decoded(data), is_html=ending in {".html", ".htm", ".xhtml"})
    text = UNWANTED.sub("", re.sub(r"\r\n?|\x0c", "\n", text)).strip()
    if len(re.findall(r"\w", text)) < _FEWEST:
        raise PageError("there is no text in it; where it is a scan, type the text")
    return text + "\n"


def _seen(text: str, *, is_html: bool) -> str:
    return page_text(text)[0] if is_html or _HTML.match(text) else text


def _decoded(data: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[2:].decode(encoding, errors="replace")
    said = _CHARSET.search(data[:4096])
    for encoding in ("utf-8-sig", said[1].decode() if said else "cp1252", "cp1252"):
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("latin-1")


def _mhtml(data: bytes) -> str:
    """The page of a browser's single file."""
    for part in email.message_from_bytes(data, policy=email.policy.default).walk():
        if part.get_content_type() == "text/html":
            found = part.get_payload(decode=True)
            return _decoded(found) if isinstance(found, bytes) else ""
    return ""


def _pdf(data: bytes) -> str:
    try:
        import pypdf  # noqa: PLC0415 - only who archives PDFs has it
    except ImportError:
        raise PageError(
            "to read a PDF, install what reads it: .venv/bin/pip install "
            "pypdf==7.1.1; or copy its text into a file"
        ) from None
    try:
        pages = pypdf.PdfReader(io.BytesIO(data)).pages
        return "\n".join(page.extract_text() for page in pages)
    except Exception as error:  # noqa: BLE001 - it fails in many ways, all of them the file's
        raise PageError(f"this PDF cannot be read ({error})") from None
