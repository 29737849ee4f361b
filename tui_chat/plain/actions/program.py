"""Commands about the program: help, what has no effect here, leaving."""

from typing import TYPE_CHECKING

from tui_chat import manual
from tui_chat.manual.quoting import found_text
from tui_chat.manual.search import Unanswered, look_up
from tui_chat.workspace.command import Group
from tui_chat.workspace.command_table import commands_for
from tui_chat.workspace.front_end import FrontEnd

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat

KEYS = """\
Enter sends. A backslash at the end of a line goes on in the next one.
A line with three quotes, \"\"\", begins a message of several lines; another one ends and sends it.
A paste of several lines is one message.
Ctrl+C stops the answer that is being written; at the prompt it clears the line; twice within a second it quits.
Ctrl+D on an empty line quits.
What you type while an answer is being written is sent after it. /stop and /quit work at once.
In a terminal that is not dumb: Up and Down recall earlier messages, Ctrl+R searches them, and the other keys of \
readline work.
In numbered choices: a number chooses, Enter shows more, words narrow the list, q or a command leaves."""


def help_page(chat: "Chat", topic: str) -> None:
    """List the commands, or read a page of the manual, or the section that answers a question."""
    pages = manual.pages()
    if topic:
        match look_up(topic, pages):
            case manual.Page() as page:
                chat.say(page.text.strip())
                return
            case Unanswered(()) as found:
                chat.say(found_text(found, pages))
            case found:
                chat.say(found_text(found, pages))
                return
    chat.say("What you type is sent to the model. What begins with a slash is a command:")
    # Help and quit come first: a person who has this read aloud may not wait for the end.
    for command in sorted(commands_for(FrontEnd.PLAIN), key=lambda command: command.group is not Group.PROGRAM):
        if command.help:
            name = f"/{command.slash} {command.usage}".rstrip()
            chat.say(f"{name}: {command.help}")
    chat.say("A line that begins with // is sent as text with one slash.")
    chat.say(f"Pages of the manual, each for /help TOPIC: {', '.join(page.slug for page in pages)}.")
    chat.say("A question finds the section that answers it: /help how do I quit")


def keys(chat: "Chat", _: str) -> None:
    """Say what each key does."""
    chat.say(KEYS)


def queue(chat: "Chat", _: str) -> None:
    """List the messages that wait; there are some only while an answer is being written."""
    chat.say_queue()


def theme(chat: "Chat", _: str) -> None:
    """Say that themes have no effect."""
    chat.say("Themes have no effect in plain mode: it writes no colours.")


def mouse(chat: "Chat", _: str) -> None:
    """Say that the mouse is the terminal's."""
    chat.say("The mouse has no effect in plain mode: it is the terminal's.")


def redraw(chat: "Chat", _: str) -> None:
    """Say that nothing is drawn."""
    chat.say("Plain mode draws no screen: its lines stand as they were said.")


def notices(chat: "Chat", _: str) -> None:
    """Say that nothing has to be kept."""
    chat.say("Notices stand above, where they were said.")


def vim(chat: "Chat", _: str) -> None:
    """Say how readline gets vi's keys."""
    chat.say("The keys here are readline's: `set editing-mode vi` in ~/.inputrc gives it those of vi.")


def stash(chat: "Chat", _: str) -> None:
    """Say that there is no stash."""
    chat.say("Drafts are stashed on the full screen only. Here, Ctrl+C clears a line and Up brings it back.")


def leave(chat: "Chat", _: str) -> None:
    """End the chat after this command."""
    chat.is_leaving = True
