"""The model that is asked where nobody has chosen one."""

import pytest

from tests.fakes import FakeCatalog
from tui_chat.core.errors import SettingsError
from tui_chat.core.models import ModelInfo, ModelKind
from tui_chat.workspace.model_choice import choose_model

WHISPER = ModelInfo("whisper-large-v3", kind=ModelKind.SPEECH)


async def test_the_first_model_to_chat_with_is_asked() -> None:
    assert await choose_model(FakeCatalog(WHISPER, ModelInfo("a"), ModelInfo("b"))) == "a"


@pytest.mark.parametrize(("models", "words"), [((WHISPER,), "whisper-large-v3 is for speech"), ((), "lists none")])
async def test_where_no_model_can_chat_none_is_asked(models: tuple[ModelInfo, ...], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        await choose_model(FakeCatalog(*models))
