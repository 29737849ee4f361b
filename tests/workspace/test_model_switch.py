"""What a switch of the model would lose, and what is asked before it."""

from decimal import Decimal

import pytest

from tests.fakes import ScriptedCompleter, make_services
from tui_chat.chat.session import Session
from tui_chat.core.answer import AnswerInfo
from tui_chat.core.models import Ability, Catalog, ModelInfo
from tui_chat.core.parts import File, Image, Media, Message, Role, Text, user_message
from tui_chat.core.request import Sampling, ToolDefinition
from tui_chat.core.request_size import RequestSize
from tui_chat.core.stream_events import Outcome
from tui_chat.core.tree import Conversation, Node, Tree
from tui_chat.core.usage import Price, TokenCounts
from tui_chat.workspace.attachments import attachment
from tui_chat.workspace.context_fill import ContextFill
from tui_chat.workspace.conversation import OpenConversation
from tui_chat.workspace.model_switch import Present, Verdict, brief_words, lost, points_of, present_in, question
from tui_chat.workspace.switch_way import SwitchWay

NOW = "openai/gpt-4o-mini"
FULL = ModelInfo(
    NOW,
    context_tokens=128_000,
    price=Price(Decimal("0.00000015"), Decimal("0.0000006")),
    input_modalities=("text", "image"),
    supported_parameters=("tools", "seed"),
)
SMALL = ModelInfo(
    "qwen/qwen-vl-plus",
    context_tokens=8_000,
    price=Price(Decimal("0.00000021"), Decimal("0.00000063")),
    input_modalities=("text", "image"),
    lacks=(Ability.TOOLS,),
)
STRICT = ModelInfo("acme/strict", context_tokens=200_000, input_modalities=("text",), supported_parameters=("stop",))
SILENT = ModelInfo("acme/silent")
CATALOG = Catalog((FULL, SMALL, STRICT, SILENT), fetched_at=1.0)
COUNTED = ContextFill(RequestSize(31_000, counted=31_000))
HERE = Present(COUNTED, 2, {Ability.PICTURES: 1}, Sampling(seed=3), is_begun=True)


def verdicts(model_id: str, present: Present = HERE) -> dict[str, Verdict]:
    return {point.subject: point.verdict for point in points_of(present, model_id, CATALOG)}


def test_each_part_is_held_against_what_the_model_takes() -> None:
    assert verdicts(SMALL.id) == {
        "Context": Verdict.LOST,
        "Tools": Verdict.LOST,
        "Pictures": Verdict.FITS,
        "Parameters": Verdict.UNKNOWN,
    }
    assert verdicts(STRICT.id) == {
        "Context": Verdict.FITS,
        "Tools": Verdict.LOST,
        "Pictures": Verdict.LOST,
        "Parameters": Verdict.LOST,
    }


def test_what_the_catalogue_does_not_say_is_no_loss() -> None:
    assert set(verdicts(SILENT.id).values()) == {Verdict.UNKNOWN}
    assert points_of(HERE, "not/listed", CATALOG) == ()
    assert verdicts(SMALL.id, Present(ContextFill(), 0, {}, Sampling(), is_begun=True)) == {}


def test_the_words_say_how_much_is_there_and_how_much_is_taken() -> None:
    words = {point.subject: point.words for point in points_of(HERE, SMALL.id, CATALOG)}
    assert words["Context"] == "31k are in this chat, it takes 8.0k: the next request would fail."
    estimated = HERE._replace(context=ContextFill(RequestSize(31_000)))
    (context, *_) = points_of(estimated, SMALL.id, CATALOG)
    assert context.words == "~31k are in this chat, it takes 8.0k: the next request may fail."
    assert words["Parameters"] == "not known whether it takes seed; sent."
    assert (
        brief_words(points_of(HERE, SMALL.id, CATALOG))
        == "Does not fit: 31k are in this chat, it takes 8.0k. No tools: 2 are on."
    )


