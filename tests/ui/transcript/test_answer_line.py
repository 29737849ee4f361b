"""The line under an answer: figures that mean something, how it ended in front, the rest in words."""

from decimal import Decimal
from typing import Any

import pytest
from rich.cells import cell_len

from tests.ui.transcript.samples import answer
from tui_chat.core.answer import Fallback, Timing
from tui_chat.core.errors import ErrorKind, Failure
from tui_chat.core.parts import Text
from tui_chat.core.stream_events import Outcome
from tui_chat.core.usage import Cost, CostSource, TokenCounts
from tui_chat.settings.theme_files import Themes
from tui_chat.ui.theming.themes import to_textual
from tui_chat.ui.transcript.answer_line import answer_lines
from tui_chat.ui.transcript.palette import Palette
from tui_chat.ui.transcript.rendering import Renderer
from tui_chat.ui.transcript.section import Section, SectionKind

COUNTED: dict[str, Any] = {
    "counts": TokenCounts(12, 816),
    "timing": Timing(0.37, 13.2),
    "cost": Cost(Decimal("0.0434760"), CostSource.GATEWAY),
}


def line(width: int = 120, **info: Any) -> str:
    """All rows under an answer."""
    section = Section(SectionKind.FOOT, labels=answer_lines(answer("a", Text("So."), **info)))
    section.read(width)
    renderer = Renderer(Palette(to_textual(Themes().read("dusk")[0]).variables), width)
    rows = [row.text.strip() for number in range(len(section.leaves)) for row in renderer.rows(section, number)]
    return "\n".join(rows)


def test_an_answer_says_what_it_took() -> None:
    assert line(**COUNTED) == "816 tok · 13.2 s · first 0.37 s · 64 tok/s · $0.043476"


def pieces(*infos: dict[str, Any]) -> str:
    """The line under the last of these answers, which are one text together."""
    *above, last = (answer(f"{at}", Text("word" * 40), **info) for at, info in enumerate(infos))
    return answer_lines(last, above=above)[0].info


def test_under_a_continued_answer_stands_what_all_its_pieces_took() -> None:
    first = {
        "counts": TokenCounts(10, 40),
        "timing": Timing(0.5, 2.0),
        "cost": Cost(Decimal("0.01"), CostSource.GATEWAY),
    }
    estimated = first | {"cost": Cost(Decimal("0.02"), CostSource.ESTIMATE)}
    cut = {"outcome": Outcome.TRUNCATED, "timing": Timing(0.5, 2.0)}

    assert pieces(first, COUNTED) == "856 tok · 15.2 s · first 0.50 s · 60 tok/s · $0.053476"
    assert pieces(estimated, COUNTED).endswith(" · ~$0.0635")
    assert pieces(cut, COUNTED) == "~856 tok · 15.2 s · first 0.50 s · at least $0.043476"
    assert pieces(cut, cut).endswith(" · cost unknown")


def test_how_it_ended_stands_in_front() -> None:
    said = line(**COUNTED, outcome=Outcome.CANCELLED, finish_reason=None)
    assert said.startswith("■ stopped by you · 816 tok · ")
    spent = Failure(ErrorKind.BUDGET, "Stopped by today’s budget: $5.", "Wait until midnight.", code="day")
    assert line(outcome=Outcome.TRUNCATED, finish_reason=None, failure=spent).startswith("■ stopped by today’s budget")


def test_who_did_not_answer_in_time_is_not_said_to_have_cost_nothing() -> None:
    failed = (Fallback("a/slow", "No answer."), Fallback("a/busy", "Busy.", 429))
    assert line(fell_back=failed).split("\n")[-2:] == [
        "a/slow did not answer in time, and may be billed: another model was asked",
        "a/busy failed (429): another model was asked",
    ]
    over = Failure(ErrorKind.BUDGET, "Another one is too dear.", "Wait.", code="day")
    said = line(fell_back=failed[1:], model="a/busy", outcome=Outcome.ERROR, failure=over)
    assert "a/busy failed (429)\n" in f"{said}\n"


@pytest.mark.parametrize(("outcome", "words"), [(Outcome.COMPLETE, ""), (Outcome.CANCELLED, "continue · ask again")])
def test_what_can_be_done_about_an_end_stands_at_the_right(outcome: Outcome, words: str) -> None:
    first = line(**COUNTED, outcome=outcome, finish_reason="stop").split("\n")[0]
    assert first.partition("$0.043476")[2].strip() == words


def test_what_has_no_words_is_not_continued() -> None:
    section = Section(SectionKind.FOOT, labels=answer_lines(answer("a", outcome=Outcome.CANCELLED)))
    assert section.labels[0].end == "ask again"


def test_where_it_is_narrow_tokens_and_cost_stay() -> None:
    assert line(40, **COUNTED) == "816 tok · $0.043476"


@pytest.mark.parametrize("outcome", [Outcome.COMPLETE, Outcome.CANCELLED])
def test_at_every_width_the_cost_stands_whole_on_one_row(outcome: Outcome) -> None:
    for width in range(16, 130):
        rows = line(width, **COUNTED, outcome=outcome).split("\n")
        assert any("$0.043476" in row for row in rows)
        assert all(cell_len(row) < width for row in rows)


def test_no_speed_is_made_of_a_moment() -> None:
    assert "tok/s" not in line(counts=TokenCounts(12, 816), timing=Timing(0.37, 0.38))


def test_an_unknown_cost_is_said_to_be_unknown() -> None:
    assert line(timing=Timing(None, 2.1)) == "~1 tok · 2.1 s · cost unknown"


def test_what_was_left_out_of_the_request_is_said_at_the_end() -> None:
    assert line(**COUNTED, left_out=("temperature",)).endswith("\nwithout temperature: not taken by this model")
