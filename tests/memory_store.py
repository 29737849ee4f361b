"""A store that keeps conversations in memory alone: `chat.ports.Store` without a disk."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import inf
from pathlib import Path

import msgspec

from tui_chat.chat.found import FoundIn, SearchHit, SearchResult
from tui_chat.chat.ledger import LedgerEntry, LedgerKind, ModelSum, Speed, Spent, speed_of
from tui_chat.chat.ports import Around, BackedUp, ConversationSummary, KeptCopy, Preview, Progress, TimedEvent
from tui_chat.core.budget import Budget, Claim, Scope, Used, scopes_of
from tui_chat.core.errors import PROGRAM_ENDED, StoreError
from tui_chat.core.filed import UNFILED, Filed
from tui_chat.core.marks import Marks
from tui_chat.core.merging import Marked, changed_conversation, changed_marks
from tui_chat.core.moments import bounded, local_moment
from tui_chat.core.nearest import nearest
from tui_chat.core.parts import Role
from tui_chat.core.search_query import ALL, Filters, SearchQuery, Shelf
from tui_chat.core.tool_switch import merged
from tui_chat.core.tree import Conversation, Node, Tree, deleted_ids, spending
from tui_chat.core.usage import Cost, CostSource, Spending, total_spending
from tui_chat.store.finding import excerpt, place_of
from tui_chat.store.index_text import matches
from tui_chat.store.journal import grown
from tui_chat.store.ledger import entry_of, known
from tui_chat.store.lookup import deleted, not_there, one_of, with_known_head
from tui_chat.store.search import searchable
from tui_chat.store.spent import SLOT_S
from tui_chat.store.sum_columns import Sums


class _Kept:
    """One conversation with its messages and the journals of answers that are being written."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.nodes: dict[str, Node] = {}
        self.journals: dict[str, list[TimedEvent]] = {}

        self.labels: tuple[str, ...] = ()
        self.is_archived = False
        self.is_hidden = False

    def summary(self, titles: Iterable[LedgerEntry]) -> ConversationSummary:
        conversation, nodes = self.conversation, self.nodes.values()
        beside = [(entry.counts, entry.cost) for entry in titles if entry.conversation_id == conversation.id]
        written = [(None, None) for node in nodes if node.answer is not None and node.answer.outcome is None]
        return ConversationSummary(
            conversation.id,
            conversation.title,
            conversation.model,
            conversation.created_at,
            self.updated_at,
            len(self.nodes),
            spending(nodes).and_also(total_spending([*beside, *written])),
            self.labels,
            self.is_archived,
        )

    def is_meant(self, filters: Filters, *, of_message: bool = False) -> bool:
        if self.is_hidden or (filters.shelf is not Shelf.ALL and self.is_archived != (filters.shelf is Shelf.ARCHIVED)):
            return False
        if not {label.lower() for label in filters.labels} <= {label.lower() for label in self.labels}:
            return False
        is_of_model = not filters.models or any(part in self.conversation.model.lower() for part in filters.models)
        is_of_time = (filters.since or 0.0) <= self.updated_at < (inf if filters.until is None else filters.until)
        return of_message or (is_of_model and is_of_time)

    @property
    def updated_at(self) -> float:
        return max([self.conversation.created_at, *(node.created_at for node in self.nodes.values())])


def _is_meant(node: Node, filters: Filters) -> bool:
    is_of_time = (filters.since or 0.0) <= node.created_at < (inf if filters.until is None else filters.until)
    model = node.answer.answering_model.lower() if node.answer else ""
    is_of_model = not filters.models or (model and any(part in model for part in filters.models))
    usd = node.answer.cost.usd if node.answer and node.answer.cost else None
    is_dear = filters.cost_over is None or (usd is not None and usd > filters.cost_over)
    return bool(is_of_time and is_of_model and is_dear and filters.role in (None, node.message.role))


