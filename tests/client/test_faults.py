"""Which test proves what about which fault: numbers 1 to 37 are those of the project's page on reliability, section 5.

     1  port closed                test_before_the_answer  test_a_closed_port_is_named_and_tried_again
     2  DNS failure                test_before_the_answer  test_a_host_that_does_not_exist_is_named
     3  no network at all          test_connecting         test_without_a_network_that_is_what_is_said
     4  black hole                 test_connecting         test_a_black_hole_ends_at_its_limit_and_names_it
     5  slow headers               test_before_the_answer  test_headers_have_a_real_deadline
     6  certificate bad            test_connecting         test_a_certificate_that_nobody_vouches_for_is_not_trusted
     7  TLS to a plain port        test_before_the_answer  test_tls_to_a_plain_port_names_the_likely_cause
     7  plain to a TLS port        test_connecting         test_plain_words_to_a_tls_port_name_the_likely_cause
     8  not HTTP                   test_before_the_answer  test_a_server_that_speaks_no_http_is_said_to
     9  proxies: loopback        test_before_the_answer  test_a_gateway_on_this_machine_is_never_reached_through_a_proxy
     9  proxies: elsewhere         test_connecting         test_a_gateway_elsewhere_is_reached_through_the_proxy
     9  proxies: NO_PROXY          test_connecting         test_a_host_that_needs_no_proxy_gets_none
     9  proxies: socks             test_connecting         test_a_socks_proxy_without_its_package_is_said
    10  base URL typed wrong       settings.test_base_url  test_what_was_meant_is_understood
    11  key pasted with newline    settings.test_secrets   test_a_key_is_taken_out_of_what_was_pasted
    11  key that is no header      test_errors             test_a_key_that_no_header_can_carry_is_said_without_it
    12  401                        test_before_the_answer  test_a_refusal_is_told_once_in_the_servers_words
    13  key echoed                 test_before_the_answer  test_the_key_goes_out_once_and_never_comes_back
    14  402, 403, 404, 413, 422    test_before_the_answer  test_a_refusal_is_told_once_in_the_servers_words
    15  429 with a wait            test_before_the_answer  test_a_rate_limit_waits_as_long_as_it_was_asked_to
    15  429, stopped               test_the_stream         test_a_wait_before_a_retry_can_be_cancelled
    16  429 nonsense               test_before_the_answer  test_a_rate_limit_waits_as_long_as_it_was_asked_to
    17  429 a day                  test_before_the_answer  test_a_rate_limit_waits_as_long_as_it_was_asked_to
    18  5xx then good              test_before_the_answer  test_what_may_pass_is_tried_again
    19  5xx for ever               test_before_the_answer  test_what_does_not_pass_ends_in_the_servers_words
    20  gateway page, portal, 204  test_before_the_answer  test_an_answer_that_is_none_is_said_in_one_line
    21  refused while uploading    test_connecting         test_a_refusal_in_the_middle_of_the_upload_is_told
    22  redirect elsewhere         test_before_the_answer  test_a_redirect_is_not_followed
    23  redirect to itself, file:  test_before_the_answer  test_a_redirect_is_not_followed
    24  model list broken          test_catalog            test_a_broken_list_is_an_error_in_words
    24  20,000 models              test_catalog            test_twenty_thousand_models_are_read
    25  silence at first           test_the_stream         test_silence_before_the_first_token_ends_at_its_limit
    26  silence in the middle      test_the_stream         test_silence_in_the_middle_keeps_the_text
    27  keep-alives only           test_the_stream         test_comments_count_as_life
    28  reset, bad chunk, short    test_the_stream         test_a_cut_answer_keeps_its_text_and_says_so
    29  clean cut                  test_the_stream         test_a_cut_answer_keeps_its_text_and_says_so
    30  error after text           test_the_stream         test_an_error_after_text_is_named_and_the_text_kept
    31  done but open              test_the_stream         test_a_stream_that_is_done_but_open_ends_at_once
    31  finish but open          test_the_stream         test_after_a_finish_reason_usage_is_waited_for_but_not_for_ever
    32  drip, half a character     test_the_stream         test_a_drip_of_bytes_comes_out_whole
    33  not UTF-8                  test_the_stream         test_bytes_that_are_not_utf_8_become_one_sign
    34  huge event                 test_bounded_memory     test_a_flood_takes_little_memory_and_ends_in_words
    35  a million tiny events      test_bounded_memory     test_a_flood_takes_little_memory_and_ends_in_words
    36  runaway answer             test_the_stream         test_closing_the_generator_hangs_up
    36  runaway answer, its limit  test_faults             test_an_answer_without_end_ends_at_its_limit
    37  comment flood, gzip bomb   test_bounded_memory     test_a_flood_takes_little_memory_and_ends_in_words

What the other tests leave open is here: that each fault of the demo, and each limit, is told in fitting words.
"""

