"""Commands about what was said: find words in it, and what the transcript does where its block cursor stands."""

from tui_chat.ui.commands.context import CommandContext, Handler


async def find(context: CommandContext, words: str) -> None:
    """Find words in this conversation."""
    await context.finding.open(words)


def in_transcript(action: str) -> Handler:
    """One of the transcript's own actions, whoever has the focus."""

    async def run(context: CommandContext, _: str) -> None:
        await context.transcript.run_action(action)

    return run
