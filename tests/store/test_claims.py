"""What counts against budgets, for several programs at once."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.memory_store import MemoryStore
from tests.store.values import question
from tui_chat.chat.ledger import LedgerEntry, LedgerKind
from tui_chat.chat.ports import Store
from tui_chat.core.budget import Budget, Claim, Scope, Used
from tui_chat.core.tree import Conversation
from tui_chat.core.usage import Cost, CostSource
from tui_chat.store.sqlite import SqliteStore

DAY = 86_400.0
CLAIM = Claim("k1", "c1", Decimal("0.4"), 40 * DAY + 5, 40 * DAY, 31 * DAY)
NONE = Budget()


@pytest.fixture(params=["file", "memory"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    made: Store = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "conversations.db")
    yield made
    await made.close()


def entry(id_: str, at: float, usd: str, conversation_id: str = "c1") -> LedgerEntry:
    cost = Cost(Decimal(usd), CostSource.GATEWAY)
    return LedgerEntry(id_, conversation_id, at, LedgerKind.ANSWER, "m", "m", "", None, cost)


DAYS = frozenset({Scope.DAY, Scope.MONTH})


async def test_the_ledger_counts_by_conversation_day_and_month(store: Store) -> None:
    for each in (
        entry("1", 30 * DAY, "1"),
        entry("2", 35 * DAY, "0.1"),
        entry("3", 40 * DAY, "0.02"),
        entry("4", 40 * DAY + 1, "0.003", "c2"),
    ):
        await store.add_to_ledger(each)
    assert await store.used(CLAIM) == Used(Decimal("1.12"), Decimal("0.023"), Decimal("0.123"))


async def test_what_nobody_told_the_cost_of_is_not_nothing(store: Store) -> None:
    await store.add_to_ledger(replace(entry("1", 40 * DAY, "1", "c2"), cost=None))
    assert await store.used(CLAIM) == Used(untold=DAYS)
    await store.claim(replace(CLAIM, id="k2", conversation_id="c2"), NONE)
    await store.settle("k2", stays=True)
    assert await store.used(CLAIM) == Used(Decimal(0), Decimal("0.4"), Decimal("0.4"), DAYS)


async def test_an_estimate_marks_only_what_it_counts_for(store: Store) -> None:
    estimate = Cost(Decimal("0.5"), CostSource.ESTIMATE)
    await store.add_to_ledger(entry("1", 40 * DAY, "0.1"))
    await store.add_to_ledger(replace(entry("2", 40 * DAY, "0", "c2"), cost=estimate))
    assert (await store.used(CLAIM)).estimated == DAYS
    await store.add_to_ledger(replace(entry("3", 30 * DAY, "0"), cost=estimate))
    assert (await store.used(CLAIM)).estimated == {*DAYS, Scope.CONVERSATION}


async def test_what_is_being_written_counts_for_everybody_until_it_is_settled(store: Store) -> None:
    await store.claim(CLAIM, NONE)
    other = replace(CLAIM, id="k2", conversation_id="c2")
    assert await store.used(other) == Used(Decimal(0), Decimal("0.4"), Decimal("0.4"), DAYS)
    await store.claim(replace(CLAIM, usd=Decimal("0.7")), NONE)
    assert (await store.used(other)).day == Decimal("0.7")
    await store.settle(CLAIM.id, stays=False)
    assert await store.used(other) == Used()


async def test_a_claim_over_the_budget_is_not_entered(store: Store) -> None:
    budget = Budget(day=Decimal("0.5"))
    assert budget.over(await store.claim(CLAIM, budget), CLAIM.usd) is None
    late = replace(CLAIM, id="k2")
    assert budget.over(await store.claim(late, budget), late.usd) is Scope.DAY
    assert (await store.used(replace(CLAIM, id="k3"))).day == Decimal("0.4")


async def test_what_nobody_told_counts_as_its_estimate_for_good(store: Store) -> None:
    await store.claim(CLAIM, NONE)
    await store.settle(CLAIM.id, stays=True)
    assert (await store.used(replace(CLAIM, id="k2"))).month == Decimal("0.4")
    later = replace(CLAIM, id="k2", at=80 * DAY, day_began=80 * DAY, month_began=62 * DAY)
    assert (await store.used(later)).day == 0


async def test_of_many_claims_at_once_only_those_that_fit_are_entered(tmp_path: Path) -> None:
    stores = [SqliteStore(tmp_path / "conversations.db") for _ in range(4)]
    budget = Budget(day=Decimal("1.9"))

    async def ask(store: SqliteStore, number: int) -> bool:
        claim = replace(CLAIM, id=f"k{number}")
        return budget.over(await store.claim(claim, budget), claim.usd) is None

    went = await asyncio.gather(*(ask(stores[number % 4], number) for number in range(20)))
    assert sum(went) == 4
    for store in stores:
        await store.close()


def used_now(path: Path) -> Used:
    async def look() -> Used:
        store = SqliteStore(path)
        try:
            return await store.used(CLAIM)
        finally:
            await store.close()

    return asyncio.run(look())


def test_a_killed_program_gives_back_what_it_had_claimed(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    script = (
        "import asyncio, os, sys\nfrom decimal import Decimal\nfrom pathlib import Path\n"
        "from tui_chat.core.budget import Budget, Claim\nfrom tui_chat.store.sqlite import SqliteStore\n"
        "async def main():\n    store = SqliteStore(Path(sys.argv[1]))\n"
        f"    await store.claim(Claim('other', 'c1', Decimal('0.4'), {CLAIM.at}, {CLAIM.day_began}, 0.0), Budget())\n"
        "    print('claimed', flush=True)\n    sys.stdin.read()\nasyncio.run(main())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "claimed\n"
        assert used_now(path).day == Decimal("0.4")
        other.kill()
        other.wait()
        assert used_now(path) == Used()


async def test_a_conversation_keeps_its_budget(store: Store) -> None:
    await store.save_conversation(Conversation("c1", 1.0, "T", budget_usd=Decimal("0.250000000001")))
    await store.save_node("c1", question())
    assert (await store.load("c1"))[0].budget_usd == Decimal("0.250000000001")


async def test_everything_that_was_asked_in_a_conversation_is_told_in_order(store: Store) -> None:
    await store.add_to_ledger(entry("2", 7.0, "0.1"))
    await store.add_to_ledger(entry("1", 5.0, "0.2"))
    await store.add_to_ledger(entry("3", 6.0, "0.3", "c2"))
    assert [each.id for each in await store.ledger_of("c1")] == ["1", "2"]
