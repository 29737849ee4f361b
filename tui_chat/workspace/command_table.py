"""Every command of the program, once, for all front ends, and the search for the one that was typed.

Keys that only make sense inside one widget (editing the draft, moving in a list) are declared beside that widget.
"""

from collections.abc import Mapping
from typing import Final

from tui_chat.core.nearest import nearest
from tui_chat.core.sanitize import sanitize_line
from tui_chat.workspace.command import IN_PLAIN, ON_SCREEN, Argument, ArgumentKind, Command, Group, PlainForm
from tui_chat.workspace.front_end import FrontEnd

LONGEST_NAME: Final = 40

_MODEL: Final = Argument(ArgumentKind.MODEL, "MODEL")
_MODEL_ID: Final = Argument(ArgumentKind.MODEL, "ID")
_MODEL_WORDS: Final = Argument(ArgumentKind.MODEL, "WORDS")
_CONVERSATION: Final = Argument(ArgumentKind.CONVERSATION, "ID")
_CONVERSATION_WORDS: Final = Argument(ArgumentKind.CONVERSATION, "ID or WORDS")
_GATEWAY: Final = Argument(ArgumentKind.GATEWAY, "NAME")
_SETTING: Final = Argument(ArgumentKind.SETTING, "NAME")
_VALUE: Final = Argument(ArgumentKind.TEXT, "VALUE")
_TOOLS: Final = Argument(ArgumentKind.TOOLS, "again, allowed, changed, servers, off or on NAME, or WORDS")
_THEME: Final = Argument(ArgumentKind.THEME, "NAME")
_FORMAT: Final = Argument(ArgumentKind.FORMAT, "FORMAT", is_required=True)
_FILE: Final = Argument(ArgumentKind.FILE, "PATH", is_required=True)
_TARGET: Final = Argument(ArgumentKind.TARGET, "PATH")
_COPIED: Final = Argument(ArgumentKind.COPIED, "N, code, all")
_TOPIC: Final = Argument(ArgumentKind.TOPIC, "TOPIC")
_ATTACHED: Final = Argument(ArgumentKind.ATTACHED, "NAME")
_MESSAGE: Final = Argument(ArgumentKind.MESSAGE, "N")
_LABEL: Final = Argument(ArgumentKind.TEXT, "NAME")
_NUMBER: Final = Argument(ArgumentKind.TEXT, "N")
_NOTE: Final = Argument(ArgumentKind.TEXT, "TEXT", is_required=True)
_COMPACT: Final = Argument(ArgumentKind.TEXT, "WORDS or undo")
_MESSAGE_OR_SWITCH: Final = Argument(ArgumentKind.MESSAGE, "N, on or off")
_PART: Final = Argument(ArgumentKind.TEXT, "N")
_MOUSE: Final = Argument(ArgumentKind.CHOICE, "full, scroll or off")
_QUOTE: Final = Argument(ArgumentKind.CHOICE, "quote")
_VIEW: Final = Argument(ArgumentKind.CHOICE, "days, months, models, gateways, conversations or kinds")
_USD: Final = Argument(ArgumentKind.TEXT, "USD")
_TITLE: Final = Argument(ArgumentKind.TEXT, "NAME", is_required=True)
_TEXT: Final = Argument(ArgumentKind.TEXT, "TEXT")
_WORDS: Final = Argument(ArgumentKind.TEXT, "WORDS")

_PARAMETERS: Final = Argument(ArgumentKind.PARAMETER, "NAME=VALUE …")
_EFFORT: Final = Argument(ArgumentKind.EFFORT, "LEVEL")
_PRESET: Final = Argument(ArgumentKind.PRESET, "NAME")
_PROMPT: Final = Argument(ArgumentKind.PROMPT, "NAME")

_NO_EFFECT: Final = PlainForm("")

