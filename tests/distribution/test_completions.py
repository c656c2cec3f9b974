"""Completions know every command and option, and a shell completes with them."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from app.cli import program
from app.cli.registry import COMMANDS, Command
from app.cli.verbs import VerbCommand, verb_commands
from app.reports import reports
from distribution.completions import PLACES, completion
from distribution.reference import report_names

ROOT = Path(__file__).resolve().parents[2]
EVERY: dict[str, Command | VerbCommand] = {**COMMANDS, **verb_commands()}


@pytest.fixture(scope="module")
def bash(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("completions") / "terrier"
    file.write_text(completion("bash"), "utf-8")
    return file


def completed(script: Path, *words: str, folder: Path | None = None) -> set[str]:
    """What bash offers for the last of the words."""
    asked = " ".join(f"'{word}'" for word in ("terrier", *words))
    run = (
        f"source '{script}'; set -- $(complete -p terrier); while [ $# -gt 0 ]; do "
        f'[ "$1" = -F ] && function=$2; shift; done; COMP_WORDS=({asked}); COMP_CWORD={len(words)}; '
        f"$function terrier '{words[-1]}' '{('terrier', *words)[-2]}'; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", run], capture_output=True, text=True, check=True, cwd=folder or script.parent
    )
    return {line.rstrip() for line in done.stdout.splitlines() if line}


@pytest.mark.parametrize("shell", PLACES)
def test_every_command_and_option_is_known(shell: str) -> None:
    text = completion(shell)
    for name, command in EVERY.items():
        assert name in text
        for action in program.parser_for(command)._actions:
            for option in action.option_strings:
                assert (
                    f"-{'l' if option[1] == '-' else 's'} {option.lstrip('-')} " if shell == "fish" else option
                ) in text
    assert "main.py" not in text


def test_the_script_is_valid(bash: Path) -> None:
    assert subprocess.run(["bash", "-n", str(bash)], capture_output=True, text=True, check=True).stderr == ""


def test_bash_completes_commands_options_classes_and_reports(bash: Path) -> None:
    assert completed(bash, "") >= set(EVERY)
    assert completed(bash, "ha") == {"hand-over"}
    assert {"--db", "--json", "--version"} <= completed(bash, "--")
    for name, command in EVERY.items():
        options = {o for a in program.parser_for(command)._actions for o in a.option_strings}
        assert options <= completed(bash, name, "-"), name
    assert completed(bash, "list", "lap") == {"laptop"}
    assert completed(bash, "report", "dif") == {"difference"}
    assert completed(bash, "plugins", "al") == {"allow"}


def test_bash_completes_files(bash: Path, tmp_path: Path) -> None:
    (tmp_path / "assets.xlsx").touch()
    assert completed(bash, "import", "ass", folder=tmp_path) == {"assets.xlsx"}


def test_reports_are_found_without_being_loaded() -> None:
    assert sorted(report_names()) == sorted(reports())


def test_nothing_is_loaded_that_a_builder_lacks() -> None:
    code = (
        "import sys; from importlib import metadata; from pathlib import Path\n"
        "from distribution.made_files import make_files; import tempfile\n"
        "print(len(list(make_files(Path(tempfile.mkdtemp()), Path('.')))))\n"
        "tops = {name.partition('.')[0] for name in sys.modules}; known = metadata.packages_distributions()\n"
        "print(*{package.lower() for top in tops for package in known.get(top, ())})"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    count, loaded = done.stdout.splitlines()
    assert int(count) >= 1 + len(PLACES)
    builder = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    # Where they are installed, setuptools puts a hook of its own into every start, and msgspec loads typing_extensions.
    beside = {"setuptools", "typing_extensions"}
    assert set(loaded.split()) - beside <= {one.partition("==")[0].lower() for one in builder}
