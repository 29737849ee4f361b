"""`tui-chat ask`: a question from the command line, its files, and standard input."""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from tui_chat.ask.run import INTERRUPTED, Question, ask, refuse
from tui_chat.chat.json_schema import fault_of_schema
from tui_chat.cli.arguments import AskArguments
from tui_chat.cli.loading import load_to_ask, preset_or_refuse
from tui_chat.cli.running import run_work
from tui_chat.cli.wrong_use import WrongUse
from tui_chat.core.decoding import decode_text
from tui_chat.core.errors import AttachmentError, FileError, QuestionError, SettingsError
from tui_chat.core.figures import bound
from tui_chat.core.jsonvalue import JsonObject, parse_json
from tui_chat.core.parts import Given, user_message
from tui_chat.core.request import Sampling
from tui_chat.core.sanitize import sanitize_line
from tui_chat.regular_files import expanded, read_whole
from tui_chat.settings.command_line import CommandLine
from tui_chat.settings.parameters import with_parameter
from tui_chat.settings.presets import Preset
from tui_chat.wiring.root import Wiring
from tui_chat.workspace.attachments import LIMIT_BYTES, read_attachment
from tui_chat.workspace.opening import Opening

_UNSAVED = 1
"""Exit status of a complete answer that was to be saved and could not be."""
_LONGEST_MESSAGE = 1000


def run_ask(line: CommandLine, arguments: AskArguments) -> int:
    """Ask, print the answer, and return the exit status."""
    try:
        wiring, preset = _loaded(line, arguments)
    except WrongUse as wrong:
        if arguments.form == "plain":
            raise
        return write_refused(wrong, arguments.form, model=arguments.model)
    try:
        with _told_to_stop():
            question = _question(arguments, preset, is_temporary=wiring.is_temporary)
        services = wiring.services()
    except _Stopped as stopped:
        refuse(INTERRUPTED, arguments.form, sys.stdout, sys.stderr, model=arguments.model)
        return 128 + stopped.number
    except (AttachmentError, SettingsError) as error:
        return refuse(error.failure, arguments.form, sys.stdout, sys.stderr, model=arguments.model)
    status = run_work(services, ask(services, question, arguments.form, sys.stdout, sys.stderr))
    is_unkept = not wiring.can_keep and not arguments.no_save  # which was said before the answer
    return status or (_UNSAVED if is_unkept else 0)


class _Stopped(BaseException):
    """A signal came while the question was read; nobody on the way takes it for an error."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def _told_to_stop() -> Iterator[None]:
    """Let signals that end programs raise `_Stopped`: standard input may be waited for."""

    def stop(number: int, _: object) -> None:
        raise _Stopped(number)

    before = {
        number: signal.signal(number, stop)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(number) is not signal.SIG_IGN  # as nohup has it
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def write_refused(wrong: WrongUse, form: str, *, model: str = "") -> int:
    """Write that this was wrong use in the form that was chosen, and return the exit status."""
    message = sanitize_line(wrong.message, _LONGEST_MESSAGE)
    failure = QuestionError(message, "`tui-chat ask --help` shows what is allowed.").failure
    return refuse(failure, form, sys.stdout, sys.stderr, model=model)


def _loaded(line: CommandLine, arguments: AskArguments) -> tuple[Wiring, Preset | None]:
    """The settings, and the preset to ask with.

    Raises:
        WrongUse: a flag has a value that is not allowed, or the user's file cannot be read; a message has been
            printed.
    """
    wiring = load_to_ask(line)
    is_new = not (arguments.resume_id or arguments.continue_latest)
    return wiring, preset_or_refuse(wiring, arguments.preset, is_new=is_new)


def _question(arguments: AskArguments, preset: Preset | None, *, is_temporary: bool) -> Question:
    """Make the question of the words, then standard input, then the files.

    Raises:
        QuestionError: there is nothing to ask, or a word may be meant as a file.
        AttachmentError: a file cannot be attached.
    """
    _check_files(arguments)
    texts = [text for text in (" ".join(arguments.prompt), _piped()) if text.strip()]
    files = tuple(map(_attached, arguments.files))
    if not texts and not files:
        raise QuestionError("There is nothing to ask.", "Give a prompt, a file with -f, or text on standard input.")
    return Question(
        message=user_message("\n\n".join(texts), files),
        opening=Opening(
            resume_id=arguments.resume_id,
            continue_latest=arguments.continue_latest,
            is_temporary=arguments.no_save or is_temporary,
            is_billed=not is_temporary,
            model=arguments.model,
            system=arguments.system,
            preset=preset,
            sampling=_sampling(arguments),
        ),
        timeout_s=arguments.timeout_s,
        max_cost_usd=arguments.max_cost_usd,
        is_over_budget=arguments.over_budget,
        allowed=arguments.allowed,
        denied=arguments.denied,
        max_rounds=arguments.max_rounds,
        schema=_schema(arguments.schema) if arguments.schema else None,
    )


def _schema(name: str) -> JsonObject:
    """The JSON Schema of a file.

    Raises:
        QuestionError: it cannot be read, or is none.
    """
    advice = "Give --schema a file with a JSON Schema, an object."
    try:
        value = parse_json(read_whole(expanded(name), LIMIT_BYTES).decode("utf-8-sig"))
    except FileError as error:
        raise QuestionError(f"--schema: {name} cannot be read: {error.strerror}.", advice) from None
    except json.JSONDecodeError as error:
        raise QuestionError(f"--schema: {name}, line {error.lineno}: not JSON: {error.msg}.", advice) from None
    except UnicodeDecodeError:
        raise QuestionError(f"--schema: {name} is not JSON that can be read.", advice) from None
    except ValueError as error:
        raise QuestionError(f"--schema: {name}: not JSON: {error}.", advice) from None
    if not isinstance(value, dict):
        raise QuestionError(f"--schema: {name} is no JSON Schema: not an object.", advice)
    if fault := fault_of_schema(value):
        raise QuestionError(f"--schema: {name}: {fault}", advice)
    return value


def _sampling(arguments: AskArguments) -> Sampling:
    """The parameters of `--param`, of which the last one of a name counts."""
    sampling = Sampling()
    for name, value in arguments.params:
        sampling = with_parameter(sampling, name, json.loads(value))
    return sampling


def _attached(path: str) -> Given:
    """The file as a part that goes by its name alone; whatever is wrong with it is said of the path as it was given."""
    return replace(read_attachment(Path(path), path), name=Path(path).name or path)


def _check_files(arguments: AskArguments) -> None:
    """Refuse file names among the words of the prompt: `-f` takes one, and a shell's `*` may have given more."""
    if arguments.files and len(arguments.prompt) > 1:
        for word in arguments.prompt:
            if Path(word).is_file():
                raise QuestionError(
                    f"{word} is a file, but stands among the words of the prompt.",
                    "Give each file its own -f, or put the prompt into quotes.",
                )


def _piped() -> str:
    """Read standard input; empty where it is a terminal.

    Raises:
        QuestionError: it is too large.
    """
    if sys.stdin.isatty():
        return ""
    piped = sys.stdin.buffer.read(LIMIT_BYTES + 1)
    if len(piped) > LIMIT_BYTES:
        raise QuestionError(f"Standard input is larger than {bound(LIMIT_BYTES)}.", "Ask about less at a time.")
    return decode_text(piped).rstrip("\r\n")
