"""Which model to ask where nobody has chosen one."""

from tui_chat.chat.ports import CatalogSource
from tui_chat.core.errors import NO_MODEL, SettingsError
from tui_chat.core.models import ModelKind
from tui_chat.core.sanitize import sanitize_line

_ADVICE = "Name one; `model` in config.toml keeps it."


async def choose_model(catalog: CatalogSource) -> str:
    """The first model to chat with that the gateway lists: all there is to go by, and right for a local server with one
    model.

    Raises:
        GatewayError: the gateway could not be asked.
        SettingsError: it lists none.
    """
    models = (await catalog.read()).offered
    if not models:
        raise SettingsError("No model was chosen, and the gateway lists none.", _ADVICE, code=NO_MODEL)
    first = models[0]
    if first.kind is not ModelKind.CHAT:
        example = f"{sanitize_line(first.id, 80)} is for {first.kind.value}"
        words = f"No model was chosen, and the gateway lists none to chat with: {example}."
        raise SettingsError(words, _ADVICE, code=NO_MODEL)
    return first.id
