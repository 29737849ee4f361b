"""The catalogue: every shape of `/models`, hostile rows, the cache and the way back to it."""

import base64
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.client.asking import KEY, QUICK
from tests.gateways.fault import FaultGateway, Script, say
from tui_chat.client.catalog import MAX_AGE_S, HttpCatalog
from tui_chat.client.http import HttpConnection
from tui_chat.core.errors import ErrorKind, GatewayError
from tui_chat.core.models import Catalog, ModelInfo
from tui_chat.core.usage import Price
from tui_chat.providers.models_wire import read_models
from tui_chat.workspace.advice import Audience, advise

ROW = {"id": "a/b:free", "context_length": 8}


def models(body: object) -> Script:
    return say(json.dumps(body).encode(), content_type="application/json")


class Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def assert_private(folder: Path) -> None:
    for file in folder.iterdir():
        assert file.stat().st_mode & 0o077 == 0
        assert KEY not in file.read_text()


def kept_in(folder: Path) -> list[str]:
    return [file.read_text() for file in folder.iterdir()]


def change_kept(folder: Path, change: Callable[[str], str]) -> None:
    for file in folder.iterdir():
        file.write_text(change(file.read_text()))


def damage(folder: Path) -> None:
    for file in folder.iterdir():
        file.write_bytes(b'{"models": 5')


def catalog_at(gateway: FaultGateway, folder: Path | None, clock: Clock) -> HttpCatalog:
    return HttpCatalog(HttpConnection(gateway.base_url, KEY, limits=QUICK, environ={}), folder, now=clock)


@pytest.mark.parametrize(
    "body", [{"data": [ROW]}, {"models": [ROW]}, [ROW], {"data": [ROW, ROW, None, 7, {}, {"id": ""}]}]
)
def test_models_are_found_in_every_shape(body: object) -> None:
    assert read_models(json.dumps(body).encode()) == (ModelInfo("a/b:free", context_tokens=8),)


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'{"data": {}}', b"[" * 100_000, b"\xff"])
def test_what_is_no_list_of_models_is_none(body: bytes) -> None:
    assert read_models(body) is None


