"""Rows of real lists, as each gateway's own documentation shows them, and what nobody would believe."""

import json
from decimal import Decimal

import pytest

from tui_chat.core.models import Ability, ModelInfo, ModelKind
from tui_chat.core.usage import Price, PriceTier
from tui_chat.providers.models_wire import read_models


def usd(text: str) -> Decimal:
    return Decimal(text)


def only(body: object) -> ModelInfo:
    models = read_models(json.dumps(body).encode())
    assert models is not None
    assert len(models) == 1
    return models[0]


OPENROUTER = {
    "id": "google/gemini-2.5-pro",
    "canonical_slug": "google/gemini-2.5-pro",
    "hugging_face_id": "",
    "name": "Google: Gemini 2.5 Pro",
    "created": 1750169544,
    "description": "For reasoning.",
    "context_length": 1048576,
    "architecture": {
        "modality": "text+image->text",
        "input_modalities": ["file", "image", "text", "audio"],
        "output_modalities": ["text"],
        "tokenizer": "Gemini",
        "instruct_type": None,
    },
    "pricing": {
        "prompt": "0.00000125",
        "completion": "0.00001",
        "request": "0",
        "image": "0.00516",
        "web_search": "0",
        "internal_reasoning": "0",
        "input_cache_read": "0.00000031",
        "input_cache_write": "0.000001625",
    },
    "top_provider": {"context_length": 1048576, "max_completion_tokens": 65536, "is_moderated": False},
    "per_request_limits": None,
    "supported_parameters": ["include_reasoning", "max_tokens", "reasoning", "tools", "tool_choice"],
}


def test_a_row_of_openrouter() -> None:
    model = only({"data": [OPENROUTER]})

    assert model.price == Price(
        usd("0.00000125"), usd("0.00001"), usd("0.00000031"), usd("0.000001625"), None, usd("0"), usd("0.00516")
    )
    assert [model.has(each) for each in Ability] == [True] * 5
    assert (model.context_tokens, model.max_output_tokens, model.created) == (1048576, 65536, 1750169544)


def test_a_model_of_openrouter_whose_price_varies() -> None:
    row = {**OPENROUTER, "id": "openrouter/auto", "pricing": {"prompt": "-1", "completion": "-1"}}

    assert only({"data": [row]}).price == Price()


def test_tiers_of_a_provider_in_openrouters_form() -> None:
    pricing = [{"prompt": "0.000002", "completion": "0.00001"}, {"prompt": "0.000004", "min_context": 200000}]

    assert only([{"id": "m", "pricing": pricing}]).price == Price(
        usd("0.000002"), usd("0.00001"), tiers=(PriceTier(200000, usd("0.000004")),)
    )


def test_a_row_of_together() -> None:
    row = {
        "id": "meta-llama/Llama-3.3-70B-Instruct-Turbo",
        "object": "model",
        "created": 0,
        "type": "chat",
        "running": False,
        "display_name": "Meta Llama 3.3 70B Instruct Turbo",
        "organization": "Meta",
        "link": "",
        "context_length": 131072,
        "config": {"chat_template": None, "stop": []},
        "pricing": {"hourly": 0, "input": 0.88, "output": 0.88, "cached_input": 0.22, "base": 0, "finetune": 0},
    }
    model = only([row])

    assert model.price == Price(usd("8.8E-7"), usd("8.8E-7"), usd("2.2E-7"))
    assert (model.owned_by, model.created, model.name) == ("Meta", None, "Meta Llama 3.3 70B Instruct Turbo")
    assert [model.has(each) for each in Ability] == [None] * 5


