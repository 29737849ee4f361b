"""One conversation being held: its tree, its path, and the turns that make it grow.

A session owns the conversation and nobody else writes to it. Its turns are asynchronous generators of `SessionEvent`:
awaiting is the back-pressure, closing is the cancellation. A turn that is closed or cancelled from outside has still
saved its answer when the generator ends; one that is stopped with `stop()` says so with its last events too.
"""

from collections.abc import AsyncGenerator, Awaitable, Iterable
from contextlib import aclosing
from decimal import Decimal

from msgspec.structs import replace

from tui_chat.chat.answering import Answering
from tui_chat.chat.approvals import Approvals
from tui_chat.chat.billing import Billing
from tui_chat.chat.budgets import Allowance
from tui_chat.chat.context import build_request, size_on
from tui_chat.chat.copying import copied
from tui_chat.chat.held import HeldConversation
from tui_chat.chat.ledger import LedgerEntry, LedgerKind
from tui_chat.chat.phases import PhaseFollower
from tui_chat.chat.ports import TimedEvent
from tui_chat.chat.services import Services
from tui_chat.chat.session_events import Phase, PhaseChanged, SessionEvent, ToolFinished, ToolStarted, ToolStopped
from tui_chat.chat.titles import GivenTitle
from tui_chat.chat.tool_pictures import PictureRunner
from tui_chat.chat.tool_plans import ToolPlan
from tui_chat.chat.tool_runs import SideRuns
from tui_chat.chat.tool_switches import SwitchedTools, lasting_name, without_tools
from tui_chat.chat.turn import ToolUse, Turn
from tui_chat.core.errors import Failure
from tui_chat.core.marks import UNMARKED, Marks
from tui_chat.core.parts import Image, Media, Message, Role, ToolCall, ToolResult
from tui_chat.core.request import Request, Sampling
from tui_chat.core.request_size import RequestSize
from tui_chat.core.sanitize import without_harmful
from tui_chat.core.switched_off import SwitchedOff
from tui_chat.core.tool_switch import switched
from tui_chat.core.tree import Conversation, Node, Tree
from tui_chat.core.usage import Spending


