"""Every command of the program, once: bindings, palette, completion, help and the list of keys all read this table."""

from collections.abc import Mapping
from typing import Final

from tui_chat.ui.actions import answers, conversations, drafts, files, gateway, leaving, panes, reading, writing
from tui_chat.ui.command import Command, Group
from tui_chat.ui.composing.keys import KEYS
from tui_chat.ui.transcript.keys import VIEW_KEYS

COMMANDS: Final[tuple[Command, ...]] = (
    *KEYS,
    Command("editor", "External editor", "Write the draft in $VISUAL or $EDITOR; `quote` shows the last answer too.",
            Group.WRITING, writing.external_editor, keys="ctrl+g", slash="editor", arguments="[quote]",
            needs_session=False),
    Command("editor-quote", "External editor with the answer", "Write the draft with the last answer to look at.",
            Group.WRITING, writing.editor_with_answer, keys="alt+g", needs_session=False),
    Command("stash", "Stash or pop the draft", "Put away what is written, or with nothing written bring it back.",
            Group.WRITING, drafts.stash_or_pop, keys="ctrl+s", needs_session=False),
    Command("stash-text", "Stash", "Put the TEXT away for later, for any conversation.", Group.WRITING,
            drafts.stash, slash="stash", arguments="[TEXT]", needs_session=False, is_listed=False),
    Command("pop", "Pop a stashed draft", "Bring back what was stashed; a list where there is more.", Group.WRITING,
            drafts.pop, slash="pop", needs_session=False),
    Command("queue", "Waiting messages", "Change, reorder, remove or send now what waits for the answer's end.",
            Group.WRITING, drafts.queue, keys="alt+q", slash="queue", needs_session=False),
    Command("search-prompts", "Search earlier prompts", "Find a prompt you sent before.", Group.WRITING,
            writing.search_prompts, keys="ctrl+r", needs_session=False),
    Command("close", "Close or stop", "Close a list or the pane you are in; else stop the answer; else close the pane.",
            Group.ANSWERS, leaving.close, keys="escape"),
    Command("interrupt", "Stop, clear, quit", "Copy a selection; else stop; then clear the draft; twice quits.",
            Group.ANSWERS, leaving.interrupt, keys="ctrl+c,super+c", needs_session=False, priority=True),
    Command("stop", "Stop the answer", "Stop the answer; what arrived is kept.", Group.ANSWERS,
            answers.stop, slash="stop"),
    Command("retry", "Ask again", "Answer the last question once more, by MODEL where one is given.", Group.ANSWERS,
            answers.retry, slash="retry", arguments="[MODEL]", needs_idle=True),
    Command("edit", "Edit the last question", "Ask the last question differently; the old branch stays.",
            Group.ANSWERS, answers.edit, slash="edit", needs_idle=True),
    Command("reasoning", "Fold or unfold reasoning", "Show or hide what models thought.", Group.ANSWERS,
            panes.reasoning, keys="ctrl+t"),
    Command("new", "New chat", "Begin an empty conversation.", Group.CONVERSATIONS,
            conversations.new, keys="ctrl+n", slash="new", aliases=("clear",)),
    Command("resume", "Resume", "Open a saved conversation.", Group.CONVERSATIONS,
            conversations.resume, slash="resume", arguments="[ID]", aliases=("history", "continue")),
    Command("rename", "Rename", "Give this conversation a name.", Group.CONVERSATIONS,
            conversations.rename, slash="rename", arguments="NAME"),
    Command("fork", "Fork", "Go on in a copy of this conversation.", Group.CONVERSATIONS,
            answers.fork, slash="fork", needs_idle=True),
    Command("temporary", "Temporary chat", "Begin a chat that is never written to disk, or keep this one.",
            Group.CONVERSATIONS, conversations.temporary, slash="temporary", needs_idle=True),
    Command("system", "System prompt", "Set the system prompt; without TEXT, show it to be changed.",
            Group.CONVERSATIONS, conversations.system, slash="system", arguments="[TEXT]"),
    Command("find", "Find", "Find words in this conversation.", Group.CONVERSATIONS,
            reading.find, keys="ctrl+f", slash="find", arguments="[WORDS]"),
    *(
        Command(key.id, key.title, key.help, Group.READING, reading.in_transcript(key.action), keys=key.keys,
                is_local=True, is_listed=key.is_listed)
        for key in VIEW_KEYS
    ),
    Command("model", "Switch model", "Switch to the model with this ID; without it, choose one.", Group.PANES,
            panes.models, slash="model", arguments="[ID]"),
    Command("models", "Models", "Choose a model: prices and context on each row.", Group.PANES,
            panes.models, keys="ctrl+l", slash="models"),
    Command("next-model", "Next recent model", "Switch to the next of the models used lately.", Group.PANES,
            panes.next_model, keys="f2"),
    Command("tools", "Tool inspector", "See the tool calls and answer those that wait.", Group.PANES,
            panes.tools, keys="ctrl+o", slash="tools"),
    Command("usage", "Usage", "Tokens, cost and times of each answer.", Group.PANES,
            panes.usage, keys="f3", slash="usage", aliases=("cost",)),
    Command("theme", "Theme", "Switch to a theme; without NAME, choose with a preview.", Group.PANES,
            panes.theme, slash="theme", arguments="[NAME]", needs_session=False),
    Command("page-up", "Page up", "Scroll back by a screen.", Group.PANES, panes.scroll(-1), keys="pageup"),
    Command("page-down", "Page down", "Scroll on by a screen.", Group.PANES, panes.scroll(1), keys="pagedown"),
    Command("to-start", "To the start", "Scroll to the first message.", Group.PANES, panes.to_start,
            keys="ctrl+home"),
    Command("to-end", "To the end", "Scroll to the end and follow it.", Group.PANES, panes.to_end, keys="ctrl+end"),
    Command("save", "Save", "Save this conversation as Markdown.", Group.FILES,
            files.save, slash="save", arguments="[PATH]"),
    Command("export", "Export", "Export as markdown or json.", Group.FILES,
            files.export, slash="export", arguments="FORMAT [PATH]"),
    Command("attach", "Attach a file", "Let a file go along with the message; the same as writing @PATH.", Group.FILES,
            files.attach, slash="attach", arguments="PATH"),
    Command("detach", "Detach files", "Take files out of the draft again: all, or the one with this NAME.", Group.FILES,
            files.detach, slash="detach", arguments="[NAME]"),
    Command("copy", "Copy", "Copy the last answer, its N-th code block, or `all`.", Group.FILES,
            files.copy, slash="copy", arguments="[N|all]"),
    Command("palette", "Command palette", "Find any command by name.", Group.PROGRAM,
            gateway.palette, keys="ctrl+p", needs_session=False),
    Command("help", "Help", "The manual, and every command and key.", Group.PROGRAM,
            panes.help_page, keys="f1", slash="help", arguments="[TOPIC]", aliases=("?",), needs_session=False),
    Command("keys", "Keys", "Every key.", Group.PROGRAM,
            panes.keys, slash="keys", needs_session=False),
    Command("settings", "Settings", "Every setting, its value and where it comes from.", Group.PROGRAM,
            panes.settings, slash="settings", aliases=("config",), needs_session=False),
    Command("connect", "Connect", "Connect to SolRouter or any compatible server.", Group.PROGRAM,
            gateway.connect, slash="connect", needs_idle=True),
    Command("quit", "Quit", "Save and leave.", Group.PROGRAM,
            leaving.quit_program, slash="quit", aliases=("exit", "q"), needs_session=False),
    Command("end-of-input", "Quit when empty", "Leave, where nothing is written.", Group.PROGRAM,
            leaving.end_of_input, keys="ctrl+d", needs_session=False),
)  # fmt: skip

BY_ID: Final[Mapping[str, Command]] = {command.id: command for command in COMMANDS}
BY_SLASH: Final[Mapping[str, Command]] = {
    name: command for command in COMMANDS for name in (command.slash, *command.aliases) if name
}


def parse(text: str) -> tuple[Command | None, str, str]:
    """A line that begins with a slash, as its command, the name as typed, and the words after it."""
    name, _, arguments = text[1:].partition(" ")
    if "\n" in name:
        return None, name.split("\n")[0], ""
    return BY_SLASH.get(name.lower()), name, arguments.strip()
