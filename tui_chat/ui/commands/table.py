"""The commands of the screen: the shared table, the keys of its widgets, and the handler of each."""

from collections.abc import Mapping
from typing import Final

from tui_chat.ui.commands.actions import (
    answers,
    asking,
    budget,
    conversations,
    drafts,
    files,
    gateway,
    leading,
    leaving,
    messages,
    panes,
    reading,
    settings,
    tree,
    writing,
)
from tui_chat.ui.commands.context import Handler
from tui_chat.ui.composing.keys import KEYS
from tui_chat.ui.keys.pane_keys import PANE_KEYS
from tui_chat.ui.transcript.keys import VIEW_ACTIONS, VIEW_KEYS
from tui_chat.workspace import shaping
from tui_chat.workspace.command import Command, FrontEnd
from tui_chat.workspace.command_table import commands_for

COMMANDS: Final[tuple[Command, ...]] = (*KEYS, *commands_for(FrontEnd.SCREEN), *VIEW_KEYS, *PANE_KEYS)
BY_ID: Final[Mapping[str, Command]] = {command.id: command for command in COMMANDS}

HANDLERS: Final[Mapping[str, Handler]] = {
    "editor": writing.external_editor,
    "editor-quote": writing.editor_with_answer,
    "stash": drafts.stash_or_pop,
    "stash-text": drafts.stash,
    "pop": drafts.pop,
    "queue": drafts.queue,
    "vim": writing.vim,
    "prompt": asking.prompt,
    "params": asking.params,
    "effort": asking.effort,
    "next-effort": asking.next_effort,
    "preset": asking.preset,
    "search-prompts": writing.search_prompts,
    "close": leaving.close,
    "interrupt": leaving.interrupt,
    "stop": answers.stop,
    "retry": answers.retry,
    "retry-by": answers.retry_by,
    "continue": answers.continue_answer,
    "compact": answers.compact,
    "edit": messages.edit,
    "next-variant": messages.turning(1),
    "previous-variant": messages.turning(-1),
    "variant": messages.variant,
    "mute": messages.marking(shaping.toggle_muted),
    "pin": messages.marking(shaping.toggle_pinned),
    "bookmark": messages.marking(shaping.toggle_bookmark),
    "label-message": messages.label,
    "label-as": messages.label_as,
    "note": messages.note,
    "undo-deed": messages.undo,
    "tree": tree.tree,
    "reasoning": panes.reasoning,
    "new": conversations.new,
    "resume": conversations.resume,
    "go-back": conversations.back,
    "conversation-at": conversations.at,
    "search": conversations.search,
    "rename": conversations.rename,
    "archive": conversations.archive,
    "fork": messages.fork,
    "temporary": conversations.temporary,
    "system": conversations.system,
    "find": reading.find,
    "model": panes.models,
    "models": panes.models,
    "next-model": panes.next_model,
    "tools": panes.tools,
    "usage": panes.usage,
    "budget": budget.budget,
    "theme": panes.theme,
    "page-up": panes.scroll(-1),
    "page-down": panes.scroll(1),
    "to-start": panes.to_start,
    "to-end": panes.to_end,
    "save": files.save,
    "export": files.export,
    "import": files.import_,
    "attach": files.attach,
    "detach": files.detach,
    "copy": files.copy,
    "palette": gateway.palette,
    "notices": gateway.notices,
    "help": panes.help_page,
    "keys": panes.keys,
    "settings": settings.settings,
    "connect": gateway.connect,
    "quit": leaving.quit_program,
    "end-of-input": leaving.end_of_input,
    "leader": leading.lead,
    "mouse": leading.mouse,
    "redraw": leading.redraw,
    **{id_: reading.in_transcript(action) for id_, action in VIEW_ACTIONS.items()},
}
"""Handlers by command id; a command that only its widget runs by key has none."""
