"""Programs that are run for calls: what they get, what they can do, and that nothing of them stays."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.tools.programs import NoFetcher, is_alive, plan_of, python, run
from tui_chat.core.tool import Variable
from tui_chat.tools.runner import Runner

_SECRET = "a-token-that-nobody-else-knows-1234"


class Written:
    """What a program writes, waited for."""

    def __init__(self) -> None:
        self.text = ""
        self._more = asyncio.Event()

    def __call__(self, text: str) -> None:
        self.text += text
        self._more.set()

    async def words(self, count: int) -> list[str]:
        """All words, once there are as many lines of one."""
        async with asyncio.timeout(10):
            while self.text.count("\n") < count:
                await self._more.wait()
                self._more.clear()
        return self.text.split()


async def test_its_output_is_the_result_and_comes_as_it_is_written() -> None:
    outcome, written = await run(plan_of("echo", "hello there"))
    assert (outcome.content, outcome.is_error, outcome.ending) == ("hello there\n", False, "exit status 0")
    assert written == "hello there\n"


async def test_no_shell_looks_at_its_words() -> None:
    words = ("$HOME", "a b", "*", ";", "`id`", "$(id)", "'", '"', "\n", "é")
    outcome, _ = await run(plan_of(*python("import sys; print(ascii(sys.argv[1:]))"), *words))
    assert outcome.content.strip() == ascii(list(words))


async def test_its_arguments_are_json_on_its_standard_input() -> None:
    text = json.dumps({"text": "x" * 300_000})
    outcome, _ = await run(plan_of(*python("import sys, json; print(len(json.load(sys.stdin)['text']))"), stdin=text))
    assert outcome.content == "300000\n"


async def test_a_program_that_reads_nothing_and_closes_its_input_runs_all_the_same() -> None:
    outcome, _ = await run(plan_of("true", stdin="x" * 1_000_000))
    assert outcome.ending == "exit status 0"


async def test_a_failure_is_an_error_with_what_was_written() -> None:
    outcome, _ = await run(plan_of("sh", "-c", "echo no such thing >&2; exit 3"))
    assert (outcome.content, outcome.is_error, outcome.ending) == ("no such thing\n", True, "exit status 3")


@pytest.mark.parametrize(
    ("argv", "folder", "words"),
    [
        (("no-such-program-here",), "", "Not run: no-such-program-here cannot be started: No such file or directory."),
        (("true",), "/no/such/folder", "Not run: its folder /no/such/folder is not there."),
        (("/etc",), "", "Not run: /etc cannot be started: Permission denied."),
    ],
)
async def test_what_cannot_be_started_is_an_error_in_words(argv: tuple[str, ...], folder: str, words: str) -> None:
    outcome, _ = await run(plan_of(*argv, folder=folder))
    assert (outcome.content, outcome.is_error, outcome.ending) == (words, True, "not run")


async def test_it_works_in_an_empty_folder_of_its_own_which_is_gone_afterwards() -> None:
    code = "import os; print(os.getcwd()); print(os.listdir()); open('made', 'w').close()"
    outcome, _ = await run(plan_of(*python(code)))
    folder, listed = outcome.content.splitlines()
    assert listed == "[]"
    assert folder != os.getcwd()
    assert not Path(folder).exists()  # noqa: ASYNC240 - nothing else runs


async def test_a_chosen_folder_stays(tmp_path: Path) -> None:
    await run(plan_of("touch", "made", folder=str(tmp_path)))
    assert (tmp_path / "made").exists()


@pytest.fixture
def open_files(tmp_path: Path) -> Iterator[list[int]]:
    """Open files of ours that would be handed on if nobody took care."""
    file = os.open(tmp_path / "ours", os.O_CREAT | os.O_RDWR)
    reads, writes = os.pipe()
    opened = [file, reads, writes]
    for handle in opened:
        os.set_inheritable(handle, True)
    yield opened
    for handle in opened:
        os.close(handle)


async def test_nothing_of_ours_is_in_its_environment_its_words_or_its_open_files(
    monkeypatch: pytest.MonkeyPatch, open_files: list[int]
) -> None:
    ours = {"SOLROUTER_API_KEY": "sr_ours", "TUI_CHAT_HOME": "/ours", "MY_TOKEN": _SECRET, "LD_PRELOAD_": "x"}
    given = {"PATH": "/usr/bin:/bin", "HOME": "/h", "LANG": "C", "TERM": "dumb", "TMPDIR": "/tmp", "LC_ALL": "C"}
    for name, value in ours.items():
        monkeypatch.setenv(name, value)
    code = (
        "import os, sys, json\n"
        "env = open('/proc/self/environ').read().split('\\0')\n"
        "names = [n for n in os.listdir('/proc/self/fd') if n not in '012']\n"
        "own = [n for n in names if os.path.exists('/proc/self/fd/' + n)]\n"
        "print(json.dumps([sorted(filter(None, env)), own, os.getsid(0) == os.getpid(), os.isatty(0)]))\n"
    )
    outcome, _ = await run(plan_of(*python(code)), {**given, **ours})
    env, own, leads, is_terminal = json.loads(outcome.content)
    assert env == sorted(f"{name}={value}" for name, value in given.items() if name != "LC_ALL")
    assert own == []
    assert leads
    assert not is_terminal


async def test_what_the_definition_gives_is_there_and_is_hidden_in_what_comes_back() -> None:
    code = "import os; print(os.environ['MODE'], os.environ['TOKEN'])"
    plan = plan_of(*python(code), env=(("MODE", "fast"), ("TOKEN", Variable("MY_TOKEN"))))
    outcome, written = await run(plan, {"PATH": "/usr/bin:/bin", "MY_TOKEN": _SECRET})
    assert outcome.content == "fast [key hidden]\n"
    assert _SECRET not in written
    outcome, _ = await run(plan, {"PATH": "/usr/bin:/bin"})
    assert (outcome.content, outcome.is_error) == ("The variable MY_TOKEN is not set.", True)


async def test_who_takes_too_long_is_ended_and_what_was_written_is_kept() -> None:
    began = time.monotonic()
    outcome, _ = await run(plan_of("sh", "-c", "echo begun; sleep 60", timeout_s=0.3))
    assert (outcome.content, outcome.is_error) == ("begun\n", True)
    assert outcome.ending == "stopped after 0.3 s: it took too long"
    assert time.monotonic() - began < 5


HUNGRY = "import sys; sys.stdin.read(); print(len(bytearray(200 * 1024 * 1024)))"


async def test_a_process_that_wants_more_memory_than_it_may_have_does_not_get_it() -> None:
    outcome, _ = await run(plan_of(*python(HUNGRY), memory_mb=100))
    assert "MemoryError" in outcome.content
    assert outcome.ending == "exit status 1"


async def test_a_limit_of_memory_that_is_not_reached_is_none() -> None:
    outcome, _ = await run(plan_of(*python(HUNGRY), memory_mb=1000))
    assert outcome.content == f"{200 * 1024 * 1024}\n"


async def test_what_a_process_starts_has_the_same_limit_of_memory() -> None:
    code = f"import sys, subprocess; sys.stdin.read(); subprocess.run([sys.executable, '-Ic', {HUNGRY!r}], input=b'')"
    outcome, _ = await run(plan_of(*python(code), memory_mb=100))
    assert "MemoryError" in outcome.content


async def test_a_flood_takes_no_memory_and_ends() -> None:
    outcome, written = await run(plan_of(*python("while True: print('x' * 1000)"), limit_bytes=4096))
    assert outcome.ending == "stopped: it wrote more than 64 MB"
    assert outcome.is_error
    assert len(outcome.content) < 5000
    assert "bytes are left out here" in outcome.content
    assert len(written) <= 4096


async def test_beginning_and_end_of_much_output_are_kept() -> None:
    outcome, _ = await run(plan_of("seq", "100000", limit_bytes=1000))
    assert outcome.content.startswith("1\n2\n3\n")
    assert outcome.content.endswith("99999\n100000\n")
    assert not outcome.is_error


async def test_control_characters_are_harmless_as_they_are_written() -> None:
    _, written = await run(plan_of("printf", "\\033]0;title\\007\\n"))
    assert "\x1b" not in written
    assert "\x07" not in written


_FAMILY = """
bash -c 'set -m; sleep 300 & echo $!; wait' &
( trap '' TERM HUP INT; sh -c 'trap "" TERM; echo $$; sleep 300' ) &
setsid sh -c 'echo $$; sleep 300' &
sleep 300 & echo $!
wait
"""
"""Children in a group of their own, deaf to signals, in a session of their own, and plain."""


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="processes are looked up in /proc")
@pytest.mark.parametrize("how", ["stop", "timeout"])
async def test_grandchildren_go_with_it_within_a_second_whatever_they_ignore(how: str) -> None:
    written = Written()
    runner = Runner({"PATH": os.environ["PATH"]}, NoFetcher())
    plan = plan_of("bash", "-c", _FAMILY, timeout_s=2.0 if how == "timeout" else 60.0)
    running = asyncio.ensure_future(runner.run(plan, written))
    processes = [int(word) for word in await written.words(4)]
    assert all(map(is_alive, processes))
    if how == "stop":
        began = time.monotonic()
        running.cancel()
        await asyncio.wait((running,))
        assert running.cancelled()
        assert time.monotonic() - began < 1.0
    else:
        await running
    assert not any(map(is_alive, processes))


async def test_a_child_that_holds_the_output_open_does_not_hold_up_the_result() -> None:
    began = time.monotonic()
    outcome, _ = await run(plan_of("sh", "-c", "sleep 300 & echo $!"))
    assert outcome.ending == "exit status 0"
    assert time.monotonic() - began < 10
    assert not is_alive(int(outcome.content))


async def test_stopped_at_any_moment_nothing_of_it_stays(tmp_path: Path) -> None:
    runner = Runner({"PATH": "/usr/bin:/bin"}, NoFetcher())
    marker = str(tmp_path)  # in the words of each process, to be found by
    for steps in range(12):
        running = asyncio.ensure_future(runner.run(plan_of("sleep", "300", folder=marker), lambda _: None))
        for _ in range(steps):
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.wait((running,))

    def left() -> list[str]:
        found = []
        for name in filter(str.isdecimal, os.listdir("/proc")):
            with suppress(OSError):
                if os.readlink(f"/proc/{name}/cwd") == marker and is_alive(int(name)):
                    found.append(name)
        return found

    assert left() == []


async def test_arguments_that_a_daemon_will_never_read_are_given_up() -> None:
    code = (
        "import os, time, sys\nif os.fork(): os._exit(0)\nos.setsid()\nprint(os.getpid(), flush=True)\ntime.sleep(300)"
    )
    began, before = time.monotonic(), len(os.listdir("/proc/self/fd"))
    outcome, written = await run(plan_of(*python(code), stdin="x" * 1_000_000))
    assert outcome.ending == "exit status 0"
    assert time.monotonic() - began < 10
    await asyncio.sleep(0)
    assert len(os.listdir("/proc/self/fd")) == before
    for process in map(int, written.split()):  # it left on purpose, so nobody else finds it
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