_WRITING: Final = (
    Command("editor", "External editor", "Write the draft in $VISUAL or $EDITOR; `/editor quote` adds the last answer.",
            Group.WRITING, keys="ctrl+g,leader ctrl+e", slash="editor", arguments=(_QUOTE,),
            plain=PlainForm("Write a message in $VISUAL or $EDITOR and send it.", ()), needs_session=False),
    Command("editor-quote", "External editor with the answer", "Write the draft in your editor below the last answer.",
            Group.WRITING, keys="alt+g", front_ends=ON_SCREEN, needs_session=False),
    Command("stash", "Stash or pop the draft", "Stash the draft, or with nothing written pop one.",
            Group.WRITING, keys="ctrl+s", front_ends=ON_SCREEN, needs_session=False),
    Command("stash-text", "Stash", "Stash the TEXT, or the draft, for any conversation.", Group.WRITING,
            slash="stash", arguments=(_TEXT,), plain=_NO_EFFECT, needs_session=False),
    Command("pop", "Pop a stashed draft", "Bring back a stashed draft; choose where there are more.", Group.WRITING,
            slash="pop", plain=_NO_EFFECT, needs_session=False),
    Command("queue", "Queued messages", "Edit, reorder, remove or send now the messages that wait.",
            Group.WRITING, keys="alt+q", slash="queue",
            plain=PlainForm("List the messages that wait for the end of the answer."), needs_session=False),
    Command("prompt", "Your own prompts", "Write one of your own prompts into the message; without NAME, choose one.",
            Group.WRITING, slash="prompt", arguments=(_PROMPT,),
            plain=PlainForm("Read out one of your own prompts, and send it; without NAME, choose one.")),
    Command("vim", "Vim's modes", "Switch vim's normal, insert and visual modes on or off.", Group.WRITING,
            slash="vim", plain=_NO_EFFECT, needs_session=False),
    Command("search-prompts", "Search prompt history", "Find a prompt that you sent.", Group.WRITING,
            keys="ctrl+r", front_ends=ON_SCREEN, needs_session=False),
)  # fmt: skip

_ANSWERS: Final = (
    Command("close", "Close or stop", "Close a list or the pane you are in; else stop the answer; else close the pane.",
            Group.ANSWERS, keys="escape", front_ends=ON_SCREEN, is_listed=False),
    Command("interrupt", "Stop, clear, quit", "Copy a selection; else stop; then clear the draft; twice quits.",
            Group.ANSWERS, keys="ctrl+c,super+c", front_ends=ON_SCREEN, needs_session=False, priority=True,
            is_listed=False),
    Command("stop", "Stop the answer", "Stop the answer; what arrived is kept.", Group.ANSWERS, slash="stop",
            plain=PlainForm("Stop the answer; what arrived is kept. Ctrl+C does the same.")),
    Command("retry", "Ask again", "Answer the last question again, by MODEL where one is given.", Group.ANSWERS,
            keys="leader a", slash="retry", arguments=(_MODEL,), needs_idle=True),
    Command("retry-by", "Ask another model", "Answer the last question again by a model that you choose.",
            Group.ANSWERS, front_ends=ON_SCREEN, needs_idle=True),
    Command("continue", "Continue", "Go on with an answer that was cut or stopped.", Group.ANSWERS,
            keys="leader c", slash="continue", arguments=(_MESSAGE,), needs_idle=True),
    Command("edit", "Edit", "Edit the last question, or message N; the old branch stays.",
            Group.ANSWERS, keys="leader e", slash="edit", arguments=(_MESSAGE,), needs_idle=True),
    Command("next-variant", "Next variant", "Show the next variant of the last message that has some.", Group.ANSWERS,
            front_ends=ON_SCREEN, needs_idle=True, is_listed=False),
    Command("previous-variant", "Variant before", "Show the variant before of the last message that has some.",
            Group.ANSWERS, front_ends=ON_SCREEN, needs_idle=True, is_listed=False),
    Command("variant", "Variants", "Show variant N of the last message that has some, else the next one.",
            Group.ANSWERS, slash="variant", arguments=(_NUMBER,), needs_idle=True),
    Command("mute", "Mute", "Do not send message N, the last one without N; once more sends it again.",
            Group.ANSWERS, slash="mute", arguments=(_MESSAGE,)),
    Command("pin", "Pin", "Always send message N, whatever a summary stands for; once more not.", Group.ANSWERS,
            slash="pin", arguments=(_MESSAGE,)),
    Command("delete-message", "Delete message", "Take message N out of sight, and do not send it; undo and the tree "
            "bring it back.", Group.ANSWERS, slash="delete", arguments=(_MESSAGE,), needs_idle=True),
    Command("facts", "Facts", "Show what is known of message N: model, parameters, tokens, cost, time, how it ended.",
            Group.ANSWERS, slash="facts", arguments=(_MESSAGE,)),
    Command("label-message", "Label", "Label message N with NAME, or take the label away; without NAME, a bookmark.",
            Group.ANSWERS, slash="label", arguments=(_MESSAGE, _LABEL)),
    Command("bookmark", "Bookmark", "Bookmark a message, or take the bookmark away.", Group.ANSWERS,
            front_ends=ON_SCREEN, is_listed=False),
    Command("label-as", "Label a message", "Label a message with a name.", Group.ANSWERS, front_ends=ON_SCREEN,
            is_listed=False),
    Command("note", "Note", "Add a message without asking for an answer; it goes with the next question.",
            Group.ANSWERS, slash="note", arguments=(_NOTE,), needs_idle=True),
    Command("compact", "Compact", "Send a summary in the place of older messages; undo sends them again.",
            Group.ANSWERS, slash="compact", arguments=(_COMPACT,), needs_idle=True),
    Command("tree", "Tree", "Show the whole conversation with its branches; go to any message.", Group.ANSWERS,
            keys="leader b", slash="tree"),
    Command("branch", "Branch", "Go to branch N, as /tree numbers them.", Group.ANSWERS, slash="branch",
            arguments=(_NUMBER,), needs_idle=True, front_ends=IN_PLAIN),
    Command("undo-deed", "Undo", "Take back what was done to messages last: muting, editing, going to a variant.",
            Group.ANSWERS, slash="undo", needs_idle=True),
    Command("reasoning", "Fold or unfold reasoning", "Show or hide the reasoning of models.", Group.ANSWERS,
            keys="ctrl+t", front_ends=ON_SCREEN),
    Command("read-reasoning", "Read reasoning", "Read the reasoning of message N, else of the last answer; "
            "with on or off, read it out while it arrives, or not.", Group.ANSWERS, slash="reasoning",
            arguments=(_MESSAGE_OR_SWITCH,), front_ends=IN_PLAIN),
)  # fmt: skip