def test_a_row_of_vercel() -> None:
    row = {
        "id": "google/gemini-2.5-pro",
        "object": "model",
        "created": 1755815280,
        "owned_by": "google",
        "name": "Gemini 2.5 Pro",
        "description": "d",
        "context_window": 1048576,
        "max_tokens": 65536,
        "type": "language",
        "tags": ["file-input", "reasoning", "tool-use", "vision"],
        "pricing": {
            "input": "0.00000125",
            "output": "0.00001",
            "input_cache_read": "0.000000125",
            "input_tiers": [{"cost": "0.00000125", "max": 200001}, {"cost": "0.0000025", "min": 200001}],
            "output_tiers": [{"cost": "0.00001", "min": 0, "max": 200001}, {"cost": "0.000015", "min": 200001}],
            "input_cache_read_tiers": [{"cost": "0.00000025", "min": 200001}],
        },
    }
    model = only({"object": "list", "data": [row]})

    assert model.price == Price(
        usd("0.00000125"),
        usd("0.00001"),
        usd("0.000000125"),
        tiers=(PriceTier(200001, usd("0.0000025"), usd("0.000015"), usd("0.00000025")),),
    )
    assert [model.has(each) for each in Ability] == [True, True, None, True, True]
    assert (model.context_tokens, model.kind) == (1048576, ModelKind.CHAT)


def test_a_row_of_deepinfra() -> None:
    row = {
        "id": "deepseek-ai/DeepSeek-V3.1",
        "object": "model",
        "created": 0,
        "owned_by": "deepinfra",
        "root": "m",
        "parent": None,
        "metadata": {
            "description": "Thinks or not.",
            "context_length": 163840,
            "max_tokens": 163840,
            "pricing": {"input_tokens": 0.27, "output_tokens": 1.0, "cache_read_tokens": 0.216},
            "tags": ["chat", "prompt_cache", "reasoning_effort"],
        },
    }
    model = only({"data": [row]})

    assert model.price == Price(usd("2.7E-7"), usd("0.000001"), usd("2.16E-7"))
    assert (model.context_tokens, model.description) == (163840, "Thinks or not.")
    assert model.has(Ability.REASONS)


def test_a_row_of_litellms_model_info() -> None:
    row = {
        "model_name": "gemini",
        "litellm_params": {"model": "gemini/gemini-2.5-pro"},
        "model_info": {
            "id": "e889b5b1",
            "db_model": False,
            "key": "gemini/gemini-2.5-pro",
            "mode": "chat",
            "max_tokens": 65535,
            "max_input_tokens": 1048576,
            "max_output_tokens": 65535,
            "input_cost_per_token": 1.25e-06,
            "input_cost_per_token_above_200k_tokens": 2.5e-06,
            "output_cost_per_token_above_200k_tokens": 1.5e-05,
            "cache_read_input_token_cost": 3.125e-07,
            "cache_creation_input_token_cost": None,
            "output_cost_per_token": 1e-05,
            "output_cost_per_reasoning_token": 1.2e-05,
            "litellm_provider": "gemini",
            "supports_vision": True,
            "supports_function_calling": True,
            "supports_reasoning": True,
            "supports_audio_input": False,
            "supports_pdf_input": None,
            "supported_openai_params": ["temperature", "tools"],
        },
    }
    model = only({"data": [row]})

    assert (model.id, model.owned_by, model.kind) == ("gemini", "gemini", ModelKind.CHAT)
    assert model.price == Price(
        usd("0.00000125"),
        usd("0.00001"),
        usd("3.125E-7"),
        reasoning_usd=usd("0.000012"),
        tiers=(PriceTier(200001, usd("0.0000025"), usd("0.000015")),),
    )
    assert [model.has(each) for each in Ability] == [True, None, False, True, True]
    assert (model.context_tokens, model.max_output_tokens) == (1048576, 65535)
    assert only({"data": [{**row, "model_info": {"mode": "embedding"}}]}).kind is ModelKind.EMBEDDING


def test_a_row_of_hugging_faces_router() -> None:
    row = {
        "id": "openai/gpt-oss-120b",
        "object": "model",
        "created": 1754324524,
        "owned_by": "openai",
        "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
        "providers": [
            {"provider": "sleepy", "status": "staging", "context_length": 1, "pricing": {"input": 9, "output": 9}},
            {"provider": "groq", "status": "live", "supports_tools": False, "is_model_author": False},
            {
                "provider": "nscale",
                "status": "live",
                "context_length": 131072,
                "pricing": {"input": 0.1, "output": 0.5},
                "supports_tools": True,
                "supports_structured_output": False,
            },
        ],
    }
    model = only({"data": [row]})

    assert model.price == Price(usd("1E-7"), usd("5E-7"))
    assert [model.has(each) for each in Ability] == [False, False, False, True, None]
    assert model.context_tokens == 131072


