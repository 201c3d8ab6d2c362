"""The log: what it says, in which form, and what it never says."""

import io
import json
import logging
import re
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.operating.logs import logging_to
from bot.operating.metrics import MeasuredAnswerer
from bot.operating.redactor import MASK, Redactor
from tests.conftest import TODAY

TOKEN = "MTE4NDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"  # noqa: S105
ADDRESS = "postgresql://ann:p%40ss%2Fword@db.example/records"
SECRETS = st.text(min_size=1).filter(lambda text: text not in MASK)


@contextmanager
def log(
    level: str = "INFO", secrets: tuple[str, ...] = (), *, as_json: bool = False
) -> Generator[io.StringIO]:
    """What is logged within, as text."""
    stream = io.StringIO()
    with logging_to(stream, level=level, as_json=as_json, redact=Redactor(secrets)):
        yield stream


class TestRedactor:
    """Secrets never get through."""

    @given(SECRETS, st.lists(st.text()))
    @example("aa", ["a", "a", ""])
    def test_no_secret_gets_through(self, secret: str, around: list[str]) -> None:
        """Whatever stands around it, and however often: no part of the text has it."""
        redacted = Redactor([secret])(secret.join(["", *around, ""]))
        assert all(secret not in part for part in redacted.split(MASK))

    @given(st.text(), st.text(min_size=1), st.text())
    def test_secrets_that_overlap_go_whole(
        self, start: str, shared: str, end: str
    ) -> None:
        """Where one secret runs into another, neither's rest is left."""
        redact = Redactor([start + shared, shared + end])
        assert redact(start + shared + end) == MASK

    @given(st.text(min_size=1, alphabet="abc !'\"\\/@:%é🔔\n"), st.text())
    def test_an_escaped_secret_is_one_too(self, secret: str, around: str) -> None:
        """A secret in a repr or in JSON is taken out."""
        redact = Redactor([secret])
        for written in (repr(secret)[1:-1], json.dumps(secret)[1:-1]):
            assert MASK in redact(f"{around}{written}")

    @given(st.text())
    def test_other_text_stays(self, text: str) -> None:
        """Without a secret in it, and without secrets, a text stays as it is."""
        if "/" not in text and "." not in text:
            assert Redactor()(text) == text
            assert Redactor(["\ue000\ue001"])(text) == text

    @pytest.mark.parametrize(
        "text",
        [
            "no p@ss/word here",
            "no p%40ss%2Fword here",
            f"dsn {ADDRESS}",
            "password='p@ss/word'",
        ],
    )
    def test_the_password_of_a_database_is_a_secret(self, text: str) -> None:
        """As it is, as it is escaped in its address, and in the whole address."""
        redacted = Redactor([ADDRESS])(text)
        assert MASK in redacted
        assert "word" not in redacted.replace("password", "")

    def test_a_password_among_an_address_s_options_is_a_secret(self) -> None:
        """`?password=` is as good as one before the host."""
        redact = Redactor(["postgresql:///records?host=/run&password=hunter2"])
        assert redact("it was hunter2") == f"it was {MASK}"

    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            (f"Bot {TOKEN}", f"Bot {MASK}"),
            ("/interactions/12/aW50ZXJh/callback", f"/interactions/12/{MASK}/callback"),
            ("POST /webhooks/3/aBc-_9 is", f"POST /webhooks/3/{MASK} is"),
            ("http://me:secret@proxy:80", f"http://me:{MASK}@proxy:80"),
        ],
    )
    def test_what_looks_secret_is_taken_out(self, text: str, kept: str) -> None:
        """Tokens of bots and interactions, and passwords in addresses, of anyone."""
        assert Redactor()(text) == kept


