"""What goes out of a conversation as a document, for every front end: chosen by words, in the look of the settings, and
without secrets where that is wanted."""

import re
from collections.abc import Collection
from typing import Final

from msgspec.structs import replace

from tui_chat.chat.services import Services
from tui_chat.transcripts.choosing import LOSSLESS
from tui_chat.transcripts.exporting import SUFFIXES, Choice, form_named
from tui_chat.transcripts.redacting import Redactor
from tui_chat.workspace.refusal import CommandRefused

FLAGS: Final = ("--redact", "--all", "--last", "--selection")


def choice_of(services: Services, form: str, *, redact: bool = False) -> Choice:
    """A whole conversation in this form; `redact` hides the keys that are known and what the settings name."""
    redactor = Redactor(services.secrets(), services.redact) if redact else None
    return Choice(form, redactor=redactor, themes=services.themes, theme=services.theme)


def choice_named(services: Services, arguments: str, selected: Collection[str]) -> tuple[Choice, str]:
    """What is meant by `html --last 4 --redact PATH`, and the path: `--redact` hides keys, `--all` takes every branch,
    `--last N` the end, `--selection` the messages that are `selected`.

    Raises:
        CommandRefused: there is no such form, or the words cannot be meant together.
    """
    name, _, rest = arguments.partition(" ")
    if (form := form_named(name)) is None:
        raise CommandRefused(f"Formats are {', '.join(SUFFIXES)} and parts: /export markdown [PATH]")
    choice, given = choice_of(services, form), list[str]()
    while (flag := rest.strip().partition(" ")[0]) in FLAGS:
        rest = rest.strip().removeprefix(flag)
        given.append(flag)
        match flag:
            case "--redact":
                choice = replace(choice, redactor=choice_of(services, form, redact=True).redactor)
            case "--all":
                choice = replace(choice, all_branches=True)
            case "--last":
                number = re.match(r"\s+([1-9][0-9]{0,8})(?=\s|$)", rest)
                if number is None:
                    raise CommandRefused("Say how many messages: /export markdown --last 4")
                choice, rest = replace(choice, last=int(number[1])), rest[number.end() :]
            case _:
                if not selected:
                    raise CommandRefused("Nothing is selected: select words with the mouse, or put the cursor there.")
                choice = replace(choice, only=frozenset(selected))
    ends = [flag for flag in given if flag != "--redact"]
    if len(ends) > 1:
        raise CommandRefused(f"{' and '.join(ends)} are not meant together; give one of them.")
    if ends and form in LOSSLESS and choice.all_branches is False:
        raise CommandRefused("json and jsonl always hold every message.")
    return choice, rest.strip()
