"""Commands about the transcript: find words, and act on the block under its cursor."""

from tui_chat.ui.commands.context import CommandContext, Handler


async def find(context: CommandContext, words: str) -> None:
    """Find words in this conversation."""
    await context.finding.open(words)


def in_transcript(action: str) -> Handler:
    """Run one of the transcript's own actions, whatever has the focus."""

    async def run(context: CommandContext, _: str) -> None:
        await context.transcript.run_action(action)

    return run
