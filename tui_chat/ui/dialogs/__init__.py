"""Dialogs over the chat: one a file, each imported when it is first opened.

A function here makes a dialog; whoever shows it awaits its answer. None has the name of a module beside it, which would
take its place once it is imported.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the functions below import it: nothing of it is needed before the first frame
    from collections.abc import Callable, Mapping, Sequence

    from tui_chat.chat.services import Gateway, Services
    from tui_chat.chat.session import Session
    from tui_chat.core.tree import Tree
    from tui_chat.settings.project import ProjectFile
    from tui_chat.settings.theme_files import Themes
    from tui_chat.terminal.arrival import Arrival
    from tui_chat.ui.dialogs.dialog import Dialog
    from tui_chat.ui.dialogs.history_acts import ListHost
    from tui_chat.ui.dialogs.history_picker import SearchAll
    from tui_chat.ui.dialogs.leaving import Leaving
    from tui_chat.ui.dialogs.notices import Said
    from tui_chat.ui.dialogs.settings_page import SettingsHost
    from tui_chat.ui.dialogs.stash_list import Choice
    from tui_chat.ui.dialogs.tree_page import TreeChoice
    from tui_chat.ui.keys.command import Led, OwnKeys, Taken
    from tui_chat.ui.theming.wearing import Wearing
    from tui_chat.workspace.budgets import Offered, WayOut
    from tui_chat.workspace.command import Command
    from tui_chat.workspace.connecting import Connector, Tried
    from tui_chat.workspace.conversation_list import ConversationList
    from tui_chat.workspace.conversations import Conversations
    from tui_chat.workspace.facts import Fact
    from tui_chat.workspace.model_switch import Switching
    from tui_chat.workspace.open_conversations import AtWork
    from tui_chat.workspace.search import Found, RecentSearches
    from tui_chat.workspace.stash import Stashed
    from tui_chat.workspace.switch_way import SwitchWay


def line(title: str, value: str = "", *, hint: str = "", verb: str = "take") -> "Dialog[str | None]":
    """Ask for one line; `verb` is what Enter does to it."""
    from tui_chat.ui.dialogs.prompt import LineDialog

    return LineDialog(title, value, hint=hint, verb=verb)


def text(title: str, value: str = "", *, hint: str = "", verb: str = "take") -> "Dialog[str | None]":
    """Ask for a text of several lines; `verb` is what becomes of it."""
    from tui_chat.ui.dialogs.prompt import TextDialog

    return TextDialog(title, value, hint=hint, verb=verb)


def yes_or_no(title: str, words: str, *, no: str, yes: str) -> "Dialog[bool]":
    """Ask a question with two answers, which begin with their verbs; `no` changes nothing."""
    from tui_chat.ui.dialogs.choice import either

    return either(title, words, no=no, yes=yes)


def unsaved(words: str) -> "Dialog[Leaving]":
    """Ask what becomes of conversations that cannot be saved, since the program ends."""
    from tui_chat.ui.dialogs.choice import Choice, ChoiceDialog
    from tui_chat.ui.dialogs.leaving import Leaving

    ways = (
        Choice("Stay", Leaving.STAY),
        Choice("Save to another place, then quit", Leaving.EXPORT),
        Choice("Quit all the same", Leaving.QUIT),
    )
    return ChoiceDialog("Not saved", f"{words}\nQuitting now would lose it.", ways, stays="stay")


def facts(read: "Callable[[], Sequence[Fact]]") -> "Dialog[None]":
    """Show the facts of a message. `read` gives them as they are then."""
    from tui_chat.ui.dialogs.message_facts import MessageFacts

    return MessageFacts(read)


def model_switch(asked: "Switching") -> "Dialog[SwitchWay]":
    """Ask whether to go on with a model that does not take all of the conversation."""
    from tui_chat.ui.dialogs.choice import Choice, ChoiceDialog

    ways = [Choice(words, way) for words, way in asked.ways]
    return ChoiceDialog(asked.title, "\n".join(asked.lines), ways, stays=asked.stays)


def still_at_work(running: "Sequence[str]") -> "Dialog[bool]":
    """Ask whether to stop what runs, one line each, since the program ends."""
    them = "it" if len(running) == 1 else "them"
    words = "\n".join((*running, f"Quitting stops {them}; what has arrived is kept."))
    return yes_or_no("Still at work", words, no="Stay", yes=f"Quit and stop {them}")


def over_budget(title: str, words: str, ways: "Sequence[Offered]") -> "Dialog[WayOut]":
    """Ask what becomes of a request that would go over a budget."""
    from tui_chat.ui.dialogs.choice import Choice, ChoiceDialog

    return ChoiceDialog(title, words, [Choice(each.words, each.way) for each in ways], stays="back to the draft")


def connecting(connector: "Connector", gateway: "Gateway") -> "Dialog[Tried]":
    """Ask for another gateway and connect to it."""
    from tui_chat.ui.dialogs.connect import ConnectDialog

    return ConnectDialog(connector, gateway)


def history(
    listed: "ConversationList",
    conversations: "Conversations",
    host: "ListHost",
    *,
    at_work: "Callable[[], Sequence[AtWork]]",
    now: "Callable[[], float]",
) -> "Dialog[str | SearchAll | None]":
    """Choose a conversation; its id, or words to look for in all texts. `now` gives seconds since the epoch, `at_work`
    the open ones as they stand."""
    from tui_chat.ui.dialogs.history_picker import HistoryPicker

    return HistoryPicker(listed, conversations, host, at_work=at_work, now=now)


def everything(
    services: "Services",
    recent: "RecentSearches",
    copy: "Callable[[str, str], None]",
    *,
    words: str = "",
    at: "Found | None" = None,
    has_deleted: bool = False,
) -> "Dialog[Found | None]":
    """Search all conversations. `copy` is given a text and what it is; `words` are searched for at first; one
    goes on `at` a result. `has_deleted`: conversations can be brought back in their list."""
    from tui_chat.ui.dialogs.search_listing import Listing
    from tui_chat.ui.dialogs.search_page import SearchPage

    return SearchPage(services, Listing(recent, has_deleted=has_deleted), copy, words=words, at=at)


def prompts(sent: "Sequence[str]") -> "Dialog[str | None]":
    """Choose an earlier prompt."""
    from tui_chat.ui.dialogs.prompt_search import PromptSearch

    return PromptSearch(sent)


def names(title: str, listed: "Sequence[tuple[str, str]]", *, current: str = "") -> "Dialog[str | None]":
    """Choose one of names, which come with a few words; `current` is the one in use."""
    from tui_chat.ui.dialogs.names_list import NamesList

    return NamesList(title, listed, current=current)


def parameters(session: "Session") -> "Dialog[None]":
    """Show and change the parameters of a conversation."""
    from tui_chat.ui.dialogs.parameters_board import ParametersBoard

    return ParametersBoard(session)


def tree(
    read: "Callable[[], tuple[Tree, str | None]]", now: "Callable[[], float]", *, opened: set[str], at: str = ""
) -> "Dialog[TreeChoice | None]":
    """Show every message on every branch. `read` gives the tree and the head as they are then."""
    from tui_chat.ui.dialogs.tree_page import TreePage

    return TreePage(read, now, opened=opened, at=at)


def stash(stashed: "Sequence[Stashed]", *, now: float, cursor: int = 0) -> "Dialog[tuple[Choice, Stashed] | None]":
    """Choose a stashed draft and what becomes of it. `now` is in seconds since the epoch."""
    from tui_chat.ui.dialogs.stash_list import StashList

    return StashList(stashed, now=now, cursor=cursor)


def theme(themes: "Themes", worn: str, wearing: "Wearing") -> "Dialog[str | None]":
    """Choose a theme with a preview, or that it follows the terminal; its name."""
    from tui_chat.ui.dialogs.theme_picker import ThemePicker

    return ThemePicker(themes, worn, auto=wearing.auto, is_auto=wearing.is_auto)


def help_page(
    commands: "Sequence[Command]", own_keys: "OwnKeys", *, topic: str = "", arrival: "Arrival | None" = None
) -> "Dialog[None]":
    """Show the manual and every command and key. `arrival` is None where nothing is known of the terminal."""
    from tui_chat.ui.dialogs.help import HelpScreen

    return HelpScreen(commands, own_keys, topic=topic, arrival=arrival)


def notices_page(notes: "Sequence[Said]") -> "Dialog[None]":
    """Show notes, the newest first."""
    from tui_chat.ui.dialogs.notices import Notices

    return Notices(notes)


def commands_list(
    commands: "Sequence[Command]",
    own_keys: "OwnKeys",
    used_last: "Sequence[str]",
    why_not: "Callable[[Command], str]",
) -> "Dialog[Taken | None]":
    """Choose a command, to be run or written out. `used_last` are ids, `why_not` says what keeps one from being run."""
    from tui_chat.ui.dialogs.palette import Palette

    return Palette(commands, own_keys, used_last, why_not)


def leading(label: str, followers: "Mapping[str, Command]", own_keys: "OwnKeys") -> "Dialog[Led | str | None]":
    """Wait for the key that completes a pair; its label where it completes none. `label` is the key that began it."""
    from tui_chat.ui.dialogs.leader import LeaderScreen

    return LeaderScreen(label, followers, own_keys)


def settings(host: "SettingsHost", *, at: str = "") -> "Dialog[None]":
    """Show every setting, and change them; the cursor begins on the setting `at`."""
    from tui_chat.ui.dialogs.settings_page import SettingsPage

    return SettingsPage(host, at=at)


def project(found: "ProjectFile") -> "Dialog[bool]":
    """Ask whether a project file counts, with all that it brings along."""
    from tui_chat.ui.dialogs.choice import either

    told = (
        f"Always ignored: {problem.key or 'the file'}{f' (line {problem.line})' if problem.line else ''}:"
        f" {problem.message}."
        for problem in found.problems
    )
    return either(
        "Use the settings of this folder?",
        f"{found.path} sets, for whoever works here:",
        quoted=found.words,
        further="\n".join(told),
        no="Ignore them",
        yes="Use them until they change",
    )


def paste(pasted: str) -> "Dialog[None]":
    """Show a long paste."""
    from tui_chat.ui.dialogs.paste_view import PasteView

    return PasteView(pasted)