_CONVERSATIONS: Final = (
    Command("new", "New chat", "Begin an empty conversation.", Group.CONVERSATIONS, keys="ctrl+n,leader n",
            slash="new", aliases=("clear",)),
    Command("resume", "Conversations", "Go to an open conversation, or open a saved one.", Group.CONVERSATIONS,
            keys="f7,leader r", slash="resume", arguments=(_CONVERSATION,), aliases=("history",),
            plain=PlainForm("Open a saved conversation, from a numbered list.", (_CONVERSATION_WORDS,))),
    Command("go-back", "Last conversation", "Go back to the conversation before; this one goes on.",
            Group.CONVERSATIONS, keys="leader ctrl+x", front_ends=ON_SCREEN),
    Command("conversation-at", "Conversation 1-9", "Go to the first to the ninth conversation of the list.",
            Group.CONVERSATIONS, keys=",".join(f"leader {number}" for number in range(1, 10)), front_ends=ON_SCREEN,
            is_listed=False, tells_key=True),
    Command("rename", "Rename", "Give this conversation a name.", Group.CONVERSATIONS, slash="rename",
            arguments=(_TITLE,)),
    Command("archive", "Archive", "Archive this conversation; once more brings it back.", Group.CONVERSATIONS,
            slash="archive"),
    Command("fork", "Fork", "Go on in a copy of this conversation, or of all up to message N.", Group.CONVERSATIONS,
            slash="fork", arguments=(_MESSAGE,)),
    Command("temporary", "Temporary chat", "Begin a chat that is never written to disk, or keep this one.",
            Group.CONVERSATIONS, slash="temporary", needs_idle=True),
    Command("system", "System prompt", "Set the system prompt; without TEXT, show it.",
            Group.CONVERSATIONS, slash="system", arguments=(_TEXT,)),
    Command("params", "Parameters", "Show the parameters, or change some: temperature=0.2 seed= takes seed away.",
            Group.CONVERSATIONS, slash="params", arguments=(_PARAMETERS,)),
    Command("effort", "Reasoning effort", "Set how much the model thinks; without LEVEL, choose.",
            Group.CONVERSATIONS, slash="effort", arguments=(_EFFORT,)),
    Command("next-effort", "Next reasoning effort", "Go on to the next level of reasoning effort.",
            Group.CONVERSATIONS, keys="alt+e", front_ends=ON_SCREEN),
    Command("preset", "Preset", "Ask with a preset of the settings; without NAME, choose one.", Group.CONVERSATIONS,
            slash="preset", arguments=(_PRESET,)),
    Command("messages", "Messages", "List the messages of this conversation by number.", Group.CONVERSATIONS,
            slash="messages", front_ends=IN_PLAIN),
    Command("read", "Read a message", "Read message N again, else the last.", Group.CONVERSATIONS, slash="read",
            arguments=(_MESSAGE,), front_ends=IN_PLAIN),
    Command("find", "Find", "Find words in this conversation.", Group.CONVERSATIONS, keys="ctrl+f,leader f",
            slash="find", arguments=(_WORDS,)),
    Command("search", "Search everything", "Search all conversations while you type.", Group.CONVERSATIONS,
            keys="f9,leader slash", slash="search", arguments=(_WORDS,),
            plain=PlainForm("Find WORDS in all conversations; a number opens one.")),
)  # fmt: skip

