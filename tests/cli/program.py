"""The program as a command, in a home of its own."""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from tests.pty.pty_terminal import chat_command, environment
from tui_chat.cli.main import main

KEY = "sr_test_0123456789"


class Program:
    """Runs `tui-chat` in one home."""

    def __init__(self, home: Path, **more: str) -> None:
        self.home = home
        self.env = environment(home, **more)

    def run(self, *words: str, text: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            chat_command(*words), input=text, capture_output=True, text=True, env={**self.env, **more}, timeout=60,
            check=False,
        )  # fmt: skip

    def json(self, *words: str, text: str = "") -> object:
        return json.loads(self.run(*words, text=text).stdout)


class CalledProgram(Program):
    """The same program in this process: several times cheaper, and the same for what a command prints, returns and
    keeps. What becomes of its streams, its signals and its own exit status only a process shows."""

    def run(self, *words: str, text: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name in tuple(os.environ):
                patch.delenv(name)
            for name, value in {**self.env, **more}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
            try:
                status = main(words)
            except SystemExit as ended:
                status = int(ended.code or 0)
        return subprocess.CompletedProcess(words, status, out.getvalue(), err.getvalue())
