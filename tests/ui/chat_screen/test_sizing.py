"""What the next request would take stands on the composer's edge while there is one to send."""

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.fakes import ScriptedCompleter, make_services, opening
from tests.ui.support import answer, chat_app, running, send, until
from tui_chat.core.models import ModelInfo
from tui_chat.core.stream_events import TextDelta
from tui_chat.core.usage import Price
from tui_chat.ui.chat_screen.breakpoints import LOW
from tui_chat.ui.chat_screen.screen import ChatScreen

PRICED = ModelInfo("test/model", price=Price(Decimal("0.000001"), Decimal("0.000002")))


def edge(chat: ChatScreen) -> str:
    """The bottom edge of the composer's frame."""
    return chat.frame.bottom_edge.render().plain


@pytest.mark.parametrize("width", [80, 120])
async def test_an_estimate_stands_at_the_right_while_something_is_written(tmp_path: Path, width: int) -> None:
    services = make_services(ScriptedCompleter(answer("word" * 100)), models=[PRICED])
    async with running(chat_app(tmp_path, services=services), (width, 24)) as (chat, pilot):
        assert "tok" not in edge(chat)
        chat.composer.insert_text("word " * 20)
        await until(pilot, lambda: edge(chat).endswith("─ ~25 tok · ~$0.000025 ─╯"))
        assert edge(chat).startswith("╰─ Enter send · ")
        await pilot.press("enter")
        await until(pilot, lambda: len(chat.conversation.session.path) == 2 and not chat.conversation.is_answering)
        assert "tok" not in edge(chat)
        chat.composer.insert_text("word")
        await until(pilot, lambda: "~126 tok · ~$0.000126" in edge(chat))


async def test_what_is_attached_counts_and_a_picture_makes_it_at_least(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_text("word" * 500)
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 60)
    monkeypatch.chdir(tmp_path)
    async with running(chat_app(tmp_path)) as (chat, pilot):
        chat.composer.insert_text("see @a.md ")
        await until(pilot, lambda: edge(chat).endswith("─ ~503 tok ─╯"))
        chat.composer.insert_text("@b.png ")
        await until(pilot, lambda: edge(chat).endswith("─ at least ~505 tok ─╯"))


async def test_nothing_is_estimated_for_a_command_nor_while_an_answer_is_written(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path, [*opening(), TextDelta("half")])) as (chat, pilot):
        chat.composer.insert_text("word")
        await until(pilot, lambda: "~1 tok" in edge(chat))
        chat.composer.put("/mod")
        await until(pilot, lambda: "tok" not in edge(chat))
        await send(pilot, chat, "go")
        await until(pilot, lambda: chat.conversation.is_answering)
        chat.composer.insert_text("later")
        await until(pilot, lambda: chat.composer.document.text == "later")
        assert not chat.sizing.is_due


async def test_on_a_low_screen_the_one_edge_has_it_too(tmp_path: Path) -> None:
    async with running(chat_app(tmp_path), (80, 12)) as (chat, pilot):
        chat.composer.insert_text("word " * 20)
        await until(pilot, lambda: chat.frame.top_edge.words.endswith("~25 tok"))


@pytest.mark.parametrize(
    ("width", "words"), [(80, "~500 tok of 400, too long · ~$0.0005"), (40, "~500 of 400, too long")]
)
async def test_that_the_model_takes_less_is_said_at_every_width(tmp_path: Path, width: int, words: str) -> None:
    services = make_services(models=[replace(PRICED, context_tokens=400)])
    async with running(chat_app(tmp_path, services=services), (width, 24)) as (chat, pilot):
        chat.composer.insert_text("word" * 500)
        await until(pilot, lambda: edge(chat).endswith(f" {words} ─╯"))


@pytest.mark.parametrize(("size", "rows"), [((80, 24), 8), ((40, 10), 3), ((120, 40), 13)])
async def test_a_long_text_takes_a_third_of_the_screen_and_its_frame_no_more(
    tmp_path: Path, size: tuple[int, int], rows: int
) -> None:
    async with running(chat_app(tmp_path, answer("x")), size=size) as (chat, pilot):
        chat.composer.put("\n".join(map(str, range(60))))
        await until(pilot, lambda: chat.composer.outer_size.height == rows)
        edges = 1 if size[1] < LOW else 2
        assert chat.frame.outer_size.height == rows + edges
        assert chat.status.region.bottom == size[1]
