"""Plain mode without a terminal: lines in, lines out, and a status that a script can rely on."""

import subprocess
from pathlib import Path

from tests.pty.pty_terminal import chat_command, environment


def piped(home: Path, url: str, typed: str, *words: str, model: str = "demo/guide") -> tuple[int, str]:
    env = environment(home, TERM="dumb", SOLROUTER_BASE_URL=url, SOLROUTER_API_KEY="sr_test_key_1234")
    done = subprocess.run(
        chat_command("--plain", "-m", model, *words), input=typed, env=env, capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_each_line_is_a_message_and_the_end_of_input_ends_it(tmp_path: Path, gateway_url: str) -> None:
    status, said = piped(tmp_path, gateway_url, "one\ntwo\\\nthree\n/messages\nfour\n", "zero")
    assert status == 0
    assert said.count("End of answer.") == 4
    for line in (
        "You: zero\n",
        "You: one\n",
        "You: two\\\nMore: three\n",
        "2. You: two three (just now)\n",
        "You: four\n",
    ):
        assert line in said


def test_the_status_is_that_of_the_last_answer(tmp_path: Path, gateway_url: str) -> None:
    assert piped(tmp_path, gateway_url, "/model demo/flaky\ndecline with 402\n")[0] == 4


def test_a_conversation_that_is_not_there_is_an_error(tmp_path: Path, gateway_url: str) -> None:
    status, said = piped(tmp_path, gateway_url, "hello\n", "-r", "nothere")
    assert status == 2
    assert "Saved conversations: " in said
    assert "You: hello" not in said


def test_a_conversation_goes_on_with_another_system_prompt(tmp_path: Path, gateway_url: str) -> None:
    piped(tmp_path, gateway_url, "hello\n")
    status, said = piped(tmp_path, gateway_url, "/system\n\n", "-c", "-s", "Be brief.")
    assert status == 0
    assert "Conversation: hello, 2 messages." in said
    assert "The system prompt is: Be brief." in said


def test_an_answer_that_was_cut_by_the_end_of_the_program_is_told_at_the_next_start(
    tmp_path: Path, gateway_url: str
) -> None:
    env = environment(tmp_path, TERM="dumb", SOLROUTER_BASE_URL=gateway_url, SOLROUTER_API_KEY="sr_test_key_1234")
    command = chat_command("--plain", "-m", "demo/writer", "2000 words")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, text=True) as program:
        assert program.stdout is not None
        assert any(line.startswith("Assistant") for line in program.stdout)
        program.kill()
    _, said = piped(tmp_path, gateway_url, "")
    assert "Cut when the program ended (/resume opens it): “2000 words”." in said


def test_a_temporary_chat_leaves_nothing(tmp_path: Path, gateway_url: str) -> None:
    status, said = piped(tmp_path, gateway_url, "hello\n/copy all\n", "--temporary")
    assert status == 0
    assert "nothing of it is written to disk" in said
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and b"hello" in file.read_bytes()]
