"""`receipts archive` keeps a saved page's text, and checks quotations against it."""

import sys
from pathlib import Path
from typing import Final

import pytest

from bot.cli.main import main
from bot.importing.pages import PageError, text_of
from bot.settings import Settings
from tests.folder import Folder
from tests.places import TODAY

SOURCE: Final = "council-2024-03-05"
SAID: Final = "The bell has been taken down for repair"
PAGE: Final = (
    "<!DOCTYPE html><html><head><title>Bell</title><style>p{}</style></head><body>"
    f"<nav>Menu</nav><p>{SAID.replace(' ', '&nbsp;', 1)}, says the council.</p>"
    "<script>var x = 'hidden words of a script';</script></body></html>"
)


def pdf(text: str) -> bytes:
    """A PDF of one line."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    data, places = b"%PDF-1.4\n", list[int]()
    for number, one in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 6\n0000000000 65535 f \n" + rows
    end = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(data)
    return data + table + end


MHTML: Final = (
    "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n"
    "Content-Type: text/html; charset=utf-8\n"
    "Content-Transfer-Encoding: quoted-printable\n\n"
    f"<p>{SAID[:20]}=\n{SAID[20:]}</p>\n--x--\n"
)
PAGES: Final = {
    "page.html": PAGE.encode(),
    "saved": PAGE.encode("utf-16"),
    "page.mhtml": MHTML.encode(),
    "page.txt": f"The council:\r\n{SAID}.".encode("cp1252"),
    "page.pdf": pdf(SAID),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_text_of_a_page_is_what_its_readers_see(name: str) -> None:
    """Of HTML, a browser's single file, text and PDF; no script, no tag."""
    text = text_of(name, PAGES[name])
    assert SAID in " ".join(text.split())
    assert "script" not in text
    assert "<" not in text


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.html", b"<html><script>a long script of many words</script>", "no text"),
        ("a.pdf", b"%PDF-1.4 nothing", "this PDF cannot be read"),
        ("a.docx", b"PK\x03\x04", "save it as PDF or as text"),
    ],
)
def test_what_has_no_text_is_refused(name: str, data: bytes, why: str) -> None:
    """A scan, a broken file and a document in a zip are told apart."""
    with pytest.raises(PageError, match=why):
        text_of(name, data)


def test_without_what_reads_pdf_the_install_command_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who has not installed pypdf is told how."""
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(PageError, match=r"pip install pypdf==7\.1\.1"):
        text_of("a.pdf", pdf(SAID))


def archive(folder: Folder, file: Path, *more: str) -> int:
    """Archive a file as the text of the council's statement."""
    where = ("--story", str(folder.path))
    return main(["archive", SOURCE, str(file), *where, *more], Settings(), TODAY)


def test_quotations_are_verified_from_then_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The text is kept in archive/, out of git, and the quotation is found in it."""
    folder, file = Folder(tmp_path / "story"), tmp_path / "page.html"
    file.write_text(PAGE, encoding="utf-8")
    assert archive(folder, file) == 0
    assert f"1 of 1 quotations of '{SOURCE}' are in it" in capsys.readouterr().out
    assert SAID.replace(" ", "\u00a0", 1) in folder.read(f"archive/{SOURCE}.txt") or (
        SAID in folder.read(f"archive/{SOURCE}.txt")
    )
    assert folder.read("archive/.gitignore") == "*\n"
    loaded = folder.load()
    assert loaded.problems == ()
    assert loaded.quotes[0] == 1
    assert archive(folder, file) == 0


def test_a_quotation_that_is_not_in_it_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the page does not have is named with its place and the nearest passage."""
    folder, file = Folder(tmp_path / "story"), tmp_path / "page.txt"
    file.write_text("The bell has been taken off for repair, as all know.", "utf-8")
    assert archive(folder, file) == 1
    printed = capsys.readouterr().out
    assert "0 of 1" in printed
    assert "facts/bell.yaml" in printed
    assert "taken off for repair" in printed
    file.write_text(f"{SAID}, as everybody knows by now.", encoding="utf-8")
    assert archive(folder, file) == 2
    assert "--replace" in capsys.readouterr().err
    assert archive(folder, file, "--replace") == 0


def test_an_unknown_source_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A source that the story does not have is told, with the nearest one."""
    folder = Folder(tmp_path / "story")
    where = ["--story", str(folder.path)]
    assert main(["archive", "council-2024", "x.txt", *where], Settings(), TODAY) == 2
    assert "did you mean 'council-2024-03-05'" in capsys.readouterr().err