import importlib
import re

import pytest

from tests.client.asking import NOW, Asker, words
from tests.gateways.fault import Caller, FaultGateway
from tests.providers.streams import text
from tui_chat.client.errors import headers_failure, silence_failure
from tui_chat.client.http import HttpConnection, Limits
from tui_chat.client.retry import RetryPolicy
from tui_chat.client.stream import HttpCompleter
from tui_chat.core.errors import Failure
from tui_chat.core.parts import user_message
from tui_chat.core.reply import fold
from tui_chat.core.request import Request
from tui_chat.core.stream_events import Outcome
from tui_chat.demo import DEMO_BASE_URL, DEMO_KEY
from tui_chat.demo.transport import DemoTransport
from tui_chat.providers.openai_chat import OpenAIChat
from tui_chat.settings.model import Settings

ROWS = re.findall(r"(?m)^ +(\d+) {2}(\S.*?) {2,}(\S+) +(test_\w+)$", __doc__ or "")


def test_every_fault_has_a_test_that_exists() -> None:
    assert {int(number) for number, *_ in ROWS} == set(range(1, 38))
    for _, _, module, name in ROWS:
        folder = "tests" if "." in module else "tests.client"
        assert callable(getattr(importlib.import_module(f"{folder}.{module}"), name))


@pytest.mark.parametrize(
    ("prompt", "outcome", "told"),
    [
        ("close", Outcome.TRUNCATED, "broke off in the middle of the answer. What arrived is kept."),
        ("cut", Outcome.TRUNCATED, "ended before the answer did. What arrived is kept. /retry asks again."),
        ("silence", Outcome.TRUNCATED, "for 0.2 s, in the middle of the answer. What arrived is kept."),
        (
            "error",
            Outcome.ERROR,
            "The provider failed. What arrived is kept. /retry asks again, /models shows what else there is.",
        ),
    ],
)
async def test_an_answer_that_stops_half_way_is_kept_and_says_so(prompt: str, outcome: Outcome, told: str) -> None:
    limits = Limits(silence_s=0.2, retry=RetryPolicy(retries=0))
    demo = HttpConnection(DEMO_BASE_URL, DEMO_KEY, limits=limits, transport=DemoTransport(speed=100))
    completer = HttpCompleter(demo, OpenAIChat(), now=lambda: NOW, random=lambda: 0.0)
    question = Request("demo/flaky", (user_message(prompt),))
    reply = fold([event async for event in completer.stream(question)])
    await completer.close()

    assert reply.text.startswith("I begin as if nothing were wrong.")
    assert reply.outcome is outcome
    assert told in words(reply)
    assert "/retry" in words(reply)


async def test_an_answer_without_end_ends_at_its_limit() -> None:
    async def script(caller: Caller) -> None:
        await caller.begin()
        block = text("x" * 100_000) * 10
        while not caller.hung_up.is_set():
            await caller.write(block)

    async with FaultGateway(script) as gateway, Asker(gateway.base_url) as asker:
        reply = fold(await asker.ask())

    assert len(reply.text) > 32 * 1024 * 1024
    assert "longer than 32 MB. What arrived is kept." in words(reply)


@pytest.mark.parametrize(
    "failure", [headers_failure("h", 60.0), silence_failure("h", 120.0, has_begun=True)], ids=["headers", "silence"]
)
def test_a_limit_that_fires_names_the_setting_that_moves_it(failure: Failure) -> None:
    named = re.search(r"\w+_timeout_s", failure.advice)

    assert named is not None
    assert named[0] in Settings.__struct_fields__
