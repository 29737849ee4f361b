"""Standard streams as shells give them: closed, full, broken, or in an encoding that has not every letter."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.pty.pty_terminal import chat_command

ASK = ("ask", "--no-save", "hi")
C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def in_shell(program: Program, redirection: str, *words: str) -> subprocess.CompletedProcess[bytes]:
    command = ["sh", "-c", f'exec "$@" {redirection}', "sh", *chat_command(*words)]
    typed = b"hello\n" if words == ("--plain",) else b""
    return subprocess.run(command, input=typed, capture_output=True, env=program.env, timeout=60, check=False)


@pytest.mark.parametrize("words", [("--help",), ASK, ("--plain",)], ids=" ".join)
def test_output_that_cannot_be_written_is_said_in_one_line(program: Program, words: tuple[str, ...]) -> None:
    done = in_shell(program, ">/dev/full", *words)

    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"tui-chat: standard output cannot be written: No space left on device.\n"


def test_closed_output_is_said_too(program: Program) -> None:
    done = in_shell(program, ">&-", "config", "path")

    assert (done.returncode, done.stderr) == (1, b"tui-chat: standard output cannot be written: it is closed.\n")


@pytest.mark.parametrize(("redirection", "words"), [("2>&-", ASK), ("2>/dev/full", ASK), ("<&- 2>&-", ("--plain",))])
def test_notes_that_nobody_can_read_and_input_that_is_closed_end_nothing(
    program: Program, redirection: str, words: tuple[str, ...]
) -> None:
    done = in_shell(program, redirection, *words)

    assert done.returncode == 0
    assert done.stdout.strip()
    assert b"Traceback" not in done.stderr


def test_a_pipe_that_nobody_reads_ends_the_program_without_a_word(program: Program) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        chat_command("config"), stdout=writing, stderr=subprocess.PIPE, env=program.env, timeout=60, check=False
    )
    os.close(writing)

    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(("words", "more"), [(("models",), C_LOCALE), (ASK, {"PYTHONIOENCODING": "ascii"})])
def test_letters_that_the_shell_has_not_are_replaced(
    program: Program, words: tuple[str, ...], more: dict[str, str]
) -> None:
    done = program.run(*words, **more)

    assert done.returncode == 0
    assert done.stdout.isascii()
    assert "Traceback" not in done.stderr


def test_a_path_is_printed_harmless(tmp_path: Path) -> None:
    done = Program(tmp_path).run("config", "path", TUI_CHAT_HOME=f"{tmp_path}/\x1b[31m")

    assert done.stdout == f"{tmp_path}/␛[31m/config.toml\n"


def test_an_unknown_flag_is_repeated_harmless(program: Program) -> None:
    done = program.run("ask", "--x\x1b]0;pwned\x07")

    assert done.returncode == 2
    assert "␛]0;pwned␇" in done.stderr
    assert "\x1b" not in done.stderr
