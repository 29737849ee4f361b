"""Which model to ask where nobody has chosen one."""

from tui_chat.chat.ports import CatalogSource
from tui_chat.core.errors import SettingsError
from tui_chat.workspace.advice import NO_MODEL

_ADVICE = "Name one; `model` in config.toml keeps it."


async def choose_model(catalog: CatalogSource) -> str:
    """The first model that the gateway lists: all there is to go by, and right for a local server with one model.

    Raises:
        GatewayError: the gateway could not be asked.
        SettingsError: it lists none.
    """
    models = (await catalog.read()).models
    if not models:
        raise SettingsError("No model was chosen, and the gateway lists none.", _ADVICE, code=NO_MODEL)
    return models[0].id
