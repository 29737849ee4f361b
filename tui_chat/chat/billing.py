"""What a conversation costs: its answers priced and held to the budgets, and what was asked beside them.

The store enters an answer as it is saved; here is entered what no saved answer tells: titles, and the answers of a
temporary conversation that is to be billed all the same.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

from msgspec.structs import replace

from tui_chat.chat.budgets import Allowance
from tui_chat.chat.copying import entry_of
from tui_chat.chat.ledger import LedgerEntry, LedgerKind, entry_id_of
from tui_chat.chat.services import Services
from tui_chat.chat.spending_guard import SpendingGuard
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.errors import ChatError, Failure, StoreError
from tui_chat.core.reply import Reply
from tui_chat.core.running_usage import at_least, estimated
from tui_chat.core.tree import Conversation, Node, spending
from tui_chat.core.usage import Spending, estimate_cost

_LIST_S: Final = 1.0
"""Longest wait for the list of models that prices an answer: whoever stops the answer waits no longer either."""
_NOT_COUNTED = "What this answer cost is not counted."


class Billing:
    """Of one conversation."""

    def __init__(self, services: Callable[[], Services], is_temporary: Callable[[], bool], *, is_billed: bool) -> None:
        """`is_billed`: what is spent in it stands in the ledger, also where it is temporary, without a word."""
        self.allowance = Allowance()
        """What a person has allowed beyond the budgets."""
        self._services = services
        self._is_temporary = is_temporary
        self._is_billed = is_billed
        self._beside: list[LedgerEntry] = []
        self._has_looked_up = False

    @property
    def beside(self) -> tuple[LedgerEntry, ...]:
        """What was asked beside the answers."""
        return tuple(self._beside)

    def take(self, beside: Iterable[LedgerEntry]) -> None:
        """Count what was asked beside the answers before."""
        self._beside += beside

    def total(self, nodes: Iterable[Node]) -> Spending:
        """What these answers cost, and what was asked beside them."""
        total = spending(nodes)
        for entry in self._beside:
            total = total.plus(entry.counts, entry.cost)
        return total

    def guard(self, conversation: Conversation) -> SpendingGuard:
        """What holds the next request to the budgets."""
        is_unkept = self._is_temporary() and not self._is_billed
        return SpendingGuard(self._services(), conversation, is_unkept=is_unkept, leaves_traces=not is_unkept)

    def priced(self, reply: Reply, pictures: int = 0) -> Reply:
        """The reply with an estimate of its cost, where the gateway named none, or none that is final, and the prices
        are known; `pictures` were sent with its request."""
        reply, is_final = at_least(reply, reply.message), reply.is_usage_final
        if reply.counts is None or (is_final and reply.cost is not None):
            return reply
        services = self._services()
        known = services.catalog.known()
        # A name that is in no list, a dated one say, stands for the model that was asked.
        is_other = bool(reply.fell_back) or reply.answering_model in services.fallbacks
        model = known.get(reply.answering_model) or (None if is_other else known.get(reply.requested_model))
        if model is None:
            return reply
        if not is_final:
            return replace(reply, cost=estimated(reply, reply.message, model.price, pictures))
        return replace(reply, cost=estimate_cost(reply.counts, model.price, pictures))

    async def look_up_price(self, reply: Reply) -> None:
        """Ask for the list of models where an answer came without its cost and no list was ever read. Tried once for a
        conversation."""
        catalog = self._services().catalog
        is_told = reply.cost is not None or reply.counts is None
        if is_told or self._has_looked_up or catalog.known().fetched_at is not None:
            return
        with suppress(ChatError, TimeoutError):  # its cost stays unknown
            async with asyncio.timeout(_LIST_S):
                await catalog.read()
        self._has_looked_up = True

    async def bill(self, conversation_id: str, answer: Node, guard: SpendingGuard, *, was_sent: bool) -> Failure | None:
        """Enter what a temporary answer cost where that is to be kept, and settle its budget. Returns why it is not
        entered, or a warning from there. `was_sent`: its request was given to the client."""
        info, failure = answer.answer or AnswerInfo(), None
        if self._is_temporary() and self._is_billed and info.may_have_cost:
            kind = LedgerKind.ANSWER if answer.marks.summary is None else LedgerKind.SUMMARY
            id_ = entry_id_of(conversation_id, answer.id)
            failure = await self._enter(entry_of(kind, info, id_, conversation_id, answer.created_at))
        warning = await guard.close(info, was_sent=was_sent)
        return replace(failure, message=f"{_NOT_COUNTED} {failure.message}") if failure else warning

    async def bill_title(self, conversation_id: str, reply: Reply, *, may_look_up: bool) -> None:
        """Count what a title cost; `may_look_up`: there is time to ask for prices that nobody knows yet."""
        if may_look_up:
            await self.look_up_price(reply)
        id_, now = self._services().new_id(), self._services().clock.now()
        entry = entry_of(LedgerKind.TITLE, self.priced(reply), id_, conversation_id, now)
        self._beside.append(entry)
        if not self._is_temporary():
            await self._enter(entry)  # where that fails, the next thing that is saved says so

    async def _enter(self, entry: LedgerEntry) -> Failure | None:
        try:
            await self._services().store.add_to_ledger(entry)
        except StoreError as error:
            return error.failure
        return None
