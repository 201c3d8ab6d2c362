"""What runs in git: the hooks and the workflows, as far as they can run here."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.arguments import Options, parser
from bot.publishing.change_report import MARK
from tests.conftest import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
HOOKS = [ROOT / ".pre-commit-config.yaml", ROOT / ".pre-commit-hooks.yaml"]
NAMES = {path.stem: path for path in WORKFLOWS}

GH = """#!/bin/bash
printf '%s\\n' "$*" >> calls
case "$*" in
  "run download"*) test -d handed && cp -RP handed comment ;;
  *"/pulls/7 "*) echo latest ;;
  *"--paginate"*) cat found ;;
esac
"""


def read(path: Path) -> Any:  # noqa: ANN401 - YAML has no shape of its own
    """A YAML file, every value as text."""
    return yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506


def steps(path: Path) -> list[dict[str, Any]]:
    """The steps of a workflow's jobs."""
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]


def commands() -> list[str]:
    """Each `receipts` command that a hook or a workflow runs."""
    scripts = [
        step["run"] for path in WORKFLOWS for step in steps(path) if "run" in step
    ]
    scripts.append(read(HOOKS[1])[0]["entry"])
    found = re.findall(r"(?:^|/)receipts ([^>|\n]*)", "\n".join(scripts), re.MULTILINE)
    return [one.strip() for one in found]


@pytest.mark.parametrize("command", commands())
def test_a_command_that_is_run_is_one_that_there_is(command: str) -> None:
    """Each command and each option of it can be typed."""
    typed = parser().parse_args(shlex.split(command), namespace=Options())
    assert typed.command in {"check", "evaluate", "diff"}


def test_an_image_is_published_for_a_version_only() -> None:
    """What builds it may write nothing; what publishes it takes it over, whole."""
    jobs = read(NAMES["image"])["jobs"]
    build, publish = jobs["build"]["steps"], jobs["publish"]["steps"]
    assert "permissions" not in jobs["build"]
    assert f"--name {build[-1]['with']['name']}\n" in publish[0]["run"]
    assert build[-1]["with"]["path"] in publish[0]["run"]
    assert "deploy/Containerfile" in build[1]["run"]
    for name, code in (("v1.2.3", 0), ("v1.2", 1), ("v1.2.3; ls", 1)):
        script = publish[0]["run"].split("\n")[0]
        command = ["bash", "-e", "-c", script]
        done = subprocess.run(command, env={"NAME": name}, check=False)
        assert done.returncode == code


def test_a_pull_request_runs_all_that_a_change_must_pass() -> None:
    """The workflow checks, evaluates and compares with what it would be merged into."""
    found = set(commands())
    assert {"check", "evaluate", "diff HEAD^1 --markdown"} <= found
    checkout = steps(NAMES["story"])[0]
    assert checkout["with"]["fetch-depth"] == "2"


@pytest.mark.parametrize("path", [*WORKFLOWS, *HOOKS], ids=lambda path: path.name)
def test_a_target_of_make_that_is_run_is_there(path: Path) -> None:
    """What `make` is told to make is in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"\bmake ([\w./-]+)", path.read_text(encoding="utf-8")):
        assert f"\n{target}:" in makefile


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_do_little(path: Path) -> None:
    """Rights are named, only one job may write, and nothing foreign is executed.

    Actions are pinned by their commit; what others choose reaches a script through its
    environment, never as a part of it.
    """
    workflow = read(path)
    assert workflow["permissions"] in ({"contents": "read"}, "", {})
    for job in workflow["jobs"].values():
        rights = job.get("permissions", {})
        assert set(rights.items()) <= {
            ("actions", "read"),
            ("packages", "write"),
            ("pull-requests", "write"),
        }
        is_foreign = any("uses" in step for step in job["steps"])
        assert not (rights and is_foreign)
        assert int(job["timeout-minutes"]) <= (120 if path.stem == "soak" else 20)
    for step in steps(path):
        assert "${{" not in step.get("run", "")
        if "uses" in step:
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"])
    assert "pull_request_target" not in path.read_text(encoding="utf-8")


def test_the_comment_follows_the_workflow_that_makes_it() -> None:
    """The names that one workflow calls the other's by are its names."""
    story, comment = read(NAMES["story"]), read(NAMES["story-comment"])
    assert comment["on"]["workflow_run"]["workflows"] == [story["name"]]
    uploaded = steps(NAMES["story"])[-1]["with"]["name"]
    script = steps(NAMES["story-comment"])[0]["run"]
    assert f"--name {uploaded} " in script
    assert f"mark='{MARK}'" in script