_PANES: Final = (
    Command("model", "Switch model", "Switch to the model with this ID; without it, choose one.", Group.PANES,
            slash="model", arguments=(_MODEL_ID,),
            plain=PlainForm("Switch to a model, by its id or from a numbered list.", (_MODEL_WORDS,))),
    Command("models", "Models", "Choose a model: prices and context on each row.", Group.PANES,
            keys="ctrl+l,leader m", slash="models", plain=PlainForm("Choose from the same list.", (_MODEL_WORDS,))),
    Command("next-model", "Next recent model", "Switch to the next recently used model.", Group.PANES,
            keys="f2", front_ends=ON_SCREEN),
    Command("tools", "Tool inspector", "Show tool calls, and decide about those that wait; allowed: what runs without "
            "asking, to take it back; off, on: switch tools in this chat; again: take a call again; changed, "
            "servers: about tool servers.",
            Group.PANES, keys="ctrl+o,leader o", slash="tools", arguments=(_TOOLS,)),
    Command("usage", "Usage", "Show what answers took and cost: in this chat, by day, month, model …", Group.PANES,
            keys="f3,leader u", slash="usage", arguments=(_VIEW,), aliases=("cost",),
            plain=PlainForm("Read what answers took and cost; with a word, what was spent by day, month, model …")),
    Command("budget", "Budget", "Set what may be spent in this conversation; day, month and answer have their own.",
            Group.PANES, slash="budget", arguments=(_USD,)),
    Command("theme", "Theme", "Switch to a theme; without NAME, choose with a preview.", Group.PANES, keys="leader t",
            slash="theme", arguments=(_THEME,), plain=_NO_EFFECT, needs_session=False),
    Command("page-up", "Page up", "Scroll up by a screen.", Group.PANES, keys="pageup", front_ends=ON_SCREEN),
    Command("page-down", "Page down", "Scroll down by a screen.", Group.PANES, keys="pagedown", front_ends=ON_SCREEN),
    Command("to-start", "To the start", "Scroll to the first message.", Group.PANES, keys="ctrl+home",
            front_ends=ON_SCREEN),
    Command("to-end", "To the end", "Scroll to the end and follow it.", Group.PANES, keys="ctrl+end",
            front_ends=ON_SCREEN),
)  # fmt: skip

_FILES: Final = (
    Command("save", "Save", "Save this conversation as Markdown, or as its ending says.", Group.FILES,
            keys="leader w", slash="save", arguments=(_TARGET,)),
    Command("export", "Export", "Export as markdown, html, text, json or jsonl; as parts what came beside words.",
            Group.FILES, slash="export", arguments=(_FORMAT, _TARGET)),
    Command("import", "Import", "Add the conversations in an export to the saved ones.", Group.FILES, slash="import",
            arguments=(_FILE,), needs_session=False),
    Command("open", "Open", "Open a picture, sound, file or source of the last answer with any, or its N-th.",
            Group.FILES, slash="open", arguments=(_PART,), front_ends=IN_PLAIN),
    Command("attach", "Attach a file", "Attach a file to the message; @PATH in the text does the same.", Group.FILES,
            slash="attach", arguments=(_FILE,)),
    Command("detach", "Detach files", "Remove all files from the message, or the one with this NAME.",
            Group.FILES, slash="detach", arguments=(_ATTACHED,)),
    Command("copy", "Copy", "Copy message N, else the last answer; `code N` its N-th code block, `all` everything.",
            Group.FILES, keys="leader y", slash="copy", arguments=(_COPIED,)),
)  # fmt: skip

