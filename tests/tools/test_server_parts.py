"""Lines within a bound, names that never come to mean another tool, and what a server offers."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.core.jsonvalue import JsonObject
from tui_chat.core.tool import ToolServer
from tui_chat.tools.servers.lines import Lines
from tui_chat.tools.servers.names import Names
from tui_chat.tools.servers.offer import LONGEST_DEFINITION, LONGEST_OFFER, MOST_TOOLS, Definition, Offer
from tui_chat.tools.servers.patience import patience
from tui_chat.tools.servers.server_log import ServerLog

ANY: JsonObject = {"type": "object", "properties": {}}


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=6), st.integers(1, 40))
def test_lines_are_the_same_wherever_the_pieces_were_cut(data: bytes, cuts: list[int], longest: int) -> None:
    data = data.replace(b"\x00", b"\n")
    lines, found = Lines(longest), list[bytes]()
    places = [0, *sorted(cuts), len(data)]
    for start, end in pairwise(places):
        found += lines.feed(data[start:end])
    *whole, rest = data.split(b"\n")
    assert found == [line for line in whole if len(line) <= longest]
    assert lines.left_out == sum(len(line) > longest for line in [*whole, rest])


def test_a_line_without_an_end_is_not_held() -> None:
    lines = Lines(1000)
    for _ in range(100):
        assert lines.feed(b"x" * 999) == []
    assert lines.left_out == 1
    assert lines.feed(b"\nshort\n") == [b"short"]


def test_a_log_keeps_its_last_lines_and_they_are_harmless() -> None:
    log = ServerLog()
    for number in range(1000):
        log.feed(f"line {number}\x1b[2J\n".encode())
    assert log.kept[-1] == "line 999␛[2J"
    assert len(log.kept) == 200


def names(*servers: str, taken: tuple[str, ...] = ()) -> Names:
    return Names(servers, taken)


def test_a_tool_bears_its_own_name_until_it_clashes() -> None:
    these = names("a", "b")
    these.claim("a", "echo")
    assert these.name_of("a", "echo") == "echo"
    these.claim("b", "echo")
    assert (these.name_of("a", "echo"), these.name_of("b", "echo")) == ("a.echo", "b.echo")


def test_a_name_that_clashed_is_nobodys_again() -> None:
    these = names("a", "b", "c")
    for server in ("a", "b", "b"):
        these.claim(server, "echo")
    assert these.name_of("b", "echo") == "b.echo"


def test_no_server_can_take_the_name_of_anothers_tool() -> None:
    these = names("a", "b")
    these.claim("b", "a.echo")
    assert these.name_of("b", "a.echo") == "b.a.echo"


def test_a_tool_of_the_file_keeps_its_name() -> None:
    these = names("a", taken=("echo", "a.list"))
    these.claim("a", "echo")
    these.claim("a", "list")
    assert these.name_of("a", "echo") == "a.echo"
    assert these.name_of("a", "list") == "list"
    assert names("a", taken=("list", "a.list")).name_of("a", "list") == ""


def offer(*definitions: Definition, tools: tuple[str, ...] | None = None) -> Offer:
    made = Offer(ToolServer("one", ("x",), tools=tools))
    made.take(definitions)
    return made


def test_what_no_tool_can_be_is_left_out_and_said() -> None:
    these = offer(
        Definition("good", "Does\x1b[2J good.", ANY),
        Definition("no good", "", ANY),
        Definition("list", "", {"type": "array"}),
        Definition("long", "x" * LONGEST_DEFINITION, ANY),
        Definition("properties", "", {"properties": []}),
    )
    assert list(these.all) == ["good"]
    assert these.all["good"].definition.description == "Does␛[2J good."
    assert these.all["good"].definition.told_by == "one"
    assert len(these.left_out) == 4


def test_the_first_of_a_name_counts_and_too_many_are_too_many() -> None:
    these = offer(Definition("x", "first", ANY), Definition("x", "second", ANY))
    assert these.all["x"].definition.description == "first"
    these = offer(*(Definition(f"t{number}", "", ANY) for number in range(MOST_TOOLS + 1)))
    assert len(these.all) == MOST_TOOLS
    assert these.left_out == (f"it has more than {MOST_TOOLS} tools",)


def test_a_request_is_not_filled_with_what_a_server_says() -> None:
    these = offer(*(Definition(f"t{number}", "x" * 60_000, ANY) for number in range(50)))
    assert 10 < len(these.all) < 20
    assert these.left_out == (f"its tools take more than {LONGEST_OFFER:,} characters to describe",)


def test_whatever_the_model_is_told_makes_another_tool_of_it() -> None:
    first = Definition("x", "one", ANY)
    these = offer(first)
    for changed in (Definition("x", "two", ANY), Definition("x", "one", {**ANY, "required": ["a"]})):
        assert these.take([changed])
        assert these.get("x") is None
        assert not these.take([first])
        assert these.get("x") is not None


def test_a_tool_that_comes_later_is_off_and_one_that_goes_is_gone() -> None:
    these = offer(Definition("x", "", ANY))
    assert these.take([Definition("y", "", ANY)])
    assert (these.get("x"), these.get("y")) == (None, None)
    ((tool, before),) = these.changed
    assert (tool.name, before) == ("y", None)
    assert these.accept(tool)
    assert these.get("y") is tool


def test_what_is_switched_off_changes_unnoticed_and_stays_off() -> None:
    these = offer(Definition("x", "", ANY), Definition("y", "", ANY), tools=("x",))
    assert not these.take([Definition("x", "", ANY), Definition("y", "other", ANY)])
    assert these.get("y") is None
    assert these.changed == []


def test_what_was_looked_at_is_accepted_only_as_it_was_seen() -> None:
    these = offer(Definition("x", "one", ANY))
    these.take([Definition("x", "two", ANY)])
    ((seen, _),) = these.changed
    these.take([Definition("x", "three", ANY)])
    assert not these.accept(seen)
    assert these.get("x") is None


@pytest.mark.parametrize(("jumps_s", "steps_that_fit"), [(0.001, 20), (1000.0, 10)])
async def test_time_in_which_the_loop_stood_still_is_not_the_servers(jumps_s: float, steps_that_fit: int) -> None:
    """A step counts as two at most, however long the loop stood still within it."""
    looked = 0

    def now() -> float:
        nonlocal looked
        looked += 1
        return looked * jumps_s

    with pytest.raises(TimeoutError):
        async with patience(0.02, now=now, step_s=0.001):
            await asyncio.Event().wait()
    assert looked - 1 >= steps_that_fit
    async with patience(0.001, now=now, step_s=0.001) as left:
        left.end()
        await asyncio.sleep(0.002)
