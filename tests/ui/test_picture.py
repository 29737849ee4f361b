"""The README's picture: drawn by the program itself, so that it stays true.

`python -m tests.ui.test_picture` draws it anew after a change of looks that was looked at.
"""

import asyncio
import re
import tempfile
from decimal import Decimal
from pathlib import Path

from tests.fakes import ScriptedCompleter, Step, make_services
from tests.ui.support import chat_app, running, send, until
from tui_chat.core.models import ModelInfo
from tui_chat.core.stream_events import (
    Connected,
    Outcome,
    ReasoningDelta,
    Started,
    Stopped,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from tui_chat.core.usage import Cost, CostSource, Price, TokenCounts
from tui_chat.ui.transcript.extraction import last_answer_text

PICTURE = Path(__file__).parent / "pictures" / "chat.svg"
SIZE = (112, 33)

ANSWER = """\
Read the body as it arrives and split it at **event boundaries**, not at reads:

```python
async for line in response.aiter_lines():
    if line.startswith("data: {"):
        chunk = json.loads(line[6:])
```

1. Keep the assembled text, and `usage` apart from it
2. Join tool arguments by their *index*

| field | arrives |
| --- | --- |
| `role` | first chunk |
| `usage` | last chunk |
"""


def _turn(model: str, prompt: int, completion: int, usd: str, *steps: Step, reason: str = "stop") -> list[Step]:
    counts = TokenCounts(prompt, completion, prompt + completion)
    usage = UsageReported(counts, Cost(Decimal(usd), CostSource.GATEWAY), "{}")
    return [Connected(), Started("r", model), *steps, usage, Stopped(Outcome.COMPLETE, reason)]


SCRIPTS = (
    _turn("openai/gpt-4o-mini", 21, 148, "0.00009195", TextDelta(ANSWER)),
    _turn(
        "anthropic/claude-sonnet-4",
        196,
        74,
        "0.001698",
        ReasoningDelta("Two cities, so two calls that can run side by side."),
        ToolCallDelta(0, "call_tokyo", "get_weather", '{"city": "Tokyo",'),
        ToolCallDelta(0, "", "", ' "unit": "celsius"}'),
        ToolCallDelta(1, "call_paris", "get_weather", '{"city": "Paris", "unit": "celsius"}'),
        reason="tool_calls",
    ),
)


async def draw(folder: Path) -> str:
    """The picture as SVG, without the fonts that a browser would fetch from elsewhere."""
    price = Price(Decimal("0.000003"), Decimal("0.000015"))
    models = [ModelInfo("anthropic/claude-sonnet-4", context_tokens=200_000, price=price)]
    services = make_services(ScriptedCompleter(*SCRIPTS), models=models, default_model="openai/gpt-4o-mini")
    app = chat_app(folder, services=services, settings='theme = "dusk"\ntimestamps = "off"\nmotion = "reduced"\n')
    async with running(app, SIZE) as (chat, pilot):
        await send(pilot, chat, "How do I read a stream?")
        await until(
            pilot, lambda: last_answer_text(chat.transcript.whole) == ANSWER and not chat.conversation.is_answering
        )
        await send(pilot, chat, "/model anthropic/claude-sonnet-4")
        await until(pilot, lambda: chat.conversation.session.conversation.model == "anthropic/claude-sonnet-4")
        await send(pilot, chat, "And the weather in Tokyo and Paris?")
        await until(pilot, lambda: chat.conversation.session.pending_calls and not chat.conversation.is_answering)
        for _ in range(20):
            await pilot.pause(0.02)
        svg = app.export_screenshot(title="tui-chat")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


async def test_the_readmes_picture_is_what_the_program_shows(tmp_path: Path) -> None:
    assert await draw(tmp_path) == PICTURE.read_text()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        PICTURE.write_text(asyncio.run(draw(Path(folder))))
