"""The demo gateway as other clients meet it: another process, a real socket."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tui_chat.demo.serve import serve


@contextmanager
def served(speed: float = 0.0) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The base URL and the process, which is ended afterwards if it still runs."""
    program = [sys.executable, "-c", f"from tests.demo import served; served.main({speed})"]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdout is not None
        base_url = process.stdout.readline().strip()
        try:
            yield base_url, process
        finally:
            process.kill()


def main(speed: float) -> None:
    """Serve on a free port and say where."""
    raise SystemExit(serve(0, lambda base_url: print(base_url, flush=True), speed))