_PROGRAM: Final = (
    Command("palette", "Command palette", "Find any command by name.", Group.PROGRAM, keys="ctrl+p,leader p",
            front_ends=ON_SCREEN, needs_session=False, is_listed=False),
    Command("help", "Help", "Show the manual, and every command and key.", Group.PROGRAM, keys="f1,leader h",
            slash="help", arguments=(_TOPIC,), aliases=("?",),
            plain=PlainForm("Show this list, or a page of the manual."), needs_session=False),
    Command("notices", "Notices", "Read the last notes that were shown.", Group.PROGRAM, keys="leader z",
            slash="notices", plain=_NO_EFFECT, needs_session=False),
    Command("keys", "Keys", "Show every key, and which of them this terminal sends; try one.", Group.PROGRAM,
            keys="leader k", slash="keys", plain=PlainForm("Show what the keys do."), needs_session=False),
    Command("settings", "Settings", "Show every setting and where it comes from, and change it; or NAME to VALUE.",
            Group.PROGRAM, keys="leader s", slash="settings", arguments=(_SETTING, _VALUE), aliases=("config",),
            needs_session=False),
    Command("connect", "Connect", "Connect to SolRouter, any compatible server, or a gateway of the settings.",
            Group.PROGRAM, slash="connect", arguments=(_GATEWAY,), needs_idle=True),
    Command("quit", "Quit", "Save and quit.", Group.PROGRAM, keys="ctrl+q,leader q", slash="quit",
            aliases=("exit", "q"), needs_session=False),
    Command("end-of-input", "Quit when empty", "Quit, where nothing is written.", Group.PROGRAM, keys="ctrl+d",
            front_ends=ON_SCREEN, needs_session=False, is_listed=False),
    Command("leader", "Leader", "Begin a pair of keys; after half a second, list what can follow.", Group.PROGRAM,
            keys="ctrl+x", front_ends=ON_SCREEN, needs_session=False, priority=True, is_listed=False),
    Command("mouse", "Mouse", "Use the mouse fully, to scroll only, or not at all; the terminal has the rest.",
            Group.PROGRAM, slash="mouse", arguments=(_MOUSE,), plain=_NO_EFFECT, needs_session=False),
    Command("redraw", "Draw anew", "Draw the whole screen anew, where something else wrote over it.", Group.PROGRAM,
            slash="redraw", plain=_NO_EFFECT, needs_session=False),
)  # fmt: skip

COMMANDS: Final[tuple[Command, ...]] = (*_WRITING, *_ANSWERS, *_CONVERSATIONS, *_PANES, *_FILES, *_PROGRAM)

_FOR: Final[Mapping[FrontEnd, tuple[Command, ...]]] = {
    FrontEnd.SCREEN: tuple(command for command in COMMANDS if FrontEnd.SCREEN in command.front_ends),
    FrontEnd.PLAIN: tuple(command.in_plain for command in COMMANDS if FrontEnd.PLAIN in command.front_ends),
}
_BY_NAME: Final[Mapping[FrontEnd, Mapping[str, Command]]] = {
    front_end: {name: command for command in commands if command.slash for name in (command.slash, *command.aliases)}
    for front_end, commands in _FOR.items()
}


def commands_for(front_end: FrontEnd) -> tuple[Command, ...]:
    """Commands of a front end, with the help and the arguments that they have there."""
    return _FOR[front_end]


def names_for(front_end: FrontEnd) -> Mapping[str, Command]:
    """Commands of a front end by slash name and alias."""
    return _BY_NAME[front_end]


def find_command(name: str, front_end: FrontEnd) -> Command | None:
    """Find the command with this slash name or alias, in any case; None where there is none."""
    return _BY_NAME[front_end].get(name.lower())


def nearest_name(name: str, front_end: FrontEnd) -> str:
    """Find the slash name that is most like a mistyped one; empty where none is."""
    names, wanted = _BY_NAME[front_end], name.lower()
    beginnings = [known for known in names if wanted and known.startswith(wanted)]
    return next(iter(beginnings), "") or nearest(wanted, names)


def unknown_command(name: str, front_end: FrontEnd) -> str:
    """Say that no command has this slash name, which one was likely meant, and what else can be done."""
    close = nearest_name(name, front_end)
    meant = f" Did you mean /{close}?" if close else ""
    shown = sanitize_line(name, LONGEST_NAME)
    return f"There is no command /{shown}.{meant} /help lists them; // sends the line as text."
