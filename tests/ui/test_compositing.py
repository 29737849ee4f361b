"""Frames of the compositor that asks for changed rows only are those of Textual's own."""

from pathlib import Path

from textual._compositor import Compositor

from tests.ui.support import answer, chat_app, running, send, until
from tui_chat.ui.compositing import RowCompositor


async def test_a_frame_is_the_same_whoever_composes_it(tmp_path: Path) -> None:
    app = chat_app(tmp_path, answer("# Title\n\n- one\n- two\n\n```py\nprint(1)\n```\n\nlast words"))
    async with running(app) as (chat, pilot):
        await send(pilot, chat, "Go on")
        await until(pilot, lambda: "last words" in chat.transcript.last_answer_text())
        await pilot.pause()
        compositor = chat._compositor
        assert isinstance(compositor, RowCompositor)

        ours = [strip.text for strip in compositor.render_strips()]
        chat._compositor = Compositor()
        chat._compositor.reflow(chat, chat.size)
        theirs = [strip.text for strip in chat._compositor.render_strips()]

        assert ours == theirs
        assert any("last words" in row for row in ours)


async def test_a_partial_frame_asks_only_for_its_rows(tmp_path: Path) -> None:
    app = chat_app(tmp_path)
    async with running(app) as (chat, _):
        crop = chat.status.region

        asked = list(chat._compositor._get_renders(crop))

        assert asked
        assert all(len(strips) <= crop.height for _, _, strips in asked)