def test_a_row_of_venice() -> None:
    row = {
        "id": "gemini-3-pro",
        "created": 1727966436,
        "object": "model",
        "owned_by": "venice.ai",
        "type": "text",
        "model_spec": {
            "availableContextTokens": 202752,
            "name": "Gemini 3 Pro",
            "traits": [],
            "offline": False,
            "capabilities": {
                "optimizedForCode": True,
                "supportsFunctionCalling": True,
                "supportsReasoning": True,
                "supportsVision": False,
                "supportsAudioInput": True,
                "quantization": "not-available",
            },
            "constraints": {"temperature": {"default": 0.8}},
            "pricing": {
                "input": {"usd": 2.5, "diem": 2.5},
                "output": {"usd": 15, "diem": 15},
                "cache_input": {"usd": 0.625, "diem": 1},
                "extended": {
                    "context_token_threshold": 200000,
                    "input": {"usd": 5},
                    "output": {"usd": 22.5},
                    "cache_input": {"usd": 1.25},
                },
            },
        },
    }
    model = only({"data": [row]})

    assert model.price == Price(
        usd("0.0000025"),
        usd("0.000015"),
        usd("6.25E-7"),
        tiers=(PriceTier(200000, usd("0.000005"), usd("0.0000225"), usd("0.00000125")),),
    )
    assert [model.has(each) for each in Ability] == [False, None, True, True, True]
    assert (model.name, model.context_tokens, model.kind) == ("Gemini 3 Pro", 202752, ModelKind.CHAT)


WRONG: tuple[object, ...] = (
    None,
    True,
    -1,
    1.5,
    1e300,
    "x",
    "NaN",
    "1e999",
    [],
    [[]],
    {},
    {"input": {"usd": []}},
    [None, 7],
)


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_a_wrong_type_in_any_field_costs_that_field_alone(wrong: object) -> None:
    good = only([OPENROUTER])
    for name in OPENROUTER:
        if name == "id":
            continue
        model = only([{**OPENROUTER, name: wrong}])
        assert model.id == good.id
        assert model.price in (good.price, Price()) or name == "pricing"
    pricing = OPENROUTER["pricing"]
    assert isinstance(pricing, dict)
    for name in (*pricing, "input_tiers", "extended", "currency", "unit"):
        price = only([{**OPENROUTER, "pricing": {**pricing, name: wrong}}]).price
        assert all(amount is None or amount >= 0 for amount in (price.prompt_usd, price.cached_usd, price.image_usd))


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e999", "-0.1", "1e-999", "1_0", "٣", "0x1", "9" * 500])
def test_what_is_no_amount_is_unknown(amount: str) -> None:
    names = ("prompt", "completion", "input_cache_read", "input_cache_write", "internal_reasoning", "request", "image")

    assert only([{"id": "m", "pricing": dict.fromkeys(names, amount)}]).price == Price()
    raw = b'[{"id": "m", "pricing": {"prompt": %s, "completion": -1e999}}]' % amount.encode()
    models = read_models(raw)
    assert models in ((), (ModelInfo("m"),))


def test_ids_that_are_huge_or_twice_there_are_passed_over() -> None:
    rows = [
        {"id": "m" * 2**20},
        {"id": "a", "name": "first"},
        {"id": "a", "name": "second"},
        {"id": "a\u0000b"},
        {"id": 5},
    ]

    assert read_models(json.dumps(rows).encode()) == (ModelInfo("a", "first"),)


def test_tiers_are_few_and_in_order() -> None:
    tiers = [{"cost": "0.000001", "min": 1_000 * (50 - number)} for number in range(50)]
    price = only([{"id": "m", "pricing": {"input": "0.000001", "output": "0", "input_tiers": tiers}}]).price

    assert len(price.tiers) == 8
    assert [each.from_tokens for each in price.tiers] == sorted(each.from_tokens for each in price.tiers)


def test_a_reasoning_price_of_zero_says_nothing_of_a_model_that_is_paid_for() -> None:
    assert only([OPENROUTER]).price.reasoning_usd is None
