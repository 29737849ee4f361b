"""Ten turns and more between eight gateways: whatever people do, no conversation gets stuck.

Each gateway refuses at most once what only its refusal can tell, the program answers that by itself, and what belongs
to an answer comes back with it. TUI_CHAT_JOURNEYS=10000 makes a long run of it.
"""

import asyncio
import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.gateways.simulated import CALLS, ENDINGS, Plan
from tests.gateways.travelling import DEEDS, Traveller, plans_of
from tui_chat.core.request import Sampling

JOURNEYS = int(os.environ.get("TUI_CHAT_JOURNEYS", "60"))

plans = st.builds(
    Plan,
    thinks=st.booleans(),
    words=st.sampled_from(["plain", "plain", "plain", "blank", "refusal", ""]),
    calls=st.lists(st.sampled_from(CALLS), max_size=2).map(tuple),
    ending=st.sampled_from(ENDINGS),
    cut_at=st.integers(0, 7),
    fails_first=st.sampled_from([False] * 7 + [True]),
)
samplings = st.builds(
    Sampling,
    temperature=st.sampled_from([None, 0.7]),
    top_p=st.sampled_from([None, 0.9]),
    max_tokens=st.sampled_from([None, 64]),
    seed=st.sampled_from([None, 1]),
    reasoning_effort=st.sampled_from([None, "low"]),
)
deeds = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 23)), min_size=14, max_size=30)


@settings(max_examples=JOURNEYS, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds, st.lists(plans, min_size=1, max_size=8), samplings)
def test_no_conversation_gets_stuck_wherever_it_goes(
    deeds: list[tuple[str, int]], plans: list[Plan], sampling: Sampling
) -> None:
    async def travel() -> None:
        traveller = Traveller(plans_of(plans), sampling)
        for deed, number in deeds:
            await traveller.do(deed, number)
            traveller.check()
        await traveller.close()

    asyncio.run(travel())
