"""Commands about how a model is asked: parameters, reasoning effort, presets, and prompts of one's own."""

from tui_chat.settings.parameters import DEFAULT
from tui_chat.settings.presets import NONE
from tui_chat.ui import dialogs
from tui_chat.ui.commands.context import CommandContext
from tui_chat.workspace import parameters
from tui_chat.workspace.own_prompts import begun
from tui_chat.workspace.refusal import CommandRefused


async def params(context: CommandContext, pairs: str) -> None:
    """Change parameters, or show them to be changed."""
    session = context.conversation.session
    if pairs:
        words = await parameters.change(session, pairs)
        context.show_facts()
        context.note(words)
    else:
        await context.ask(dialogs.parameters(session))
        context.show_facts()


async def effort(context: CommandContext, level: str) -> None:
    """Set the reasoning effort, or choose it."""
    session = context.conversation.session
    if not level:
        parameters.check_effort(session)
        now = parameters.effort(session.conversation, session.services.sampling) or DEFAULT
        choices = [
            (each or DEFAULT, "" if each else parameters.MODELS_OWN) for each in parameters.effort_choices(session)
        ]
        chosen = await context.ask(dialogs.names("Reasoning effort", choices, current=now))
        if chosen is None:
            return
        level = chosen
    await _set_effort(context, level)


async def next_effort(context: CommandContext, _: str) -> None:
    """Go on to the next level."""
    session = context.conversation.session
    parameters.check_effort(session)
    await _set_effort(context, parameters.next_effort(session))


async def _set_effort(context: CommandContext, level: str) -> None:
    words = await parameters.set_effort(context.conversation.session, level)
    context.show_facts()
    context.note(words)


async def preset(context: CommandContext, name: str) -> None:
    """Use a preset, by its name or from the list."""
    declared = context.program.loaded.settings.preset
    if not name:
        if not declared:
            raise CommandRefused("The settings have no preset: a table like [preset.short] makes one.")
        now = context.conversation.session.conversation.preset
        choices = [(each.name, parameters.preset_words(each)) for each in declared.values()]
        choices.append((NONE, "no preset"))
        chosen = await context.ask(dialogs.names("Presets", choices, current=now))
        if chosen is None:
            return
        name = chosen
    words = await parameters.switch_preset(context.conversation, declared, name)
    context.show_facts()
    context.panes.show_model(context.conversation.session.conversation.model)
    context.note(words)


async def prompt(context: CommandContext, words: str) -> None:
    """Write one of the person's own prompts into the composer, once what it asks for is filled in."""
    own = context.program.own_prompts
    name, _, rest = words.partition(" ")
    if not name:
        if not (listed := own.read()):
            raise CommandRefused(own.none_words)
        chosen = await context.ask(dialogs.names("Your prompts", [(each.name, each.description) for each in listed]))
        if chosen is None:
            return
        name = chosen
    chosen_prompt, values = begun(own.named(name), rest.strip())
    for place in chosen_prompt.places:
        if place in values:
            continue
        value = await context.ask(dialogs.line(f"{chosen_prompt.name} · {place}", hint=f"stands for {{{place}}}"))
        if value is None:
            context.note("Left; nothing was written.")
            return
        values[place] = value
    context.composer.give_back(chosen_prompt.filled(values))
    context.composer.focus()