class TestLog:
    """Lines for people, or JSON for programs."""

    def test_a_line_tells_when_how_grave_and_who(self) -> None:
        """Time, level, logger, message, and whatever else is known."""
        with log() as found:
            logging.getLogger("bot.x").warning("late by %d", 3, extra={"shard": 1})
        time, rest = found.getvalue().split(" ", 1)
        assert datetime.fromisoformat(time).tzinfo is not None
        assert rest == "WARNING bot.x: late by 3 shard=1\n"

    def test_json_is_an_object_a_line(self) -> None:
        """Whatever is said, each entry is one line of ASCII, with the same names."""
        with log(as_json=True) as found:
            logging.getLogger("bot.x").info("one\ntwo 🔔", extra={"outcome": "help"})
            logging.getLogger("discord.y").error("three")
        first, second = map(json.loads, found.getvalue().splitlines())
        assert found.getvalue().isascii()
        assert first["message"] == "one\ntwo 🔔"
        assert first["outcome"] == "help"
        assert (second["level"], second["logger"]) == ("error", "discord.y")

    @pytest.mark.parametrize("as_json", [False, True])
    @pytest.mark.parametrize("name", ["bot.x", "discord.http", "asyncio"])
    def test_no_secret_is_logged(self, name: str, *, as_json: bool) -> None:
        """Not in a message, its arguments or a traceback, whoever logs it."""
        with log(secrets=(TOKEN, ADDRESS), as_json=as_json) as found:
            logger = logging.getLogger(name)
            logger.warning("token %s", TOKEN, extra={"more": ADDRESS})
            logger.warning("p@ss%s", "/word")
            error = RuntimeError(ADDRESS)
            error.__cause__ = ValueError(TOKEN)
            logger.error("failed with %r", {"token": TOKEN}, exc_info=error)
        said = found.getvalue()
        assert "RuntimeError" in said
        assert not [one for one in (TOKEN, "p@ss", "p%40ss", "Gabcde") if one in said]

    def test_what_nobody_caught_is_logged_without_secrets(self) -> None:
        """An exception ends the process with 1, and its traceback is redacted."""
        found = io.StringIO()
        with (
            pytest.raises(SystemExit, match="1"),
            logging_to(found, level="INFO", as_json=False, redact=Redactor([TOKEN])),
        ):
            raise KeyError(TOKEN)
        assert "KeyError" in found.getvalue()
        assert TOKEN not in found.getvalue()

    @given(st.text(), st.text())
    def test_nothing_logged_looks_like_an_entry_of_its_own(
        self, message: str, error: str
    ) -> None:
        """Only an entry's first line begins at the margin, and none has controls."""
        with log() as found:
            logging.getLogger("bot.x").error(message, exc_info=ValueError(error))
        first, *others = found.getvalue().removesuffix("\n").split("\n")
        assert first.split(" ")[1] == "ERROR"
        assert others
        assert all(line.startswith("  ") for line in others)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", found.getvalue())

    def test_a_line_that_cannot_be_put_together_harms_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Arguments that do not fit the message lose only themselves."""
        monkeypatch.setattr(logging.getLogger(), "handlers", [])  # pytest's would raise
        with log() as found:
            logging.getLogger("bot.x").info("%d servers", "many")
        assert found.getvalue().endswith("INFO bot.x: %d servers\n")

    def test_libraries_say_nothing_below_info(self) -> None:
        """At DEBUG discord.py would log whole messages: only our own is written."""
        with log("DEBUG") as found:
            logging.getLogger("discord.gateway").debug("a message by ann")
            logging.getLogger("bot.x").debug("ours")
        assert "ann" not in found.getvalue()
        assert "ours" in found.getvalue()

    def test_a_level_holds_for_all(self) -> None:
        """At WARNING nothing below is written, by anyone; warnings are."""
        with log("WARNING") as found:
            logging.getLogger("discord.gateway").info("hello")
            logging.getLogger("bot.x").info("hello")
            with warnings.catch_warnings(action="default"):
                warnings.warn("old", DeprecationWarning, stacklevel=1)
        assert "hello" not in found.getvalue()
        assert "old" in found.getvalue()

    def test_afterwards_the_log_is_as_before(self) -> None:
        """Handlers and levels are put back."""
        root = logging.getLogger()
        before = [*root.handlers], root.level
        with log("DEBUG"):
            assert root.handlers != before[0]
        assert ([*root.handlers], root.level) == before

    def test_a_question_is_logged_without_its_words(self, answerer: Answerer) -> None:
        """The outcome and the time it took, and nothing of what was asked."""
        with log("DEBUG") as found:
            MeasuredAnswerer(answerer.story).reply("what happened to the bell?", TODAY)
        assert (
            "a question was answered outcome=answer milliseconds=" in found.getvalue()
        )
        assert "bell" not in found.getvalue()
