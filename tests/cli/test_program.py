"""The program as a command: help on every level, wrong use, and what it needs."""

import os
import subprocess
import sys

import pytest

from tests.cli.program import Program


def test_a_wrong_flag_is_wrong_use(program: Program) -> None:
    assert program.run("ask", "hi", "--base-url", "ftp://x").returncode == 2
    assert program.run("ask", "--nonsense").returncode == 2


@pytest.mark.parametrize("words", [(), ("ask",), ("models",), ("history",), ("history", "show"), ("usage",), ("demo",)])
def test_help_stands_on_every_level(program: Program, words: tuple[str, ...]) -> None:
    done = program.run(*words, "--help")
    assert done.returncode == 0
    assert "usage: tui-chat" in done.stdout


def test_options_may_stand_before_the_command(program: Program) -> None:
    assert program.run("-m", "demo/fast", "ask", "hi").returncode == 0


def test_the_chat_without_a_terminal_says_what_to_use(program: Program) -> None:
    done = program.run("hello")
    assert done.returncode == 2
    assert "tui-chat ask" in done.stderr


def test_the_module_and_the_command_are_the_same_program() -> None:
    done = subprocess.run([sys.executable, "-m", "tui_chat", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("tui-chat ")
    assert os.linesep in done.stdout