def test_a_parameter_that_is_not_taken_is_named() -> None:
    (point,) = [point for point in lost(points_of(HERE, STRICT.id, CATALOG)) if point.subject == "Parameters"]
    assert point.words == "it does not take seed: not sent."


def conversing(*, tokens: int = 31_000, turns: int = 4, picture: bool = False) -> OpenConversation:
    nodes: list[Node] = []
    for turn in range(turns):
        parts = (Image("data:image/png;base64,AA", "cat.png"),) if picture else ()
        answer = AnswerInfo(NOW, outcome=Outcome.COMPLETE, counts=TokenCounts(tokens - 10, 10))
        parent = nodes[-1].id if nodes else None
        nodes.append(Node(f"q{turn}", parent, 1.0, user_message("Go on. " * 500, parts)))
        nodes.append(Node(f"a{turn}", f"q{turn}", 2.0, Message(Role.ASSISTANT, (Text("Well. " * 500),)), answer))
    tools = (ToolDefinition("t", "", {"type": "object"}),)
    services = make_services(ScriptedCompleter(), models=CATALOG.models, tools=tools, default_model=NOW)
    head = nodes[-1].id if nodes else None
    conversation = Conversation(id="c", title="", model=NOW, created_at=0.0, head_id=head)
    return OpenConversation(Session(services, conversation, Tree(nodes), is_temporary=True))


def test_documents_and_sound_that_are_not_taken_are_lost_too() -> None:
    present = HERE._replace(tools=0, given={Ability.PDF: 2, Ability.SOUND: 1})
    points = points_of(present, STRICT.id, CATALOG)
    told = [(point.subject, point.brief) for point in points if point.verdict is Verdict.LOST]
    assert told[:2] == [("PDFs", "No PDFs: 2 in this chat."), ("Sound", "No sound files: 1 in this chat.")]


def test_only_what_the_person_gave_along_counts_since_nothing_of_an_answer_is_sent_back() -> None:
    pdf = attachment("a.pdf", b"%PDF-1.7")
    asked = Node("q", None, 1.0, user_message("Read.", (pdf, File("a.md", "words"))))
    drawn = Message(Role.ASSISTANT, (Image("data:image/png;base64,AA"), Media("audio", "data:audio/wav;base64,AA")))
    session = conversing(turns=0).session
    head = Conversation(id="c", title="", model=NOW, created_at=0.0, head_id="a")
    tree = Tree([asked, Node("a", "q", 2.0, drawn, AnswerInfo(NOW, outcome=Outcome.COMPLETE))])
    assert present_in(Session(session.services, head, tree, is_temporary=True)).given == {Ability.PDF: 1}


def test_a_switch_that_loses_something_asks_and_staying_comes_first() -> None:
    asked = question(conversing(), SMALL.id)
    assert asked is not None
    assert asked.title == "Switch to qwen-vl-plus?"
    assert [way for _, way in asked.ways] == [SwitchWay.STAY, SwitchWay.SUMMARISE, SwitchWay.SWITCH]
    assert asked.stays == "keep gpt-4o-mini"
    assert asked.price == "At 31k tok a request is ~$0.00651 here, ~$0.00465 with gpt-4o-mini."
    assert asked.lines[0].startswith("▲ Context")


def test_a_summary_is_offered_only_where_it_would_help() -> None:
    asked = question(conversing(tokens=500, picture=True), STRICT.id)
    assert asked is not None
    assert [way for _, way in asked.ways] == [SwitchWay.STAY, SwitchWay.SWITCH]


@pytest.mark.parametrize("model_id", [NOW, SILENT.id, "not/listed"])
def test_a_switch_that_loses_nothing_asks_nothing(model_id: str) -> None:
    assert question(conversing(), model_id) is None


def test_an_empty_conversation_loses_nothing() -> None:
    assert question(conversing(turns=0), SMALL.id) is None
