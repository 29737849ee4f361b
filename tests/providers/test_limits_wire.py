"""Limits that pass by waiting and limits that do not, and the waits that stand in words and bodies."""

import json

import pytest

from tui_chat.core.errors import ErrorKind
from tui_chat.core.limits import LimitLeft, limit_words
from tui_chat.providers.failures import failure_from_status, failure_in_stream
from tui_chat.providers.limits_wire import read_duration_s, read_limits, read_reset_s

NOW = 1_790_000_000.0
PER_MINUTE = "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"
PER_DAY = "GenerateRequestsPerDayPerProjectPerModel-FreeTier"


def google(quota: str, delay: object = "6.2s", message: str = "You exceeded your current quota.") -> list[object]:
    details = [
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": quota}]},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay},
    ]
    return [{"error": {"code": 429, "message": message, "status": "RESOURCE_EXHAUSTED", "details": details}}]


def said(message: str, **fields: object) -> dict[str, object]:
    return {"error": {"message": message, **fields}}


@pytest.mark.parametrize(
    ("headers", "limits"),
    [
        (
            {
                "x-ratelimit-limit-requests": "60",
                "x-ratelimit-remaining-requests": "59",
                "x-ratelimit-reset-requests": "1s",
                "x-ratelimit-remaining-tokens": "0",
            },
            [LimitLeft("requests", 59, 60, 1.0), LimitLeft("tokens", 0)],
        ),
        (
            {"anthropic-ratelimit-input-tokens-limit": "10", "anthropic-ratelimit-input-tokens-remaining": "9"},
            [LimitLeft("input tokens", 9, 10)],
        ),
        (
            {"x-ratelimit-remaining-requests-day": "7", "x-ratelimit-limit-requests-day": "8"},
            [LimitLeft("requests a day", 7, 8)],
        ),
        (
            {"ratelimit-limit": "10", "ratelimit-remaining": "4", "ratelimit-reset": "30"},
            [LimitLeft("requests", 4, 10, 30.0)],
        ),
        ({"ratelimit": '"a";r=5;t=9', "ratelimit-policy": '"a";q=10;w=60'}, [LimitLeft("requests", 5, 10, 9.0)]),
        ({"ratelimit": "limit=10, remaining=5, reset=9"}, [LimitLeft("requests", 5, 10, 9.0)]),
        (
            {"x-ratelimit-remaining": "3", "x-ratelimit-reset": str(int((NOW + 60) * 1000))},
            [LimitLeft("requests", 3, None, 60.0)],
        ),
        (
            {"llm_provider-x-ratelimit-remaining-tokens": "1", "x-ratelimit-remaining-tokens": "2"},
            [LimitLeft("tokens", 2)],
        ),
        ({"x-ratelimit-remaining-requests": "-1", "x-ratelimit-remaining-tokens": "", "ratelimit": "none"}, []),
        ({"x-ratelimit-remaining-requests": "9" * 40, "content-length": "12"}, []),
    ],
)
def test_what_is_left_of_a_limit_is_read_and_unknown_is_not_zero(
    headers: dict[str, str], limits: list[LimitLeft]
) -> None:
    assert list(read_limits(headers, NOW)) == limits


def test_what_is_left_is_said_as_far_as_it_is_known() -> None:
    assert limit_words(LimitLeft("tokens", 149_984, 150_000, 90.0)) == (
        "149,984 of 150,000 tokens left, all again in 1 min 30 s"
    )
    assert "\x1b" not in limit_words(LimitLeft("requests\x1b[2J", 0))
    assert [LimitLeft("a", *counts).is_low for counts in ((0, None), (9, None), (1, 10), (2, 10))] == [
        True, False, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        said("You exceeded your current quota, please check your plan and billing details.", code="insufficient_quota"),
        said("Quota exceeded", type="insufficient_quota", code=None),
        said("no", type="exceeded_current_quota_error"),
        said("no", code="insufficient_user_quota"),
        said("no", code="1113"),
        said("no", code=1113),
        said("no", code="billing_hard_limit_reached"),
        said("Insufficient balance or no resource package. Please recharge."),
        said("Your credit balance is too low to access the API."),
        {"detail": "You are out of credits."},
    ],
)
def test_an_empty_balance_is_a_matter_of_payment_and_does_not_pass(body: object) -> None:
    failure = failure_from_status(429, json.dumps(body))

    assert (failure.kind, failure.retryable) == (ErrorKind.PAYMENT, False)
    assert "Top up" in failure.advice


