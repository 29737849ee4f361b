"""Every command of plain mode, by the names that the screen's commands have; help and the nearest name come from here.

A test holds that no slash command of the screen is missing.
"""

import difflib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui_chat.plain.actions import answers, conversations, files, messages, models, program, tools

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat

Handler = Callable[["Chat", str], Awaitable[None] | None]


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be typed."""

    slash: str
    run: Handler
    help: str
    """Empty where it does nothing here but say so: then help leaves it out."""
    arguments: str = ""
    aliases: tuple[str, ...] = ()


COMMANDS: Final = (
    Command("help", program.help_page, "this list, or a page of the manual", "[TOPIC]", aliases=("?",)),
    Command("quit", program.leave, "save and leave", aliases=("exit", "q")),
    Command("stop", answers.stop, "stop the answer that is being written; Ctrl+C does the same"),
    Command("new", conversations.new, "begin an empty conversation", aliases=("clear",)),
    Command("model", models.model, "switch the model: by its id, or from a numbered list", "[WORDS]"),
    Command("models", models.model, "the same list", "[WORDS]"),
    Command("resume", conversations.resume, "open a saved conversation, from a numbered list", "[ID or WORDS]",
            aliases=("history", "continue")),
    Command("messages", messages.list_messages, "the messages of this conversation, numbered"),
    Command("read", messages.read, "read message N again, else the last", "[N]"),
    Command("reasoning", messages.reasoning, "read what the model thought before message N, else before the last "
            "answer; with on or off, read it out while it comes, or not", "[N, on or off]"),
    Command("find", messages.find, "find words in this conversation", "WORDS"),
    Command("retry", answers.retry, "ask the last question once more", "[MODEL]"),
    Command("edit", answers.edit, "ask the last question differently; the old branch stays"),
    Command("editor", answers.editor, "write a message in $VISUAL or $EDITOR and send it"),
    Command("fork", conversations.fork, "go on in a copy of this conversation"),
    Command("rename", conversations.rename, "give this conversation a name", "NAME"),
    Command("system", conversations.system, "set the system prompt; without TEXT, read it and change it", "[TEXT]"),
    Command("temporary", conversations.temporary, "begin a chat that is never written to disk, or keep this one"),
    Command("tools", tools.tools, "the tool calls; answer those that wait"),
    Command("usage", program.usage, "tokens, cost and times", aliases=("cost",)),
    Command("save", files.save, "save this conversation as Markdown", "[PATH]"),
    Command("export", files.export, "export as markdown or json", "FORMAT [PATH]"),
    Command("copy", files.copy, "copy the last answer, its N-th code block, or `all`", "[N or all]"),
    Command("attach", files.attach, "send a file along with your next message; @PATH in it does the same", "[PATH]"),
    Command("detach", files.detach, "send it without the files, or without one", "[NAME]"),
    Command("connect", program.connect, "connect to another gateway"),
    Command("settings", program.settings, "every setting, its value and where it comes from", aliases=("config",)),
    Command("keys", program.keys, "the keys"),
    Command("queue", program.queue, "what waits for the end of the answer that is being written"),
    Command("theme", program.theme, "", "[NAME]"),
    Command("mouse", program.mouse, "", "[full, scroll or off]"),
    Command("vim", program.vim, ""),
    Command("stash", program.stash, ""),
    Command("pop", program.stash, ""),
)  # fmt: skip

BY_NAME: Final[Mapping[str, Command]] = {
    name: command for command in COMMANDS for name in (command.slash, *command.aliases)
}


def find(name: str) -> Command | None:
    """The command with this name."""
    return BY_NAME.get(name.lower())


def nearest(name: str) -> str:
    """The name that is most like a mistyped one; empty where none is."""
    beginning = [known for known in BY_NAME if name and known.startswith(name.lower())]
    close = difflib.get_close_matches(name.lower(), BY_NAME, n=1)
    return next(iter([*beginning, *close]), "")
