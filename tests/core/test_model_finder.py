"""Words that find a model: what filters, what is searched, and in which order the models come."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.work import counted
from tui_chat.core.model_finder import ModelFinder
from tui_chat.core.model_query import ModelOrder, ModelQuery, read_query
from tui_chat.core.models import Ability, ModelInfo, ModelKind
from tui_chat.core.usage import Price, PriceTier

NOW = 1_772_539_200.0
DAY_S = 86_400


def per_million(prompt: str, completion: str) -> Price:
    return Price(Decimal(prompt) / 1_000_000, Decimal(completion) / 1_000_000)


MINI = ModelInfo(
    "openai/gpt-4o-mini",
    "GPT-4o mini",
    "Small and quick.",
    created=int(NOW) - 400 * DAY_S,
    owned_by="openai",
    context_tokens=128_000,
    price=per_million("0.15", "0.6"),
    input_modalities=("text", "image"),
    supported_parameters=("tools",),
)
LARGE = ModelInfo(
    "google/gemini-2.5-pro",
    "Gemini",
    created=int(NOW) - 5 * DAY_S,
    context_tokens=1_048_576,
    price=per_million("1.25", "10"),
    input_modalities=("text", "image", "file", "audio"),
    supported_parameters=("tools", "reasoning"),
)
FREE = ModelInfo("meta/llama-3.3-70b", price=Price(Decimal(0), Decimal(0)), abilities=(Ability.TOOLS,))
NAMED_FREE = ModelInfo("acme/free-spirit:free", price=per_million("1", "2"))
UNKNOWN = ModelInfo("acme/vision-1")
WHISPER = ModelInfo("openai/whisper", kind=ModelKind.SPEECH)
MODELS = (MINI, LARGE, FREE, NAMED_FREE, UNKNOWN, WHISPER)


def found(text: str, order: ModelOrder = ModelOrder.RECENT, models: tuple[ModelInfo, ...] = MODELS) -> list[str]:
    finder = ModelFinder(models, now=NOW)
    return [models[place].id.rpartition("/")[2] for place in finder.find(read_query(text), order)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("free", ["llama-3.3-70b"]),
        ("tools", ["gpt-4o-mini", "gemini-2.5-pro", "llama-3.3-70b"]),
        ("free tools", ["llama-3.3-70b"]),
        ("pictures", ["gpt-4o-mini", "gemini-2.5-pro"]),
        ("vision", ["gpt-4o-mini", "gemini-2.5-pro"]),
        ("reasons", ["gemini-2.5-pro"]),
        ("pdf sound", ["gemini-2.5-pro"]),
        ("new", ["gemini-2.5-pro"]),
        ("<1", ["gpt-4o-mini", "llama-3.3-70b"]),
        ("<$0.6", ["llama-3.3-70b"]),
        ("<0.61 pictures", ["gpt-4o-mini"]),
        (">100k", ["gpt-4o-mini", "gemini-2.5-pro"]),
        (">1M", ["gemini-2.5-pro"]),
        ("all whisper", ["whisper"]),
        ("whisper", []),
        ("<", ["gpt-4o-mini", "gemini-2.5-pro", "llama-3.3-70b", "free-spirit:free", "vision-1"]),
        ("gpt mini", ["gpt-4o-mini"]),
        ("gpt4o", ["gpt-4o-mini"]),
        ("quick", ["gpt-4o-mini"]),
        ("gmnpro", ["gemini-2.5-pro"]),
        ("GPT", ["gpt-4o-mini"]),
        ("nothing-like-it", []),
    ],
)
def test_words_filter_or_are_searched_for(text: str, ids: list[str]) -> None:
    assert found(text) == ids


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<1 pictures", "under $1 per million out, takes pictures"),
        ("free tools", "free, takes tools"),
        (">100k images sound", "context over 100k, takes pictures and sound"),
        ("reasoning <0.5", "under $0.50 per million out, reasons"),
        ("new all", "new within 90 days, also those that cannot chat"),
        ("free mini x", "free, has “mini x”"),
        ("mini", ""),
        ("< > <$", ""),
        ("", ""),
    ],
)
def test_how_the_words_were_read_is_said(text: str, said: str) -> None:
    assert read_query(text).said == said


def test_the_better_match_comes_first_then_the_shorter() -> None:
    models = tuple(map(ModelInfo, ("x/mymini", "x/gpt-mini-preview", "x/minimal", "x/mini", "x/gpt-mini")))
    assert found("mini", models=models) == ["mini", "gpt-mini", "gpt-mini-preview", "minimal", "mymini"]


def test_orders_put_the_unknown_last_and_leave_equals_as_they_are() -> None:
    assert found("", ModelOrder.CHEAPEST) == [
        "llama-3.3-70b", "gpt-4o-mini", "free-spirit:free", "gemini-2.5-pro", "vision-1",
    ]  # fmt: skip
    assert found("", ModelOrder.LARGEST)[:2] == ["gemini-2.5-pro", "gpt-4o-mini"]
    assert found("", ModelOrder.NAME) == sorted(found(""))
    assert found("a", ModelOrder.CHEAPEST)[-1] == "vision-1"


def test_an_order_is_typed_as_well_and_goes_before_the_chosen_one() -> None:
    assert found("cheapest", ModelOrder.NAME) == found("", ModelOrder.CHEAPEST)
    finder = ModelFinder(MODELS, now=NOW)
    finder.rank_by_speed((FREE.id, MINI.id, "gone"))
    assert [MODELS[place].id for place in finder.find(read_query("fastest"))][:3] == [FREE.id, MINI.id, LARGE.id]
    finder.rank_by_speed((LARGE.id,))
    assert MODELS[finder.find(read_query("fastest tools"))[0]] is LARGE


def test_orders_go_round() -> None:
    order = ModelOrder.RECENT
    for _ in ModelOrder:
        order = order.next
    assert order is ModelOrder.RECENT


def test_those_that_cannot_chat_are_told_of_where_nothing_else_fits() -> None:
    finder = ModelFinder(MODELS)
    assert (finder.would_fit(read_query("whisper")), finder.would_fit(read_query("nothing-like-it"))) == (1, 0)
    assert finder.would_fit(read_query("free pdf >900m")) == 0
    assert (finder.count(read_query("")), finder.count(read_query("all"))) == (5, 6)


def test_models_in_use_are_listed_whatever_their_kind() -> None:
    finder = ModelFinder((WHISPER, MINI), first=1)
    assert finder.find(ModelQuery()) == [0, 1]


def test_a_price_with_tiers_is_not_free() -> None:
    tiered = ModelInfo("t", price=Price(Decimal(0), Decimal(0), tiers=(PriceTier(10, Decimal(1)),)))
    assert found("free", models=(tiered,)) == []


names = st.text("abm-/1 2G", min_size=1, max_size=12)


@given(st.lists(names, max_size=8), st.text("abm-/1 2G<>", max_size=8))
@example(["121"], "112")
def test_typing_on_finds_the_same_as_typing_anew(ids: list[str], text: str) -> None:
    finder = ModelFinder([ModelInfo(each, description=each[::-1] * 3) for each in ids])
    for end in (*range(len(text) + 1), *range(len(text), -1, -1)):
        query = read_query(text[:end])
        assert finder.find(query) == ModelFinder(finder.models).find(query)


def test_each_key_among_twenty_thousand_is_a_handful_of_searches_in_c() -> None:
    finder = ModelFinder([ModelInfo(f"provider-{n % 90}/model-{n}") for n in range(20_000)])
    finder.prepare()
    with counted() as work:
        for text in ("m", "m1", "m19", "model", "model 1", "tools", "<1 mo"):
            finder.find(read_query(text))
    assert work.calls < 7 * 20_000 * 4
