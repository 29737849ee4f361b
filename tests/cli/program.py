"""The program as a command, in a home of its own."""

import json
import subprocess
from pathlib import Path

from tests.pty.pty_terminal import chat_command, environment

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