@pytest.mark.parametrize(
    "body",
    [
        google(PER_DAY),
        google(PER_DAY, "37s", "You exceeded your current quota. Please retry in 37s."),
        said("Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 requests per day", code=429),
        said("Rate limit reached on tokens per day (TPD): Limit 100000. Please try again in 7m12.5s."),
        said("Daily limit reached"),
    ],
)
def test_the_quota_of_a_day_is_not_asked_for_again(body: object) -> None:
    failure = failure_from_status(429, json.dumps(body))

    assert (failure.kind, failure.retryable) == (ErrorKind.RATE_LIMIT, False)
    assert "quota of the day" in failure.advice


@pytest.mark.parametrize(
    ("body", "wait_s"),
    [
        (google(PER_MINUTE), 6.2),
        (google(PER_MINUTE, {"seconds": 6, "nanos": 200_000_000}), 6.2),
        (google(PER_MINUTE, "soon", "You exceeded your current quota. Please retry in 6.2s."), 6.2),
        (said("Rate limit reached for m on tokens per min (TPM): Limit 6000. Please try again in 6.1s. Visit x"), 6.1),
        (said("Rate limit reached on tokens per day (TPD). Please try again in 8.64s."), 8.64),
        (said("Please try again in 1m2.5s."), 62.5),
        (said("Please try again in 350ms."), 0.35),
        (said("Requests are limited, retry after 20 seconds"), 20.0),
        (said("Please wait for 1 minute before the next one"), 60.0),
        (said("Slow down", retry_after=3), 3.0),
        (said("Slow down", metadata={"headers": {"Retry-After": "4"}}), 4.0),
        (said("Slow down", retry_after_ms=2500), 2.5),
        (said("Slow down", retry_after=0), None),
        (said("Slow down", retry_after=True), None),
        (said("Slow down"), None),
        (said("Limit 30000, used 29500, requested 900"), None),
        ("not json", None),
    ],
)
def test_a_limit_that_passes_says_how_long_to_wait(body: object, wait_s: float | None) -> None:
    failure = failure_from_status(429, body if isinstance(body, str) else json.dumps(body))

    assert (failure.kind, failure.retryable) == (ErrorKind.RATE_LIMIT, True)
    assert failure.retry_after_s == (None if wait_s is None else pytest.approx(wait_s))


def test_the_headers_wait_counts_more_than_the_bodys() -> None:
    assert failure_from_status(429, google(PER_MINUTE), retry_after_s=2.0).retry_after_s == 2.0


def test_a_broken_server_may_say_how_long_too_and_a_refusal_may_not() -> None:
    assert failure_from_status(503, said("Loading, try again in 20s")).retry_after_s == 20.0
    assert failure_from_status(400, said("try again in 20s")).retry_after_s is None


@pytest.mark.parametrize(
    ("body", "kind", "retryable"),
    [
        (said("no", type="insufficient_quota", code=429), ErrorKind.PAYMENT, False),
        (said("Daily limit reached", code=429), ErrorKind.RATE_LIMIT, False),
        (said("Slow down", code="rate_limit_exceeded"), ErrorKind.RATE_LIMIT, True),
    ],
)
def test_limits_that_are_met_inside_a_stream_are_told_apart_too(body: object, kind: ErrorKind, retryable: bool) -> None:
    failure = failure_in_stream(body)

    assert (failure.kind, failure.retryable) == (kind, retryable)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("6.2s", 6.2),
        ("6m0s", 360.0),
        ("1h2m3s", 3723.0),
        ("120ms", 0.12),
        ("2 minutes", 120.0),
        ("1 hour, 5 minutes", 3900.0),
        ("7", 7.0),
        ("0s", None),
        ("-4", None),
        ("soon", None),
        ("nan", None),
        ("9" * 80, None),
        ("", None),
    ],
)
def test_durations_are_read_as_they_are_written(text: str, seconds: float | None) -> None:
    assert read_duration_s(text) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("6.1s", 6.1),
        ("12", 12.0),
        (str(int(NOW) + 30), 30.0),
        (str((int(NOW) + 30) * 1000), 30.0),
        ("2026-09-21T14:13:50Z", 30.0),
        (str(int(NOW) - 30), None),
        ("whenever", None),
    ],
)
def test_the_moment_of_a_reset_is_read_in_every_form(text: str, seconds: float | None) -> None:
    assert read_reset_s(text, NOW) == seconds
