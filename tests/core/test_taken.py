"""Which parameters a model takes, by its catalogue."""

from tui_chat.core.models import Ability, Catalog, ModelInfo
from tui_chat.core.request import Sampling
from tui_chat.core.taken import is_taken, only_taken

CATALOG = Catalog(
    (
        ModelInfo("strict", supported_parameters=("temperature", "max_completion_tokens", "include_reasoning")),
        ModelInfo("wide", supported_parameters=("temperature", "top_k", "structured_outputs")),
        ModelInfo("silent"),
    )
)


def test_what_a_model_does_not_list_is_not_sent_and_named() -> None:
    wanted = Sampling(temperature=0.5, seed=7, extra=(("top_k", "40"),))
    assert only_taken(wanted, "strict", CATALOG) == (Sampling(temperature=0.5), ("seed", "top_k"))


def test_where_nothing_is_known_of_a_model_everything_is_sent() -> None:
    wanted = Sampling(seed=7, extra=(("top_k", "40"),))
    for model in ("silent", "not/there"):
        assert only_taken(wanted, model, CATALOG) == (wanted, ())
    assert only_taken(wanted, "strict", Catalog()) == (wanted, ())


def test_a_field_that_no_model_lists_may_be_for_the_gateway() -> None:
    assert is_taken("provider", "strict", CATALOG)
    assert not is_taken("top_k", "strict", CATALOG)


def test_effort_goes_to_no_model_that_is_said_not_to_reason() -> None:
    flagged = Catalog((ModelInfo("m", lacks=(Ability.REASONS,)), ModelInfo("n", abilities=(Ability.REASONS,))))
    wanted = Sampling(reasoning_effort="low", seed=1)
    assert only_taken(wanted, "m", flagged) == (Sampling(seed=1), ("reasoning_effort",))
    assert only_taken(wanted, "n", flagged) == (wanted, ())


def test_names_that_mean_the_same_count_for_each_other() -> None:
    assert is_taken("max_tokens", "strict", CATALOG)
    assert is_taken("reasoning_effort", "strict", CATALOG)
    assert not is_taken("reasoning_effort", "wide", CATALOG)
    assert is_taken("response_format", "wide", CATALOG)


def test_the_nearer_limit_counts_under_whichever_name_it_stands() -> None:
    near, far = Sampling(max_tokens=10), Sampling(max_completion_tokens=500, seed=1)
    assert near.over(far) == Sampling(max_tokens=10, seed=1)
    assert Sampling(seed=2).over(far) == Sampling(max_completion_tokens=500, seed=2)