class Session:
    """A conversation, new or resumed."""

    def __init__(
        self, services: Services, conversation: Conversation, tree: Tree, *, is_temporary: bool, is_billed: bool = False
    ) -> None:
        """`is_billed`: what is spent in it stands in the ledger, also where it is temporary, without a word."""
        self._services = services
        self._held = HeldConversation(lambda: self._services, conversation, tree, is_temporary=is_temporary)
        self._billing = Billing(lambda: self._services, lambda: self.is_temporary, is_billed=is_billed)
        self._phases = PhaseFollower()
        self._answering = Answering(self._held, self._billing, self._phases, lambda: self.asking, self.stop)
        self._turn: Turn | None = None
        self.approvals = Approvals(lambda: self.path, self._look_again)
        """What a person has allowed in this conversation."""
        self.side_runs = SideRuns(self._look_again)
        """What runs in it beside its turns."""

    @classmethod
    def new(
        cls,
        services: Services,
        *,
        model: str = "",
        system: str = "",
        is_temporary: bool = False,
        is_billed: bool = False,
    ) -> "Session":
        """An empty conversation. Nothing is written before the first question; nothing at all where temporary, but what
        it costs where that `is_billed`."""
        model, system = model or services.default_model, system or services.default_system
        conversation = Conversation(services.new_id(), services.clock.now(), model=model, system=system)
        return cls(services, conversation, Tree(), is_temporary=is_temporary, is_billed=is_billed)

    @classmethod
    async def resume(
        cls, services: Services, id_prefix: str, *, is_temporary: bool = False, is_billed: bool = False
    ) -> "Session":
        """A saved conversation as it was left; where temporary, it goes on in memory alone.

        Raises:
            StoreError: there is no such conversation, or more than one.
        """
        saved, nodes = await services.store.load(id_prefix)
        conversation = saved if saved.model else replace(saved, model=services.default_model)
        session = cls(services, conversation, Tree(nodes), is_temporary=is_temporary, is_billed=is_billed)
        session._held.was_loaded(saved)
        session._billing.take(await services.store.ledger_of(conversation.id, LedgerKind.TITLE))
        return session

    @property
    def conversation(self) -> Conversation:
        """What belongs to it as a whole."""
        return self._held.conversation

    @property
    def tree(self) -> Tree:
        """Every node, on every branch."""
        return self._held.tree

    @property
    def path(self) -> tuple[Node, ...]:
        """The branch that is being read, from the first message to the head."""
        return self._held.path

    @property
    def phase(self) -> Phase:
        """What the session is doing."""
        return self._phases.now.phase

    @property
    def is_temporary(self) -> bool:
        """Nothing of it is written."""
        return self._held.is_temporary

    @property
    def spending(self) -> Spending:
        """All answers of the conversation, those on other branches too, and its titles."""
        return self._billing.total(self.tree.nodes())

    @property
    def allowance(self) -> Allowance:
        """What a person has allowed beyond the budgets."""
        return self._billing.allowance

    @property
    def beside(self) -> tuple[LedgerEntry, ...]:
        """What was asked beside the answers: its titles."""
        return self._billing.beside

    @property
    def pending_calls(self) -> tuple[ToolCall, ...]:
        """Calls at the end of the path that still want a result, in their order."""
        return self._held.pending_calls

    def owes(self, node_id: str) -> bool:
        """A node is not on disk: writing it failed so far, or nothing of the conversation is written."""
        return self._held.owes(node_id)

    @property
    def is_owing(self) -> bool:
        """Something of it could not be saved so far."""
        return self._held.is_owing

    def request_size(self, message: Message, parent_id: str | None) -> RequestSize:
        """Estimate the request that sends this message, with all that goes before it."""
        path = (*self.tree.path(parent_id), Node("", parent_id, 0.0, message))
        return size_on(path, build_request(self.conversation, path, self.asking, self.conversation.model))

    @property
    def services(self) -> Services:
        """What it goes through."""
        return self._services

    @property
    def asking(self) -> Services:
        """The same, with the tools alone that are on."""
        return without_tools(self._services, self.tools_off)

    @property
    def tool_use(self) -> ToolUse:
        """How its calls are dealt with; one of a tool that is off does not run."""
        use = self._services.tool_use
        runner = PictureRunner(use.runner, self._services.catalog) if use.runner is not None else None
        return replace(use, runner=runner, toolbox=SwitchedTools(use.toolbox, self.is_tool_off))

    @property
    def tools_off(self) -> SwitchedOff:
        """The tools that are off here."""
        return SwitchedOff.of(self.conversation.tool_switches, self.conversation.preset_tools)

    def is_tool_off(self, name: str) -> bool:
        """Whether the tool that the model knows by this name is off here."""
        return self.tools_off.has(name, lasting_name(self._services, name))

    def switch_tools(self, lasting_names: Iterable[str], *, is_off: bool) -> Awaitable[None]:
        """Offer these tools, or offer them no more, from the next answer on; what was approved and has not begun asks
        again. In force at once; saved by awaiting."""
        switches = switched(self.conversation.tool_switches, lasting_names, is_off, self._services.clock.now())
        self.approvals.clear()
        return self._held.change(replace(self.conversation, tool_switches=switches))

    def arrived(self) -> tuple[TimedEvent, ...]:
        """What has come of the answer that is being written, for whoever comes later; empty where none is."""
        return self._answering.arrived()

    def so_far(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        """These nodes, the one that is being written with what has come of it."""
        return self._answering.so_far(nodes)

    def use(self, services: Services) -> None:
        """Go on through other services (another gateway) from the next turn."""
        self._services = services

    def send(self, message: Message) -> AsyncGenerator[SessionEvent, None]:
        """Ask: add the message after the path, save it, and run a turn. Calls that waited are left open."""
        return self._take_turn(self._ask(message, self.conversation.head_id))

    def edit(self, node_id: str, message: Message) -> AsyncGenerator[SessionEvent, None]:
        """Ask another question in the place of one that was asked; the old branch stays."""
        node = self.tree.get(node_id)
        return self._take_turn(self._ask(message, node.parent_id if node else None))

    def go_on(self) -> AsyncGenerator[SessionEvent, None]:
        """Run a turn on the path as it stands: after results, or after a question whose answer never came."""
        return self._take_turn(self.answer_path())

    def answer_path(self) -> AsyncGenerator[SessionEvent, None]:
        """Ask for one answer on the path as it stands, and for nothing that may follow from it: see `go_on`."""
        return self._answering.answer(None, self.conversation.head_id, self.conversation.model)

    def retry(self, model: str = "", node_id: str | None = None) -> AsyncGenerator[SessionEvent, None]:
        """Answer the last question, or the one before this node, once more beside its answer, by `model` if given."""
        head = node_id or self.conversation.head_id
        for node in reversed(self.tree.path(head)):
            head = node.id
            if node.message.role is not Role.ASSISTANT:
                break
            head = node.parent_id
        return self._take_turn(self._answering.answer(None, head, model or self.conversation.model))

    def answer_with(self, request: Request, parent_id: str, marks: Marks) -> AsyncGenerator[SessionEvent, None]:
        """Ask otherwise than the path alone would: for the rest of an answer, for a summary."""
        return self._take_turn(self._answering.answer(None, parent_id, request.model, request, marks))

    def run_approved(self) -> AsyncGenerator[SessionEvent, None]:
        """Run a turn that begins with the calls that wait: those that are approved are run."""
        return self._take_turn(None)

    def runs(self, call_id: str) -> bool:
        """A call is being run now."""
        return self._turn is not None and self._turn.runs(call_id)

    def keeps_apart(self, plan: ToolPlan) -> bool:
        """A call runs now that this plan cannot run beside: one of the two runs alone."""
        running = (*self.side_runs.plans, *(self._turn.plans if self._turn is not None else ()))
        return bool(running) and any(each.runs_alone for each in (plan, *running))

    def stop(self, failure: Failure | None = None) -> None:
        """End the running turn at once: its generator still yields what arrived and an AnswerEnded. A call that was
        being run waits for a result.

        The answer ends as CANCELLED, or, where a `failure` says why we gave up (a time limit, a budget), as TRUNCATED
        with it: as ERROR where nothing had arrived.
        """
        self.approvals.clear()
        if self._turn is not None:
            self._turn.stop()
        self._answering.stop(failure)

    def _look_again(self) -> None:
        if self._turn is not None:
            self._turn.look_again()

    async def _take_turn(self, first: AsyncGenerator[SessionEvent, None] | None) -> AsyncGenerator[SessionEvent, None]:
        if self._turn is not None:
            raise RuntimeError("a turn is running already")
        turn = self._turn = Turn(self, self.tool_use, self._services.clock.monotonic)
        said: PhaseChanged | None = None
        is_whole = False
        try:
            async with aclosing(turn.events(first)) as events:
                async for event in events:
                    if isinstance(event, PhaseChanged):
                        said = event
                    running = (*turn.running, event.call) if isinstance(event, ToolStarted) else turn.running
                    if isinstance(event, ToolStarted | ToolFinished | ToolStopped) and running:
                        changed = self._phases.running(running)
                        if changed != said:
                            yield (said := changed)
                    yield event
            is_whole = True
        finally:
            if not is_whole:  # closed, cancelled or broken: what was approved for it is asked for again
                self.approvals.clear()
            self._turn = None
            rests = self._phases.ended(self.pending_calls)
        if rests != said:
            yield rests

    def _ask(self, message: Message, parent_id: str | None) -> AsyncGenerator[SessionEvent, None]:
        question = self._held.new_node(parent_id, message)
        return self._answering.answer(question, question.id, self.conversation.model)

    async def answer_call(
        self, call_id: str, content: str, *, is_error: bool = False, beside: tuple[Image | Media, ...] = ()
    ) -> ToolFinished:
        """Give a pending call its result, with what came beside its words. The turn goes on with `go_on()` once nothing
        is pending.

        Raises:
            KeyError: no pending call has this id.
        """
        call = {call.id: call for call in self.pending_calls}[call_id]
        self.approvals.take(call_id)  # what was approved for it while it ran would outlive it
        result = ToolResult(call_id, call.name, content, is_error)
        if self._turn is not None:
            self._turn.answered(call_id)
        node = self._held.new_node(self.conversation.head_id, Message(Role.TOOL, (result, *beside)))
        self._held.put_at_head(node)
        if self._turn is not None and (running := self._turn.running):
            self._phases.running(running)
        else:
            self._phases.ended(self.pending_calls)
        await self._held.save(node)
        return ToolFinished(call_id, node)

    def set_model(self, model: str) -> Awaitable[None]:
        """The next question goes to this model, from this call on; awaiting saves that. What was answered keeps its
        own."""
        return self._held.change(replace(self.conversation, model=model))

    async def set_system(self, text: str) -> None:
        """The system prompt of the next requests; empty sends none."""
        await self._held.change(replace(self.conversation, system=text))

    async def rename(self, title: str) -> None:
        """Give the conversation the title that the person wants; no model changes it any more."""
        await self._held.change(replace(self.conversation, title=without_harmful(title), is_named=True))

    @property
    def held(self) -> HeldConversation:
        """What takes what another program has done to it: `see_title`, `see_filed`, `see_marks`, `see_added`."""
        return self._held

    async def take_title(self, given: GivenTitle, *, may_look_up: bool = True) -> None:
        """Take the title that a model gave, unless the person has given one, and count what it cost."""
        if given.title and not self.conversation.is_named:
            await self._held.change(replace(self.conversation, title=given.title), brings_back=False)
        if given.reply is not None:
            await self._billing.bill_title(self.conversation.id, given.reply, may_look_up=may_look_up)

    def show(self, node_id: str) -> Awaitable[None]:
        """Make the newest line through this node the path (another variant, another branch)."""
        return self.go_to(self.tree.leaf(node_id))

    def go_to(self, head_id: str | None) -> Awaitable[None]:
        """Make the line that ends with this node the path."""
        return self._held.change(replace(self.conversation, head_id=head_id))

    def add(self, message: Message, parent_id: str | None, marks: Marks = UNMARKED) -> Awaitable[Node]:
        """Add a message that nobody is asked to answer, and make it the end of the path; in force at once, saved by
        awaiting."""
        node = self._held.new_node(parent_id, message, marks)
        self._held.put_at_head(node)
        return self._held.save_node(node)

    def mark(self, node_id: str, marks: Marks) -> Awaitable[Node]:
        """Give a message these marks and no others; in force at once, saved by awaiting.

        Raises:
            KeyError: there is no such message.
        """
        if (node := self.tree.get(node_id)) is None:
            raise KeyError(node_id)
        return self._held.mark(node, marks)

    def set_sampling(self, own: Sampling, preset: str, of_preset: Sampling) -> Awaitable[None]:
        """How the next answers are asked for: with its own parameters, then those of a preset."""
        return self._held.change(replace(self.conversation, sampling=own, preset=preset, preset_sampling=of_preset))

    def set_preset(self, name: str, sampling: Sampling, tools: tuple[str, ...] | None) -> Awaitable[None]:
        """Ask with what a preset has from now on, in the place of the one before. One that says something of tools
        goes before what was switched by hand."""
        before, switches = self.conversation, self.conversation.tool_switches
        if tools is not None:
            switches = switched(switches, [each.name for each in switches], None, self._services.clock.now())
        if (tools, switches) != (before.preset_tools, before.tool_switches):
            self.approvals.clear()
        of_preset = {"preset": name, "preset_sampling": sampling, "preset_tools": tools}
        return self._held.change(replace(before, tool_switches=switches, **of_preset))

    def set_budget(self, usd: Decimal | None) -> Awaitable[None]:
        """What may be spent in this conversation from now on; None leaves it to the settings."""
        return self._held.change(replace(self.conversation, budget_usd=usd))

    async def fork(self, node_id: str) -> "Session":
        """A new conversation with a copy of the path up to this node."""
        services, path = self._services, self.tree.path(node_id)
        conversation, nodes = copied(self.conversation, path, services.new_id, services.clock.now())
        fork = Session(services, conversation, Tree(nodes), is_temporary=self.is_temporary)
        await fork._held.save(*nodes)
        return fork

    async def keep(self) -> None:
        """Turn a temporary conversation into a saved one."""
        self._held.is_temporary = False
        await self._held.save(*self.tree.nodes())
        self._services.budgets.keep(self.conversation.id)
