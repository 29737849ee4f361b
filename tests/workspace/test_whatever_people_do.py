"""Whatever people do with open conversations, in whatever order: no text is lost, none is sent twice."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.fakes import make_services
from tests.workspace.conversing import FailingStore
from tests.workspace.people import DEEDS, ENDINGS, REORDERING, Answers, people
from tui_chat.core.models import ModelInfo

Deeds = list[tuple[int, str, int]]
"""Who does what; the number chooses among what there is."""


async def live(deeds: Deeds, endings: list[str], number: int) -> None:
    answers, store = Answers.ending(endings), FailingStore(is_full=False)
    services = replace(make_services(store=store, models=[ModelInfo("first/model")]), completer=answers)
    everybody = people(services, store, answers, number)
    for who, deed, choice in deeds:
        person = everybody[who % number]
        await person.do(deed, choice)
        for other in everybody:
            await other.check()
        if not any(deed in REORDERING for _, deed, _ in deeds):
            person.check_order()
    store.is_full = False
    for person in everybody:
        await person.close()
        await person.check()
        await person.conversation.session.rename("What was owed is written with the next change")
        await person.check_stored()
    assert answers.running == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}


def deeds(of: tuple[str, ...]) -> st.SearchStrategy[Deeds]:
    return st.lists(st.tuples(st.integers(0, 1), st.sampled_from(of), st.integers(0, 9)), min_size=6, max_size=40)


IN_ORDER = tuple(deed for deed in DEEDS if deed not in REORDERING)
ANYTHING = (deeds(DEEDS), st.lists(st.sampled_from(ENDINGS), max_size=8), st.integers(1, 2))
ANYTHING_IN_ORDER = (deeds(IN_ORDER), st.lists(st.sampled_from(ENDINGS), max_size=8))


@settings(max_examples=60, deadline=None)
@given(*ANYTHING)
def test_no_text_is_lost_and_none_is_there_twice(deeds: Deeds, endings: list[str], number: int) -> None:
    asyncio.run(live(deeds, endings, number))


@pytest.mark.slow
@settings(max_examples=1_000, deadline=None)
@given(*ANYTHING)
def test_no_text_is_lost_in_a_thousand_lives(deeds: Deeds, endings: list[str], number: int) -> None:
    asyncio.run(live(deeds, endings, number))


@settings(max_examples=30, deadline=None)
@given(*ANYTHING_IN_ORDER)
def test_messages_go_in_the_order_in_which_they_were_typed(deeds: Deeds, endings: list[str]) -> None:
    asyncio.run(live(deeds, endings, 1))


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(*ANYTHING_IN_ORDER)
def test_messages_go_in_order_in_hundreds_of_lives(deeds: Deeds, endings: list[str]) -> None:
    asyncio.run(live(deeds, endings, 1))
