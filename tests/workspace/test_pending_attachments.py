"""What goes along with a message: named by `@word`, refused once, and sent as it is the second time."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.workspace.conversing import completer_of, followed, said, saying, state_of, talking, texts
from tui_chat.chat.session import Session
from tui_chat.core.errors import AttachmentError
from tui_chat.core.models import ModelInfo
from tui_chat.core.parts import File, Image, Part, user_message
from tui_chat.core.tree import Node
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.pending_attachments import PendingAttachments, without_mentions
from tui_chat.workspace.state import State

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)
BLIND = ModelInfo(id="test/model", input_modalities=("text",))
SEEING = ModelInfo(id="seeing/model", input_modalities=("text", "image"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a text and a picture in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("Buy milk.")
    (tmp_path / "cat.png").write_bytes(PNG)
    return tmp_path


def names(parts: Sequence[Part]) -> list[str]:
    return [part.name for part in parts if isinstance(part, File | Image)]


def asked(conversation: OpenConversation) -> list[str]:
    """What the first question brought along."""
    return names(conversation.session.path[0].message.parts)


async def test_a_word_that_names_a_file_brings_it_along() -> None:
    conversation = talking(saying("Milk."))
    await said(conversation, "what is in @notes.txt ?")
    assert conversation.session.path[0].message.parts[0] == File("notes.txt", "Buy milk.")
    assert texts(conversation) == ["what is in @notes.txt ?", "Milk."]


async def test_a_message_that_waits_brings_along_what_the_file_is_when_it_is_sent(folder: Path) -> None:
    def change() -> None:
        conversation.submit("what is in @notes.txt ?")
        (folder / "notes.txt").write_text("Buy bread.")

    conversation = talking(saying("1", change), saying("2"))
    await said(conversation, "a")
    assert conversation.session.path[2].message.parts[0] == File("notes.txt", "Buy bread.")


async def test_refused_once_and_sent_as_it_is_the_second_time() -> None:
    conversation = talking(saying("I see notes alone."))
    text = "compare @notes.txt with @./none.txt"
    assert await said(conversation, text) == [f"not sent: {text} (./none.txt: no such file.)"]
    assert state_of(conversation) is State.IDLE
    assert not conversation.session.path
    assert await said(conversation, text) == [f"asked {text}", "saved", "complete: I see notes alone."]
    assert asked(conversation) == ["notes.txt"]


async def test_refused_again_where_the_text_is_another_one() -> None:
    conversation = talking()
    for text in ("see @./none.txt", "see @./none.txt please", "see @./none.txt"):
        assert await said(conversation, text) == [f"not sent: {text} (./none.txt: no such file.)"]


async def test_what_was_refused_does_not_count_after_something_was_sent() -> None:
    conversation = talking(saying("1"))
    refused = ["not sent: see @./none.txt (./none.txt: no such file.)"]
    assert await said(conversation, "see @./none.txt") == refused
    await said(conversation, "hello")
    assert await said(conversation, "see @./none.txt") == refused


async def test_what_one_conversation_refused_another_refuses_too() -> None:
    first = talking()
    second = OpenConversation(Session.new(first.services))
    for conversation in (first, second):
        assert await said(conversation, "see @./none.txt") == ["not sent: see @./none.txt (./none.txt: no such file.)"]


async def test_what_a_person_did_not_see_names_nothing() -> None:
    session = talking(saying("1")).session
    conversation = OpenConversation(session, visible=lambda text: text.replace("@notes.txt", "[pasted]"))
    await said(conversation, "a log: @notes.txt")
    assert asked(conversation) == []


async def test_a_word_that_names_nothing_is_only_a_word() -> None:
    conversation = talking(saying("1"))
    await said(conversation, "ask @somebody about it")
    assert asked(conversation) == []


# Pictures


async def test_a_picture_goes_to_a_model_that_takes_some() -> None:
    conversation = talking(saying("A cat."), models=[BLIND, SEEING], default_model="seeing/model")
    await said(conversation, "what is @cat.png ?")
    assert asked(conversation) == ["cat.png"]


async def test_a_picture_to_a_model_that_takes_none_is_refused_with_a_model_that_does() -> None:
    conversation = talking(saying("A cat."), models=[BLIND, SEEING])
    for _ in range(2):
        (words,) = await said(conversation, "what is @cat.png ?")
        assert words == "not sent: what is @cat.png ? (test/model takes no pictures (cat.png is one).)"
    await conversation.set_model("seeing/model")
    await said(conversation, "what is @cat.png ?")
    assert asked(conversation) == ["cat.png"]
    assert completer_of(conversation).requests[0].model == "seeing/model"


async def test_a_whole_message_with_a_picture_is_refused_too() -> None:
    conversation = talking(models=[BLIND])
    conversation.ask(user_message("hello", (Image("data:image/png;base64,AA", "cat.png"),)))
    assert (await followed(conversation))[0].startswith("not sent: hello (test/model takes no pictures")
    assert conversation.unsaved == conversation.take_unsent() == ""


async def test_where_nobody_knows_what_the_model_takes_the_gateway_is_asked() -> None:
    conversation = talking(saying("1"))
    await said(conversation, "what is @cat.png ?")
    assert asked(conversation) == ["cat.png"]


# Apart from any conversation


def question(text: str, *parts: File) -> Node:
    return Node("q", None, 0.0, user_message(text, parts))


async def test_a_file_that_is_gone_is_kept_from_the_question_that_is_edited() -> None:
    attached, before = PendingAttachments(), question("see @./gone.txt", File("./gone.txt", "It was here."))
    assert await attached.parts("see @./gone.txt again", before) == (File("./gone.txt", "It was here."),)


async def test_a_file_that_has_changed_comes_as_it_is_now() -> None:
    attached, before = PendingAttachments(), question("see @notes.txt", File("notes.txt", "Old."))
    assert await attached.parts("see @notes.txt", before) == (File("notes.txt", "Buy milk."),)


def test_looking_what_is_kept_changes_nothing() -> None:
    attached = PendingAttachments()
    edited, other = question("see a", File("a.txt", "A")), Node("other", None, 0.0, user_message("b"))
    attached.edits(edited)
    attached.detach(["a.txt"])
    assert attached.kept("", other) == attached.kept("", None) == ()
    assert attached.kept("see a", edited) == ()


async def test_too_much_is_refused_as_a_whole() -> None:
    with pytest.raises(AttachmentError):
        await PendingAttachments().parts(" ".join(f"@./none{number}.txt" for number in range(51)))


async def test_what_is_named_can_be_looked_at_before_it_is_sent() -> None:
    named = await PendingAttachments().named("@notes.txt and @cat.png and @./none.txt")
    assert [(file.name, bool(file.problem)) for file in named] == [
        ("notes.txt", False),
        ("cat.png", False),
        ("./none.txt", True),
    ]
    assert await PendingAttachments().named("nothing") == ()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("see @a.txt, and @b.txt", "see , and @b.txt"),
        ("@a.txt what is it?", "what is it?"),
        ('see @"a.txt" twice: @a.txt', "see twice: "),
        ("a@a.txt is an address", "a@a.txt is an address"),
    ],
)
def test_a_word_is_taken_out_of_the_text(text: str, left: str) -> None:
    assert without_mentions(text, {"a.txt"}) == left
