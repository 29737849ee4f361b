"""Commands that open a pane, a picker or a page."""

from collections.abc import Awaitable

from tui_chat.core.model_query import is_search
from tui_chat.core.sanitize import sanitize_line
from tui_chat.settings.theme_files import AUTO
from tui_chat.ui import dialogs
from tui_chat.ui.commands.actions.settings import choose_theme
from tui_chat.ui.commands.context import CommandContext, Handler
from tui_chat.ui.keys.pane_keys import KEYS_PAGE
from tui_chat.workspace import verbs
from tui_chat.workspace.again_words import is_again
from tui_chat.workspace.refusal import CommandRefused
from tui_chat.workspace.tool_switches import is_switch, switch, to_switch


def models(context: CommandContext, words: str) -> Awaitable[None]:
    """Switch to a model by its id, at once, or choose one, of those that fit the words."""
    if not words:
        return context.panes.toggle_models()
    if is_search(words, context.conversation.services.catalog.known()):
        return context.panes.find_models(words)
    return context.models.switch(words)


async def next_model(context: CommandContext, _: str) -> None:
    """Switch to the model used before this one, and on around the recent ones."""
    await context.models.switch(verbs.next_recent_model(context.conversation))


async def tools(context: CommandContext, word: str) -> None:
    """Open or close the tool inspector; with words behind it, list what is allowed, switch tools, look at tool
    servers, or list the calls that fit the words."""
    match word.strip().lower():
        case _ if is_switch(word):
            await _switch(context, word)
        case _ if is_again(word):
            from tui_chat.ui.commands.actions.again import again  # only where a call is taken again

            await again(context, word)
        case "allowed":
            await _take_back(context)
        case "changed":
            await _look_at_changed(context)
        case "servers":
            await _look_at_servers(context)
        case "":
            await context.panes.toggle_tools()
        case words:
            await context.panes.seek_calls(words)


async def _switch(context: CommandContext, words: str) -> None:
    """Switch tools off or on; without a name, choose one."""
    session = context.conversation.session
    if choices := to_switch(session, words):
        page = dialogs.names(
            f"Tools of this chat: Enter switches one {words.strip()}", [(name, "") for name in choices]
        )
        if (chosen := await context.ask(page)) is None:
            return
        words = f"{words} {chosen}"
    context.note(await switch(session, words))


async def _take_back(context: CommandContext) -> None:
    """List what runs without asking, and take back what is chosen."""
    from tui_chat.workspace.allowed import NONE_ALLOWED, allowed_in  # only where tools run

    if not (allowed := await allowed_in(context.conversation.session)):
        raise CommandRefused(NONE_ALLOWED)
    page = dialogs.names("Runs without asking: Enter takes it back", [(words, "") for words in allowed])
    if (chosen := await context.ask(page)) is not None:
        context.note(await allowed[chosen]())


async def _look_at_changed(context: CommandContext) -> None:
    """List the tools that are off since a server has changed them, and show what is chosen, to be used again."""
    from tui_chat.workspace.tool_servers import NONE_CHANGED, accept, changed_in, changed_words  # only with servers

    services = context.conversation.services
    if not (changed := changed_in(services)):
        raise CommandRefused(NONE_CHANGED)
    page = dialogs.names("Changed by their servers: Enter shows what is new", [(words, "") for words in changed])
    if (chosen := await context.ask(page)) is None:
        return
    title = sanitize_line(chosen, 100)
    asked = dialogs.yes_or_no(title, changed_words(changed[chosen]), no="Leave it off", yes="Offer it to the model")
    if await context.ask(asked):
        context.note(accept(context.conversation, changed[chosen]))


async def _look_at_servers(context: CommandContext) -> None:
    """List the tool servers with how each stands, and show what the chosen one wrote, to be started anew."""
    from tui_chat.workspace.tool_servers import NO_SERVERS, log_words  # only with servers

    servers = context.conversation.services.servers
    if not (views := {view.name: view for view in servers.views}):
        raise CommandRefused(NO_SERVERS)
    page = dialogs.names(
        "Tool servers: Enter shows what one wrote", [(view.name, view.words) for view in servers.views]
    )
    if (chosen := await context.ask(page)) is None:
        return
    asked = dialogs.yes_or_no(f"Tool server {chosen}", log_words(views[chosen]), no="Leave it", yes="Start it anew")
    if await context.ask(asked):
        await servers.restart(chosen)
        context.note(f"{chosen} is being started.")


async def usage(context: CommandContext, view: str) -> None:
    """Open the board of usage with a view, or turn to that; without one, open or close the board."""
    await context.panes.toggle_usage(view)


def scroll(by: int) -> Handler:
    """Scroll the transcript by screens, whatever has the focus."""

    def run(context: CommandContext, _: str) -> None:
        context.transcript.action_page(by)

    return run


def to_start(context: CommandContext, _: str) -> None:
    """Go to the first message."""
    context.transcript.action_to_start()


def to_end(context: CommandContext, _: str) -> None:
    """Go to the end, and stay there while the answer grows."""
    context.transcript.action_follow()


def reasoning(context: CommandContext, _: str) -> None:
    """Fold or unfold reasoning."""
    context.transcript.toggle_reasoning()


async def theme(context: CommandContext, name: str) -> None:
    """Switch to a theme by its name, let it follow the terminal with `auto`, or choose one with a preview."""
    program = context.program
    allowed = (AUTO, *program.themes.names())
    if name and name not in allowed:
        raise CommandRefused(f"There is no theme {sanitize_line(name, 40)}. There are: {', '.join(allowed)}")
    chosen: str | None = name or await context.ask(dialogs.theme(program.themes, program.theme, program.wearing))
    if chosen:
        context.note(choose_theme(context, chosen))
    else:
        program.wearing.follow()  # which may have changed behind the dialog


async def help_page(context: CommandContext, topic: str) -> None:
    """Show the manual, and every command and key."""
    from tui_chat.terminal.arrival import find_arrival  # the first frame does without

    topic = topic or context.panes.help_page
    arrival = await find_arrival(is_kitty=context.program.tells_all_keys)
    await context.ask(dialogs.help_page(context.commands, context.own_keys, topic=topic, arrival=arrival))


async def keys(context: CommandContext, _: str) -> None:
    """Show every key."""
    await help_page(context, KEYS_PAGE)
