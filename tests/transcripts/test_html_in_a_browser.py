"""The HTML of a hostile conversation in a real Chromium: nothing runs, nothing is loaded, and the page's own policy has
nothing to refuse."""

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.transcripts.hostile_html import conversation
from tests.ui.gallery_states.sheets import find_browser
from tui_chat.core.tree import Tree
from tui_chat.transcripts.exporting import Choice, exported

TIMEOUT_S = 60
BROWSER = find_browser()


@contextmanager
def listener(asked: list[str]) -> Iterator[str]:
    """A server that writes down every request."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def visit(page: Path, folder: Path) -> str:
    """Open a page, and return what the browser's console said of it and the page as it became."""
    assert BROWSER
    command = [
        BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server",
        "--enable-logging=stderr", f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=3000", "--dump-dom",
        page.as_uri(),
    ]  # fmt: skip
    ended = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=True)
    console = "\n".join(line for line in ended.stderr.splitlines() if "CONSOLE" in line)
    return f"{console}\n{ended.stdout}"


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here")
def test_nothing_runs_and_nothing_is_loaded(tmp_path: Path) -> None:
    asked: list[str] = []
    with listener(asked) as url:
        page = tmp_path / "page.html"
        talk, nodes = conversation(url)
        page.write_text(exported(Choice("html"), talk, Tree(nodes)).text, encoding="utf-8")
        seen = visit(page, tmp_path)
    assert "</html>" in seen
    assert asked == []
    assert "CONSOLE" not in seen
    assert not re.search(r"<(?:script|iframe|svg|object|embed|form|link|base)\b", seen)


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here")
def test_the_policy_alone_would_refuse_what_is_hostile(tmp_path: Path) -> None:
    """The same page with the attacks written into it as they are: a second line of defence, and the proof that the
    browser would tell of it."""
    asked: list[str] = []
    with listener(asked) as url:
        page = tmp_path / "page.html"
        talk, nodes = conversation(url)
        attack = f"<script>fetch('{url}/hit')</script><img src='{url}/a.png'><p style='color:red' onclick='x'>x"
        text = exported(Choice("html"), talk, Tree(nodes[:1])).text.replace("</main>", f"{attack}</main>")
        page.write_text(text, encoding="utf-8")
        seen = visit(page, tmp_path)
    assert asked == []
    assert seen.count("Content Security Policy") >= 3
