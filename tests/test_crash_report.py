"""What nobody caught: told in words, with a report, and without a key."""

import asyncio
import logging
import sys
import threading
from pathlib import Path

import pytest

from tui_chat import crash_report
from tui_chat.settings.secret_key import SecretKey

KEY = "aB3dE5gH7jK9mN1pQ3sT5vW7"


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The hooks, for one test; gives the folder of the reports."""
    monkeypatch.setenv("TUI_CHAT_HOME", str(tmp_path))
    for owner, name in (
        (sys, "excepthook"),
        (sys, "unraisablehook"),
        (threading, "excepthook"),
        (logging, "lastResort"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    SecretKey(KEY)
    crash_report.watch()
    return tmp_path


def crash() -> Exception:
    try:
        raise ValueError(f"cannot send {KEY} \x1b[31m")
    except ValueError as error:
        return error


def assert_told(folder: Path, told: str) -> None:
    (report,) = folder.glob("crash-*.txt")
    assert "broke: ValueError: cannot send [key hidden] ␛[31m" in told
    assert str(report) in told
    assert "Traceback" not in told
    assert "Traceback" in report.read_text()
    assert KEY not in told + report.read_text()


def test_a_crash_is_told_in_words_and_without_the_key(watched: Path, capsys: pytest.CaptureFixture[str]) -> None:
    error = crash()
    sys.excepthook(type(error), error, error.__traceback__)

    assert_told(watched, capsys.readouterr().err)


def test_an_error_in_a_thread_is_told_in_the_same_way(watched: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> None:
        raise ValueError(f"cannot send {KEY} \x1b[31m")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert_told(watched, capsys.readouterr().err)


def test_an_error_while_an_object_is_put_away_is_told_in_the_same_way(
    watched: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken:
        def __del__(self) -> None:
            raise ValueError(f"cannot send {KEY} \x1b[31m")

    del Broken().__dict__

    assert_told(watched, capsys.readouterr().err)


def test_what_a_library_logs_of_an_error_is_told_in_the_same_way(
    watched: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logger = logging.getLogger("asyncio")
    monkeypatch.setattr(logger, "propagate", False)  # or the handlers of the test run take it
    loop = asyncio.new_event_loop()
    loop.call_exception_handler({"message": "Task exception was never retrieved", "exception": crash()})
    loop.close()

    assert_told(watched, capsys.readouterr().err)


def test_a_crash_of_which_no_report_can_be_written_is_told_all_the_same(
    watched: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUI_CHAT_HOME", "/dev/null/no")
    error = crash()
    sys.excepthook(type(error), error, error.__traceback__)

    assert "No report could be written." in capsys.readouterr().err