def comment(folder: Path, **handed: str) -> tuple[int, list[str]]:
    """Run the comment's script with a GitHub of our own; its code, and what it asks."""
    script = steps(NAMES["story-comment"])[0]["run"]
    gh = folder / "gh"
    gh.write_text(GH)
    gh.chmod(0o755)
    (folder / "found").write_text(handed.pop("found", ""))
    if handed:
        (folder / "handed").mkdir()
    for name, text in handed.items():
        (folder / "handed" / name.replace("_", ".")).write_text(text)
    done = subprocess.run(
        ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={
            "PATH": f"{folder}:/usr/bin:/bin",
            "RUN": "1",
            "REPOSITORY": "o/r",
            "COMMIT": "latest",
        },
        check=False,
        capture_output=True,
    )
    return done.returncode, (folder / "calls").read_text().splitlines()


needs_bash = pytest.mark.skipif(not shutil.which("bash"), reason="bash is missing")


@needs_bash
def test_the_first_comment_is_posted(tmp_path: Path) -> None:
    """Where there is no comment yet, one is made, of the text as it is, naming none."""
    told = f"{MARK}\n$(touch x) `x` @ann"
    code, calls = comment(tmp_path, number="7\n", comment_md=told)
    assert code == 0
    assert calls[-1].endswith("--field body=@body.md repos/o/r/issues/7/comments")
    assert (tmp_path / "body.md").read_text() == told.replace("@", "@\u200b")
    assert not (tmp_path / "x").exists()


@needs_bash
def test_a_later_comment_takes_the_place_of_the_first(tmp_path: Path) -> None:
    """The bot's own comment is changed, the first of them."""
    handed = {"number": "7\n", "comment_md": f"{MARK}\n"}
    code, calls = comment(tmp_path, found="11\n12\n", **handed)
    assert code == 0
    assert "--method PATCH" in calls[-1]
    assert calls[-1].endswith("repos/o/r/issues/comments/11")


@needs_bash
@pytest.mark.parametrize(
    ("handed", "code"),
    [
        ({}, 0),
        ({"number": "8\n", "comment_md": f"{MARK}\n"}, 0),
        ({"number": "../../x\n", "comment_md": f"{MARK}\n"}, 1),
        ({"number": "7\n", "comment_md": "Buy this\n"}, 1),
        ({"number": "7\n"}, 1),
    ],
    ids=["nothing", "another pull request", "no number", "not ours", "no text"],
)
def test_what_is_not_the_pull_requests_own_is_not_posted(
    handed: dict[str, str], code: int, tmp_path: Path
) -> None:
    """Nothing is posted under another pull request, or what is not our comment."""
    found, calls = comment(tmp_path, **handed)
    assert found == code
    assert not any("--method" in call for call in calls)


@needs_bash
def test_what_is_handed_on_cannot_point_elsewhere(tmp_path: Path) -> None:
    """A link in what was handed on is not followed."""
    (tmp_path / "secret").write_text(f"{MARK}\nsecret")
    (tmp_path / "handed").mkdir()
    (tmp_path / "handed" / "number").write_text("7")
    (tmp_path / "handed" / "comment.md").symlink_to("../secret")
    code, calls = comment(tmp_path)
    assert code == 1
    assert not any("--method" in call for call in calls)


def test_every_python_that_is_promised_is_tried() -> None:
    """The code's workflow runs all that a change must pass on each Python named."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    first, after = re.findall(r'requires-python = ">=3\.(\d+),<3\.(\d+)"', text)[0]
    job = read(NAMES["code"])["jobs"]["code"]
    promised = [f"3.{minor}" for minor in range(int(first), int(after))]
    assert job["strategy"]["matrix"]["python"] == promised
    assert job["steps"][-1]["run"] == ".ci/run"
    assert {"push", "pull_request"} <= set(read(NAMES["code"])["on"])


def test_a_hook_looks_at_all() -> None:
    """A hook is given no files: what one file breaks may be in another."""
    ours = read(HOOKS[0])["repos"][0]["hooks"]
    for hook in [*ours, *read(HOOKS[1])]:
        assert yaml.safe_load(hook["pass_filenames"]) is False
    for hook in (ours[0], *read(HOOKS[1])):
        assert re.search(hook["files"], "knowledge/story/facts/bell.yaml")