class MemoryStore:
    """`chat.ports.Store` without a file."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._changes = 0
        self.ledger: dict[str, LedgerEntry] = {}
        self.claims: dict[str, Claim] = {}

    @property
    def titles_paid(self) -> list[LedgerEntry]:
        """What titles cost, in the order in which they came."""
        return [entry for entry in self.ledger.values() if entry.kind is LedgerKind.TITLE]

    @property
    def generation(self) -> int:
        """Nothing takes the place of this memory."""
        return 0

    def _get(self, conversation_id: str) -> _Kept:
        try:
            return self._kept[conversation_id]
        except KeyError:
            raise not_there(conversation_id) from None

    def _newest_first(self) -> list[_Kept]:
        last_made_first = reversed(self._kept.values())
        return sorted(last_made_first, key=lambda kept: -kept.updated_at)

    async def save(
        self,
        conversation: Conversation,
        nodes: Sequence[Node],
        marked: Sequence[Marked] = (),
        *,
        before: Conversation | None,
    ) -> None:
        """Keep what changed of a conversation, these nodes, and marks of others."""
        if before is not None:
            if conversation.id not in self._kept:
                raise deleted(conversation.id)
            conversation = changed_conversation(self._kept[conversation.id].conversation, before, conversation)
        await self.save_conversation(conversation)
        for node in nodes:
            await self.save_node(conversation.id, node)
        there = self._kept[conversation.id].nodes
        for id_, seen, marks in marked:
            if (kept := there.get(id_)) is not None:
                there[id_] = msgspec.structs.replace(kept, marks=changed_marks(kept.marks, seen, marks))

    async def save_conversation(self, conversation: Conversation) -> None:
        """Create it, or keep what changed of it."""
        self._changes += 1
        kept = self._kept.get(conversation.id)
        if kept is None:
            self._kept[conversation.id] = _Kept(conversation)
        else:
            before = kept.conversation
            if before.is_named and not conversation.is_named:
                conversation = msgspec.structs.replace(conversation, title=before.title, is_named=True)
            switches = merged(before.tool_switches, conversation.tool_switches)
            conversation = msgspec.structs.replace(conversation, tool_switches=switches)
            kept.conversation = msgspec.structs.replace(conversation, created_at=before.created_at)

    async def save_node(self, conversation_id: str, node: Node, *, is_billed: bool = True) -> None:
        """Keep a node, new or in place of what was there under its id."""
        if conversation_id not in self._kept and (entry := entry_of(conversation_id, node)):
            self._enter(entry)
        kept = self._get(conversation_id)
        before = kept.nodes.get(node.id)
        was = entry_of(conversation_id, msgspec.structs.replace(node, answer=before.answer)) if before else None
        kept.nodes[node.id] = node
        kept.journals.pop(node.id, None)
        self._changes += 1
        if is_billed and (entry := entry_of(conversation_id, node)) and entry != was:
            self._enter(entry)

    async def add(self, conversation: Conversation, nodes: Sequence[Node], filed: Filed = UNFILED) -> None:
        """Add a conversation with these nodes; those that are there stay as they are."""
        is_new = await self.summary(conversation.id) is None
        await self.save_conversation(conversation)
        self._get(conversation.id).is_hidden = False
        if is_new:
            await self.set_labels(conversation.id, filed.labels)
            await self.set_archived(conversation.id, filed.is_archived)
        for node in nodes:
            if node.id not in self._get(conversation.id).nodes:
                await self.save_node(conversation.id, node, is_billed=False)

    async def append_journal(self, conversation_id: str, node_id: str, events: Sequence[TimedEvent]) -> None:
        """Keep what arrived for an answer that is still growing."""
        kept = self._get(conversation_id)
        if node_id not in kept.nodes:
            raise not_there(conversation_id)
        kept.journals.setdefault(node_id, []).extend(events)

    async def load(self, id_prefix: str) -> tuple[Conversation, tuple[Node, ...]]:
        """A conversation by its id or a unique beginning of it."""
        kept = self._find(id_prefix)
        nodes = tuple(
            node if node.answer and node.answer.outcome else grown(node, kept.journals.get(node.id, ()))
            for node in kept.nodes.values()
        )
        return with_known_head(kept.conversation, nodes), nodes

    async def load_end(self, conversation_id: str, count: int) -> tuple[Node, ...]:
        """The last messages of the path that was being read."""
        if conversation_id not in self._kept:
            return ()
        conversation, nodes = await self.load(conversation_id)
        return Tree(nodes).line(conversation.head_id)[-count:]

    async def find(self, id_prefix: str) -> ConversationSummary:
        """A conversation without its messages."""
        return self._find(id_prefix).summary(self.titles_paid)

    def _find(self, id_prefix: str) -> _Kept:
        in_sight = (known for known, kept in self._kept.items() if not kept.is_hidden)
        return self._kept[one_of(id_prefix, [known for known in in_sight if known.startswith(id_prefix)])]

    async def conversation(self, conversation_id: str) -> Conversation | None:
        """What belongs to the conversation with exactly this id as a whole."""
        kept = self._kept.get(conversation_id)
        return kept.conversation if kept is not None else None

    async def latest_id(self) -> str | None:
        """The conversation with the newest message; None where there is none."""
        return next((kept.conversation.id for kept in self._newest_first() if kept.nodes and not kept.is_hidden), None)

    async def cut_questions(self) -> tuple[str, ...]:
        """What was asked where the last answer was cut by the end of its program."""
        found = []
        for nodes in (tuple(kept.nodes.values()) for kept in self._newest_first()):
            info = nodes[-1].answer if nodes else None
            if info is not None and info.failure is not None and info.failure.code == PROGRAM_ENDED:
                found.append(nodes[-2].message.text)
        return tuple(found)

    async def list(self, limit: int | None = None, filters: Filters = ALL) -> tuple[ConversationSummary, ...]:
        """Conversations, the one with the newest message first."""
        meant = [kept for kept in self._newest_first() if kept.is_meant(filters)]
        return tuple(kept.summary(self.titles_paid) for kept in meant[: None if limit is None else max(0, limit)])

    async def summary(self, conversation_id: str) -> ConversationSummary | None:
        """The conversation with exactly this id; None where there is none."""
        kept = self._kept.get(conversation_id)
        return kept.summary(self.titles_paid) if kept and not kept.is_hidden else None

    async def preview(self, conversation_id: str) -> Preview:
        """The last that was said on each side."""
        kept = self._kept.get(conversation_id)
        nodes = kept.nodes.values() if kept else ()
        said = {node.message.role: node.message.text for node in nodes if not node.marks.is_deleted}
        return Preview(said.get(Role.USER, ""), said.get(Role.ASSISTANT, ""))

    async def marks(self, conversation_id: str) -> Mapping[str, Marks]:
        """What each message of a conversation is marked with."""
        kept = self._kept.get(conversation_id)
        nodes = kept.nodes.values() if kept is not None else ()
        return {node.id: node.marks for node in nodes}

    async def around(self, conversation_id: str, node_id: str) -> Around:
        """A message and its neighbours."""
        kept = self._kept.get(conversation_id)
        node = kept.nodes.get(node_id) if kept else None
        if kept is None or node is None:
            return Around()
        tree = Tree(kept.nodes.values())
        gone = {id_ for each in kept.nodes for id_ in deleted_ids(tree.line(each))}
        after = [each for each in kept.nodes.values() if each.parent_id == node_id and each.id not in gone]
        before = None if node.parent_id in gone else kept.nodes.get(node.parent_id or "")
        number = len(tree.path(node_id))
        nodes = tuple(each for each in (before, node, after[-1] if after else None) if each is not None)
        return Around(nodes, number, len(kept.nodes))

    async def revision(self) -> int:
        """Number of changes so far."""
        return self._changes

    async def search(self, query: SearchQuery, limit: int = 50) -> SearchResult:
        """Messages and titles with all the words, the newest first."""
        if query.is_empty or limit <= 0:
            return SearchResult()
        hits: list[SearchHit] = []
        for kept in reversed(self._kept.values()):
            conversation = kept.conversation
            if not kept.is_meant(query.filters, of_message=True):
                continue
            if query.words and matches(conversation.title, query.words) and not query.filters.role:
                title, model = conversation.title, conversation.model
                hits.append(
                    SearchHit(conversation.id, title, "", kept.updated_at, title, Role.USER, model, FoundIn.TITLE)
                )
            if query.filters.titles_only:
                continue
            for node in reversed(kept.nodes.values()):
                text = searchable(node.message)
                is_deleted = node.id in deleted_ids(Tree(kept.nodes.values()).line(node.id))
                if matches(text, query.words) and _is_meant(node, query.filters) and not is_deleted:
                    model = node.answer.answering_model if node.answer else ""
                    found_in, name, place = place_of(node.message.parts, query.words)
                    hits.append(
                        SearchHit(
                            conversation.id,
                            conversation.title,
                            node.id,
                            node.created_at,
                            excerpt(place or text, query.words),
                            node.message.role,
                            model,
                            found_in,
                            name,
                        )
                    )
        return SearchResult(tuple(hits[:limit]), len(hits), len({hit.conversation_id for hit in hits}))

    async def nearest_words(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words of all messages that are most alike, where one is in none."""
        known = {
            word
            for kept in self._kept.values()
            for node in kept.nodes.values()
            for word in re.findall(r"\w+", node.message.text.lower())
        }
        meant = tuple(word if word in known else nearest(word, known, least=0.75) for word in words)
        return meant if all(meant) and meant != tuple(words) else ()

    async def tend(self) -> float:
        """There is nothing to do."""
        return 1.0

    async def add_to_ledger(self, entry: LedgerEntry) -> None:
        """Note what a request cost."""
        self._enter(entry)

    def _enter(self, entry: LedgerEntry) -> None:
        self.ledger[entry.id] = known(self.ledger.get(entry.id, entry), entry)

    async def spent(self, since: float = 0.0, until: float | None = None) -> tuple[Spent, ...]:
        """What the ledger holds of this time, oldest first."""
        days: dict[tuple[date, str, str, str, LedgerKind], tuple[float, Sums]] = {}
        for entry in sorted(self.ledger.values(), key=lambda entry: entry.created_at):
            at = bounded(entry.created_at) // SLOT_S * SLOT_S
            if since // SLOT_S * SLOT_S <= at < (inf if until is None else until):
                day = local_moment(at).date()
                key = (day, entry.conversation_id, entry.model, entry.gateway, entry.kind)
                _, sums = days.get(key, (0.0, Sums()))
                days[key] = (at, sums.plus(entry.counts, entry.cost))
        found = []
        for (_, conversation_id, model, gateway, kind), (at, sums) in days.items():
            kept = self._kept.get(conversation_id)
            is_kept = kept is not None and not kept.is_hidden
            title, labels = (kept.conversation.title, kept.labels) if kept and is_kept else ("", ())
            found.append(
                Spent(
                    at,
                    conversation_id,
                    title,
                    labels,
                    model,
                    gateway,
                    sums.spending,
                    sums.cached_tokens if sums.cached_told else None,
                    is_kept,
                    kind,
                    sums.spending.answers - sums.cached_told,
                    sums.cache_write_tokens if sums.cache_write_told else None,
                )
            )
        return tuple(sorted(found, key=lambda row: row.last_at))

    async def spent_by_model(self) -> tuple[ModelSum, ...]:
        """What the ledger holds of all time."""
        sums: dict[tuple[str, str, LedgerKind], Spending] = {}
        for entry in self.ledger.values():
            key = (entry.model, entry.gateway, entry.kind)
            sums[key] = sums.get(key, Spending()).plus(entry.counts, entry.cost)
        return tuple(ModelSum(*key, spending) for key, spending in sorted(sums.items()))

    async def models_asked(self, gateway: str, most: int) -> tuple[str, ...]:
        """The models that were asked for last through a gateway, the newest first."""
        entries = sorted(self.ledger.values(), key=lambda entry: entry.created_at)
        asked = [each.requested_model for each in entries if (each.gateway, each.kind) == (gateway, LedgerKind.ANSWER)]
        return tuple(dict.fromkeys(model for model in reversed(asked) if model))[:most]

    async def ledger_of(self, conversation_id: str, kind: LedgerKind | None = None) -> tuple[LedgerEntry, ...]:
        """Everything that was asked in a conversation, or what is of this kind, oldest first."""
        found = (
            entry
            for entry in self.ledger.values()
            if entry.conversation_id == conversation_id and kind in (None, entry.kind)
        )
        return tuple(sorted(found, key=lambda entry: entry.created_at))

    async def speeds(self, since: float) -> tuple[Speed, ...]:
        """How fast the answers of this time came, oldest first."""
        entries = sorted(self.ledger.values(), key=lambda entry: entry.created_at)
        found = (speed_of(entry) for entry in entries if entry.created_at >= since)
        return tuple(speed for speed in found if speed is not None)

    async def used(self, claim: Claim) -> Used:
        """What counts before a claim."""
        spent = [(entry.conversation_id, entry.created_at, entry.cost) for entry in self.ledger.values() if entry.cost]
        others = [each for each in self.claims.values() if each.id != claim.id]
        spent += [(each.conversation_id, each.at, Cost(each.usd, CostSource.ESTIMATE)) for each in others]
        return Used(
            sum((cost.usd for id_, _, cost in spent if id_ == claim.conversation_id), Decimal(0)),
            sum((cost.usd for _, at, cost in spent if at >= claim.day_began), Decimal(0)),
            sum((cost.usd for _, at, cost in spent if at >= claim.month_began), Decimal(0)),
            frozenset(
                scope
                for id_, at, cost in spent
                if cost.usd and cost.source is CostSource.ESTIMATE
                for scope in scopes_of(at, claim, id_)
            ),
            frozenset(scope for scope in Scope if self._untold(claim, scope) > 0),
        )

    def _untold(self, claim: Claim, scope: Scope) -> int:
        """Answers whose cost nobody told, but for those that stand as an estimate."""
        unknown = [(entry.conversation_id, entry.created_at) for entry in self.ledger.values() if entry.cost is None]
        estimates = [(each.conversation_id, each.at) for each in self.claims.values() if each.id != claim.id]
        untold, told = (
            sum(scope in scopes_of(at, claim, id_) for id_, at in places) for places in (unknown, estimates)
        )
        return untold - told

    async def claim(self, claim: Claim, budget: Budget) -> Used:
        """Enter a claim, unless it would go over the budget."""
        used = await self.used(claim)
        if budget.over(used, claim.usd) is None:
            self.claims[claim.id] = claim
        return used

    async def settle(self, claim_id: str, *, stays: bool) -> None:
        """End a claim."""
        if not stays:
            self.claims.pop(claim_id, None)

    def _changed(self, conversation_id: str) -> _Kept:
        kept = self._get(conversation_id)
        self._changes += 1
        return kept

    async def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation the title that the person wants."""
        kept = self._changed(conversation_id)
        kept.conversation = msgspec.structs.replace(kept.conversation, title=title, is_named=True)

    async def set_archived(self, conversation_id: str, archived: bool) -> None:
        """Put a conversation into the archive, or take it out."""
        self._changed(conversation_id).is_archived = archived

    async def set_labels(self, conversation_id: str, labels: Sequence[str]) -> None:
        """Give a conversation these labels and no others."""
        self._changed(conversation_id).labels = tuple(sorted({" ".join(label.split()) for label in labels} - {""}))

    async def labels(self) -> tuple[str, ...]:
        """Every label that is in use."""
        return tuple(sorted({label for kept in self._kept.values() for label in kept.labels}, key=str.lower))

    async def copies(self) -> tuple[KeptCopy, ...]:
        """None are made."""
        return ()

    async def models(self) -> tuple[str, ...]:
        """Every model that has answered."""
        answers = (node.answer for kept in self._kept.values() for node in kept.nodes.values())
        return tuple(sorted({answer.answering_model for answer in answers if answer is not None}))

    async def hide(self, conversation_id: str) -> None:
        """Take a conversation out of sight."""
        self._changed(conversation_id).is_hidden = True

    async def bring_back(self, conversation_id: str) -> None:
        """Show it again."""
        self._changed(conversation_id).is_hidden = False

    async def back_up(self, target: Path, progress: Progress) -> BackedUp:
        """There is no file to copy."""
        raise StoreError("No conversation has been saved yet.", "There is nothing to copy.")

    async def delete(self, conversation_id: str) -> None:
        """Forget a conversation with everything in it."""
        self._changed(conversation_id)
        del self._kept[conversation_id]

    def notices(self) -> tuple[str, ...]:
        """Nothing can be damaged."""
        return ()

    async def close(self) -> None:
        """Nothing is queued."""
