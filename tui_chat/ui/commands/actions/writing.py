"""Commands about the draft: prompt history, the external editor, vim's modes."""

import os

from tui_chat.ui import dialogs
from tui_chat.ui.commands.context import CommandContext
from tui_chat.workspace.refusal import CommandRefused


async def search_prompts(context: CommandContext, _: str) -> None:
    """Find a prompt in the history and take it into the composer."""
    prompts = context.composer.prompts.prompts
    if not prompts:
        raise CommandRefused("Nothing has been sent yet.")
    chosen = await context.ask(dialogs.prompts(prompts))
    if chosen is not None:
        context.composer.recall(chosen)


async def external_editor(context: CommandContext, words: str) -> None:
    """Write the draft in $VISUAL or $EDITOR; with `quote`, the last answer is below it to look at."""
    if words not in ("", "quote"):
        raise CommandRefused("/editor takes `quote` or nothing.")
    if context.program.editor.is_open:
        return
    from tui_chat.ui.transcript.extraction import last_answer_text  # the transcript's engine is not needed before it

    text = context.composer.text
    changed = await context.program.editor.change(
        os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi",
        text,
        quoted=last_answer_text(context.transcript.whole) if words and context.conversation.is_open else "",
        is_temporary=context.conversation.is_temporary,
    )
    if changed != text:
        context.composer.put(changed)


def vim(context: CommandContext, _: str) -> None:
    """Switch vim's modes on or off, from now on and in the next run."""
    is_on = not context.composer.uses_vim
    context.composer.use_vim(is_on)
    kept = context.program.keeping.keep("vim", is_on)
    context.note(f"{kept} Esc leaves insert mode." if is_on else kept)


async def editor_with_answer(context: CommandContext, _: str) -> None:
    """Run `/editor quote`, for a key."""
    await external_editor(context, "quote")
