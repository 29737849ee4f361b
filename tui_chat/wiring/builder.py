"""The services, built of the settings in force.

Heavy parts (the HTTP client, its TLS context) are built by the implementations themselves, on first use.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from tui_chat.chat.budgets import Budgets
from tui_chat.chat.services import Services
from tui_chat.chat.titles import Titles
from tui_chat.chat.tool_plans import Toolbox
from tui_chat.chat.tools_read import ToolsRead
from tui_chat.chat.turn import ToolUse
from tui_chat.core.redact import Secrets
from tui_chat.settings.load import Loaded, Source
from tui_chat.settings.model import Settings
from tui_chat.settings.paths import Paths
from tui_chat.settings.sampling import sampling_of
from tui_chat.settings.secrets import Connection
from tui_chat.settings.theme_files import Themes
from tui_chat.wiring.reaching import Reached, Reaching, usual_model
from tui_chat.wiring.sources import SystemClock, new_id
from tui_chat.wiring.tool_parts import build_keeper, build_runner, build_servers


class Builder:
    """Builds the services, and the same ones for another gateway."""

    def __init__(self, paths: Paths, *, is_temporary: bool, secrets: Callable[[], Secrets]) -> None:
        """`is_temporary` keeps everything off the disk; `secrets` are all that are known to the program."""
        self._paths = paths
        self._is_temporary = is_temporary
        self._secrets = secrets
        self._clock = SystemClock()
        self._reaching = Reaching(self._clock)

    def build(self, loaded: Loaded, connection: Connection, tools: ToolsRead) -> Services:
        """The services for the settings that count at the gateway of this connection."""
        from tui_chat.store.sqlite import SqliteStore

        settings, paths = loaded.settings, self._paths
        servers = build_servers(tools)
        toolbox = Toolbox(tools.tools, servers, _agreed_to(loaded))
        reached = self._reach(connection, settings)
        return Services(
            gateway=reached.gateway,
            completer=reached.completer,
            new_completer=reached.new_completer,
            catalog=reached.catalog,
            store=SqliteStore(paths.database, forget=self._forget),
            clock=self._clock,
            new_id=new_id,
            default_model=settings.model or usual_model(reached.gateway),
            default_system=settings.system,
            tools=toolbox.definitions,
            own_tools=reached.own_tools,
            servers=servers,
            tool_use=ToolUse(
                build_runner(tools, servers, paths, loaded.file),
                toolbox=toolbox,
                keeper=build_keeper(tools, paths, self._clock, can_keep=not self._is_temporary),
            ),
            sampling=sampling_of(settings),
            fallbacks=settings.fallbacks,
            budgets=Budgets(settings.budget),
            titles=Titles(settings.title_model),
            summary_model=settings.summary_model,
            themes=Themes(paths.themes),
            theme=settings.theme,
            redact=settings.redact,
            secrets=self._secrets,
            warm_up=reached.warm_up,
        )

    def switched(self, services: Services, connection: Connection, settings: Settings) -> Services:
        """The same services at another gateway; `settings` are those that count there."""
        reached = self._reach(connection, settings)
        return msgspec.structs.replace(
            services,
            gateway=reached.gateway,
            completer=reached.completer,
            new_completer=reached.new_completer,
            catalog=reached.catalog,
            own_tools=reached.own_tools,
            default_model=settings.model or usual_model(reached.gateway),
        )

    def _reach(self, connection: Connection, settings: Settings) -> Reached:
        return self._reaching.reach(connection, settings, None if self._is_temporary else self._paths.cache)

    def _forget(self, conversation_ids: Sequence[str], questions: Iterable[str]) -> None:
        from tui_chat.workspace.deleting import forget  # only where something is deleted

        forget(self._paths.drafts, self._paths.prompts_file, conversation_ids, questions)


def _agreed_to(loaded: Loaded) -> str:
    """Hash of the project file that brings the tools along; empty where they are the person's own."""
    is_project = loaded.origins["tools"].source is Source.PROJECT
    return loaded.project.digest if is_project and loaded.project is not None else ""
