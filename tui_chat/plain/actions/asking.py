"""Commands about how a model is asked: parameters, reasoning effort, presets, and prompts of one's own."""

from typing import TYPE_CHECKING

from tui_chat.core import fuzzy
from tui_chat.core.sanitize import sanitize, sanitize_line
from tui_chat.settings.parameters import DEFAULT
from tui_chat.settings.presets import NONE
from tui_chat.workspace import parameters
from tui_chat.workspace.own_prompts import OwnPrompt, begun

if TYPE_CHECKING:
    from tui_chat.plain.chat import Chat


async def params(chat: "Chat", pairs: str) -> None:
    """Change parameters, or say what each of them is."""
    if pairs:
        chat.say(await parameters.change(chat.session, pairs))
        return
    model = chat.session.conversation.model
    for row in parameters.rows(chat.session):
        takes = f" It takes {row.allowed}." if row.allowed and row.is_taken else ""
        chat.say(f"{parameters.row_words(row, model)}.{takes}")
    chat.say("/params temperature=0.2 changes one, /params temperature= takes it away.")


async def effort(chat: "Chat", level: str) -> None:
    """Set the reasoning effort, or choose it from a list."""
    session = chat.session
    if not level:
        parameters.check_effort(session)
        now = parameters.effort(session.conversation, session.services.sampling)
        chat.say(f"Reasoning effort is {sanitize_line(now, 40) or parameters.MODELS_OWN}.")
        choices = [each or DEFAULT for each in parameters.effort_choices(session)]
        chosen = chat.choose(choices, _effort_words)
        if chosen is None:
            return
        level = chosen
    chat.say(await parameters.set_effort(session, level))


def _effort_words(level: str) -> str:
    return f"{DEFAULT}, {parameters.MODELS_OWN}" if level == DEFAULT else sanitize_line(level, 40)


async def preset(chat: "Chat", name: str) -> None:
    """Use a preset, by its name or from a numbered list."""
    declared = chat.context.loaded.settings.preset
    if not name:
        if not declared:
            chat.say("The settings have no preset: a table like [preset.short] makes one.")
            return
        now = chat.session.conversation.preset
        chat.say(f"The preset is {sanitize_line(now, 64)}. Use:" if now else "No preset is in use. Use:")
        words = {each.name: f"{each.name}: {parameters.preset_words(each)}" for each in declared.values()}
        chosen = chat.choose([*declared, NONE], lambda each: words.get(each, "none: no preset"))
        if chosen is None:
            return
        name = chosen
    chat.say(await parameters.switch_preset(chat.conversation, declared, name))


async def prompt(chat: "Chat", words: str) -> None:
    """Fill in one of the person's own prompts, read it out, and send it where that is wanted."""
    own = chat.own_prompts
    name, _, rest = words.partition(" ")
    if name:
        chosen: OwnPrompt | None = own.named(name)
    elif listed := own.read():
        for problem in own.problems:
            chat.say(problem)
        chosen = chat.choose(
            listed, _row, lambda query: [each for _, each, _ in fuzzy.rank(query, listed, _row, fuzzy.Reach.WORDS)]
        )
    else:
        chat.say(own.none_words)
        return
    if chosen is None:
        return
    chosen, values = begun(chosen, rest.strip())
    for place in chosen.places:
        if place not in values:
            values[place] = chat.ask_line(f"{place}: ")
    text = chosen.filled(values)
    chat.say(f"The message:\n{sanitize(text)}")
    if chat.confirm("Send it?"):
        chat.remember(text)
        await chat.send(text)
    else:
        chat.say("Not sent.")


def _row(own: OwnPrompt) -> str:
    return f"{own.name}: {own.description}"