@pytest.mark.parametrize(
    ("row", "price"),
    [
        ({"pricing": {"prompt": "0.00000015", "completion": 6e-7}}, ("0.00000015", "6E-7")),
        ({"pricing": {"prompt": "0", "completion": "0"}}, ("0", "0")),
        ({"pricing": {"prompt": "-1", "completion": "-1"}}, (None, None)),
        ({"pricing": {"input": 0.15, "output": "0.6"}}, ("1.5E-7", "6E-7")),
        ({"pricing": {"input": "0.0000025", "output": "0.00001"}}, ("0.0000025", "0.00001")),
        ({"pricing": {"prompt_per_million": 3, "completion_per_million": "15"}}, ("0.000003", "0.000015")),
        ({"input_price_per_million": 3}, ("0.000003", None)),
        ({"input_cost_per_token": 1e-6}, ("0.000001", None)),
        ({"pricing": "cheap"}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_prices_are_per_token_and_unknown_is_not_zero(row: dict[str, object], price: tuple[str | None, ...]) -> None:
    prompt, completion = (Decimal(usd) if usd is not None else None for usd in price)

    assert read_models(json.dumps([{"id": "m", **row}]).encode()) == (ModelInfo("m", price=Price(prompt, completion)),)


def test_all_that_is_said_of_a_model_is_kept() -> None:
    row = {
        "id": "m", "name": "M", "created": 5, "owned_by": "o", "description": "d", "max_model_len": "4096",
        "architecture": {"modality": "text+image->text"}, "supported_parameters": ["tools", 5],
    }  # fmt: skip

    assert read_models(json.dumps([row]).encode()) == (
        ModelInfo("m", "M", "d", 5, "o", 4096, Price(), ("text", "image"), ("tools",), output_modalities=("text",)),
    )


async def test_a_recent_catalogue_is_not_asked_for_again(tmp_path: Path) -> None:
    clock = Clock()
    async with FaultGateway(models([ROW])) as gateway:
        first = catalog_at(gateway, tmp_path, clock)
        assert first.known().models == ()
        read = await first.read()
        again = await catalog_at(gateway, tmp_path, clock).read()
        assert len(gateway.callers) == 1
        clock.now += MAX_AGE_S + 1
        await first.read()
        await first.read(refresh=True)

    assert read == again == Catalog(read.models, read.fetched_at)
    assert (gateway.callers[0].line, len(gateway.callers)) == ("GET /ai/models HTTP/1.1", 3)
    assert_private(tmp_path)


async def test_offline_the_cached_catalogue_is_used_and_marked(tmp_path: Path) -> None:
    clock = Clock()
    async with FaultGateway(models([ROW]), say(b"{}", "500 No")) as gateway:
        await catalog_at(gateway, tmp_path, clock).read()
        clock.now += MAX_AGE_S + 1
        catalog = await catalog_at(gateway, tmp_path, clock).read()

    assert catalog.is_cached
    assert catalog.get("a/b:free") is not None


async def test_what_is_kept_is_there_at_once_however_old_and_nobody_is_asked(tmp_path: Path) -> None:
    clock = Clock()
    async with FaultGateway(models([ROW])) as gateway:
        read = await catalog_at(gateway, tmp_path, clock).read()
        clock.now += 100 * MAX_AGE_S
        catalog = catalog_at(gateway, tmp_path, clock)
        kept = await catalog.cached()
        assert len(gateway.callers) == 1

    assert kept == catalog.known() == Catalog(read.models, read.fetched_at)
    assert await catalog_at(gateway, None, clock).cached() == Catalog()


async def test_the_list_is_kept_with_its_gateway_but_not_with_its_query(tmp_path: Path) -> None:
    async with FaultGateway(models([ROW])) as gateway:
        connection = HttpConnection(f"{gateway.base_url}?code=q1w2e3r4t5", KEY, limits=QUICK, environ={})
        await HttpCatalog(connection, tmp_path, now=Clock()).read()

    (text,) = kept_in(tmp_path)
    assert json.loads(text)["gateway"] == gateway.base_url
    assert "q1w2e3r4t5" not in text


async def test_a_list_of_another_gateway_is_not_taken_for_this_ones(tmp_path: Path) -> None:
    async with FaultGateway(models([ROW])) as gateway:
        await catalog_at(gateway, tmp_path, Clock()).read()
        change_kept(tmp_path, lambda text: text.replace(gateway.base_url, "http://elsewhere.invalid/ai"))
        assert await catalog_at(gateway, tmp_path, Clock()).cached() == Catalog()


async def test_the_list_of_an_earlier_program_is_read(tmp_path: Path) -> None:
    async with FaultGateway(models([ROW])) as gateway:
        catalog = catalog_at(gateway, tmp_path, Clock())
        await catalog.read()
        row = {"id": "m", "name": "", "price": {"prompt_usd": "0.1"}}
        change_kept(tmp_path, lambda _: json.dumps({"models": [row], "fetched_at": 5.0, "is_cached": False}))
        kept = await catalog_at(gateway, tmp_path, Clock()).cached()

    assert kept.get("m") == ModelInfo("m", price=Price(Decimal("0.1")))


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (say(b"<html>", content_type="text/html"), ErrorKind.PROTOCOL),
        (say(f'{{"error": "bad key {KEY}"}}'.encode(), "401 No"), ErrorKind.AUTHENTICATION),
        (say(b"not found", "404 No"), ErrorKind.NOT_FOUND),
        (say(b"", "302 Found", Location="http://evil.invalid/"), ErrorKind.PROTOCOL),
    ],
)
async def test_a_broken_list_is_an_error_in_words(script: Script, kind: ErrorKind) -> None:
    async with FaultGateway(script) as gateway:
        with pytest.raises(GatewayError) as caught:
            await catalog_at(gateway, None, Clock()).read()

    assert caught.value.failure.kind is kind
    assert KEY not in repr(caught.value.failure)


async def test_an_old_list_says_why_it_is_one(tmp_path: Path) -> None:
    async with FaultGateway(models([ROW]), say(b"{}", "401 No")) as gateway:
        catalog = catalog_at(gateway, tmp_path, Clock())
        await catalog.read()
        old = await catalog.read(refresh=True)

    assert old.failure is not None
    assert (old.is_cached, old.failure.kind) == (True, ErrorKind.AUTHENTICATION)
    assert catalog_at(gateway, tmp_path, Clock()).known().failure is None


async def test_the_key_stands_neither_in_the_list_nor_in_its_cache(tmp_path: Path) -> None:
    row = {
        "id": f"a/{KEY}", "name": base64.b64encode(KEY.encode()).decode(), "description": f"for {KEY}",
        "owned_by": KEY, "supported_parameters": [KEY],
    }  # fmt: skip
    async with FaultGateway(models([row, ROW])) as gateway:
        read = await catalog_at(gateway, tmp_path, Clock()).read()

    hidden = KEY.removeprefix("sr_")
    assert read.models[1].id == "a/b:free"
    for shown in (repr(read), *kept_in(tmp_path)):
        assert hidden not in shown
        assert base64.b64encode(KEY.encode()).decode()[4:-4] not in shown


@pytest.mark.parametrize("status", ["404 No", "500 No", "429 No", "403 No"])
@pytest.mark.parametrize("audience", [Audience.LIST, Audience.CHAT])
async def test_the_advice_on_a_list_speaks_of_a_list(status: str, audience: Audience) -> None:
    async with FaultGateway(say(b"{}", status)) as gateway:
        with pytest.raises(GatewayError) as raised:
            await catalog_at(gateway, None, Clock()).read()

    advice = advise(raised.value.failure, audience)
    assert "another model" not in advice
    assert audience is Audience.CHAT or "/models" not in advice
    assert "-m chooses" not in advice
    assert advice


async def test_a_damaged_cache_is_as_good_as_none(tmp_path: Path) -> None:
    async with FaultGateway(models([ROW])) as gateway:
        await catalog_at(gateway, tmp_path, Clock()).read()
        damage(tmp_path)
        catalog = await catalog_at(gateway, tmp_path, Clock()).read()

    assert len(catalog.models) == 1
    assert not catalog.is_cached


def test_twenty_thousand_models_are_read() -> None:
    rows = [{"id": f"p/m{number}", "pricing": {"prompt": "0.1"}} for number in range(20_000)]

    assert len(read_models(json.dumps(rows).encode()) or ()) == 20_000


async def test_an_error_that_came_instead_of_the_list_is_said_with_the_way_out() -> None:
    script = models({"error": "Unexpected endpoint or method. (GET /models)"})
    async with FaultGateway(script) as gateway:
        with pytest.raises(GatewayError) as raised:
            await catalog_at(gateway, None, Clock()).read()

    assert "Unexpected endpoint" in raised.value.failure.message
    assert "/v1" in raised.value.failure.advice


async def test_what_is_left_on_the_account_is_told_with_the_list_and_not_kept(tmp_path: Path) -> None:
    body = json.dumps({"data": [ROW]}).encode()
    async with FaultGateway(say(body, content_type="application/json", X_Balance="12.40")) as gateway:
        catalog = await catalog_at(gateway, tmp_path, Clock()).read(refresh=True)
        again = await catalog_at(gateway, tmp_path, Clock()).read()
    assert (catalog.balance_usd, again.balance_usd) == (Decimal("12.40"), None)


async def test_a_web_page_in_place_of_a_list_is_said_to_be_one(tmp_path: Path) -> None:
    async with FaultGateway(say(b"\n<!doctype html><title>Hi</title>", content_type="text/html")) as gateway:
        with pytest.raises(GatewayError, match="a web page") as caught:
            await catalog_at(gateway, None, Clock()).read()
    assert "/v1" in caught.value.failure.advice
