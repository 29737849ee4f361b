"""A conversation and its one follower: watched or not, it goes on, and whoever comes later sees all that came."""

import asyncio

from tests.workspace.conversing import FAILURE, calling, ending, hanging, saying, talking, told
from tui_chat.chat.ports import TimedEvent
from tui_chat.chat.session_events import AnswerEnded, AnswerStarted, Notice, Phase, ReplyGrew, SessionEvent
from tui_chat.core.parts import Message, Role
from tui_chat.core.stream_events import Outcome, TextDelta
from tui_chat.core.tree import Node
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.events import ConversationEvent
from tui_chat.workspace.followed import Followed, Rested, Standing, Watch
from tui_chat.workspace.replay import Replay


class Seen:
    """What somebody who watches, and somebody who does not, was told."""

    def __init__(self) -> None:
        self.events: list[ConversationEvent] = []
        self.apart: list[ConversationEvent | Rested] = []
        self.given_back: list[str] = []
        self.rests = 0
        self.watch = Watch(self.events.append, self.given_back.append, self._rested)

    def _rested(self) -> None:
        self.rests += 1

    def tell(self, followed: Followed, event: ConversationEvent | Rested) -> None:
        """Be told out of sight."""
        self.apart.append(event)


def standing_of(followed: Followed) -> Standing:
    """How it stands now; a type checker holds that a property does not change between two claims."""
    return followed.standing


def followed_one(conversation: OpenConversation) -> tuple[Followed, Seen]:
    seen = Seen()
    return Followed(conversation, seen.tell), seen


async def test_watched_each_event_is_shown_and_it_is_read() -> None:
    followed, seen = followed_one(talking(saying("one")))
    followed.watch(seen.watch)
    followed.conversation.submit("hello")
    assert standing_of(followed) is Standing.BUSY
    await followed.follow()
    assert told(seen.events) == ["asked hello", "saved", "complete: one"]
    assert (seen.rests, seen.apart) == (1, [])
    assert standing_of(followed) is Standing.IDLE
    assert followed.is_free


async def test_out_of_sight_it_goes_on_with_its_queue_and_is_unread_until_it_is_watched() -> None:
    followed, seen = followed_one(talking(saying("one"), saying("two")))
    followed.conversation.submit("hello")
    followed.conversation.submit("again")
    await followed.follow()
    events = [event for event in seen.apart if not isinstance(event, Rested)]
    first, second = ["asked hello", "saved", "complete: one"], ["asked again", "saved", "complete: two"]
    assert told(events) == [*first, "waiting", *second]
    assert seen.apart[-1] == Rested()
    assert not any(isinstance(event, ReplyGrew) for event in seen.apart)
    assert (followed.standing, followed.words, followed.is_free) == (Standing.UNREAD, "done, unread", False)
    followed.watch(seen.watch)
    assert standing_of(followed) is Standing.IDLE


async def test_a_watcher_may_come_and_go_in_mid_answer() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    followed, seen = followed_one(talking(saying("one ", begun.set, go_on, "two")))
    followed.watch(seen.watch)
    followed.conversation.submit("hello")
    following = asyncio.create_task(followed.follow())
    await begun.wait()
    followed.unwatch()
    late = Seen()
    replayed = followed.so_far()
    followed.watch(late.watch)
    go_on.set()
    await following
    assert _text(replayed) == "one "
    assert _text(late.events) == "two"
    assert told(late.events) == ["complete: one two"]
    assert seen.rests == 0


async def test_a_failure_out_of_sight_gives_back_its_queue_and_says_why() -> None:
    followed, _ = followed_one(talking(ending(Outcome.ERROR, "one")))
    followed.conversation.submit("hello")
    followed.conversation.submit("again")
    followed.conversation.submit("and again")
    await followed.follow()
    assert (followed.standing, followed.words, followed.failure) == (Standing.FAILED, "failed", FAILURE)
    assert followed.returned == ("again", "and again")
    assert followed.take_returned() == ("again", "and again")
    assert followed.take_returned() == ()


async def test_a_call_that_waits_asks_whether_it_was_seen_or_not() -> None:
    followed, seen = followed_one(talking(calling("time")))
    followed.conversation.submit("hello")
    await followed.follow()
    assert (followed.standing, followed.words) == (Standing.ASKS, "waits for you")
    followed.watch(seen.watch)
    assert standing_of(followed) is Standing.ASKS
    assert not followed.is_free


async def test_a_message_that_never_became_a_question_comes_back() -> None:
    followed, seen = followed_one(talking(saying("one")))
    followed.conversation.submit("@./none hello")
    await followed.follow()
    assert followed.returned == ("@./none hello",)
    assert standing_of(followed) is Standing.FAILED
    followed.watch(seen.watch)
    assert not followed.is_free


async def test_cancelled_in_mid_answer_it_is_saved_and_busy_no_more() -> None:
    begun = asyncio.Event()
    followed, _ = followed_one(talking(hanging("one", begun.set)))
    followed.conversation.submit("hello")
    following = asyncio.create_task(followed.follow())
    await begun.wait()
    assert followed.words.startswith(Phase.WRITING)
    following.cancel()
    await asyncio.wait({following})
    assert standing_of(followed) is Standing.IDLE
    assert followed.conversation.session.path[-1].message.text == "one"


async def test_of_a_temporary_conversation_only_what_was_said_in_it_keeps_it_open() -> None:
    followed, seen = followed_one(talking(saying("one"), is_temporary=True))
    assert followed.is_free
    followed.watch(seen.watch)
    followed.conversation.submit("hello")
    await followed.follow()
    assert (followed.standing, followed.exists_only_here, followed.is_free) == (Standing.IDLE, True, False)


# The replay

DRAFT = Node("a", "q", 0.0, Message(Role.ASSISTANT, ()))


def _text(events: "list[ConversationEvent] | tuple[SessionEvent, ...]") -> str:
    return "".join(
        event.event.text for event in events if isinstance(event, ReplyGrew) and isinstance(event.event, TextDelta)
    )


def test_a_replay_is_the_start_what_was_said_beside_the_answer_and_what_the_session_has_of_it() -> None:
    replay = Replay()
    replay.add(AnswerStarted(None, DRAFT))
    replay.add(ReplyGrew("a", 1.0, TextDelta("word ")))
    replay.add(Notice(FAILURE))
    replay.add(ReplyGrew("a", 2.0, TextDelta("word")))
    assert replay.characters == len("word word")
    arrived = [TimedEvent(1.0, TextDelta("word word"))]
    assert replay.events(arrived) == (
        AnswerStarted(None, DRAFT),
        Notice(FAILURE),
        ReplyGrew("a", 1.0, TextDelta("word word")),
    )


def test_a_replay_forgets_what_the_tree_has() -> None:
    replay = Replay()
    replay.add(AnswerStarted(None, DRAFT))
    replay.add(ReplyGrew("a", 0.0, TextDelta("word")))
    replay.add(AnswerEnded(DRAFT))
    assert (replay.events([]), replay.characters) == ((), 0)
