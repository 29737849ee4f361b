"""What is left on an account, in the shapes in which it may be told."""

import json
from decimal import Decimal

import pytest

from tui_chat.providers.balance_wire import read_balance


@pytest.mark.parametrize(
    "header",
    [
        ("x-balance", "12.40"),
        ("X-Balance-USD", "$12.40"),
        ("x-solrouter-balance", "12.40 USD"),
        ("X-Account-Balance", "12.40"),
        ("x-credits-remaining", "12.40"),
    ],
)
def test_a_header_tells_the_balance(header: tuple[str, str]) -> None:
    assert read_balance([("date", "today"), header], b"[]") == Decimal("12.40")


@pytest.mark.parametrize(
    "body",
    [
        {"data": [], "balance": 12.4},
        {"data": [], "balanceUsd": "12.40"},
        {"data": [], "account": {"credits_remaining": "12.40"}},
        {"data": [], "meta": {"balance": {"amount": 12.4, "currency": "USD"}}},
    ],
)
def test_a_body_tells_the_balance(body: object) -> None:
    assert read_balance([], json.dumps(body).encode()) == Decimal("12.40")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-ratelimit-remaining-requests", "12"),
        ("x-venice-balance-diem", "3"),
        ("x-load-balancer", "7"),
        ("x-balance", "plenty"),
        ("x-balance", "NaN"),
    ],
)
def test_a_header_that_tells_something_else_is_no_balance(name: str, value: str) -> None:
    assert read_balance([(name, value)], b"{}") is None


@pytest.mark.parametrize(
    "body",
    [
        b'{"balance": 12.4, "currency": "EUR"}',
        b'{"balance": true}',
        b'{"balance": ',
        b'{"data": [{"id": "credit", "credits": 5}]}',
        b"<html>balance</html>",
        b'[{"balance": 5}]',
    ],
)
def test_a_body_that_tells_something_else_is_no_balance(body: bytes) -> None:
    assert read_balance([], body) is None
