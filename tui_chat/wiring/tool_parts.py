"""What runs tools: programs, web services, pages, and the tool servers."""

import os
from pathlib import Path

from tui_chat.chat.kept_permissions import NothingKept, PermissionKeeper
from tui_chat.chat.services import Clock
from tui_chat.chat.tool_ports import NoServers, ToolRunner, ToolServers
from tui_chat.chat.tools_read import ToolsRead
from tui_chat.settings.paths import Paths


def build_runner(tools: ToolsRead, servers: ToolServers, paths: Paths, settings_file: Path) -> ToolRunner | None:
    """What runs calls; None where no tool is set up. Ready tools keep out of the folders and files that are ours."""
    if not tools.tools and not tools.servers:
        return None
    from tui_chat.client.fetching import HttpFetcher
    from tui_chat.client.page_fetching import PublicPages
    from tui_chat.tools.own_places import OwnPlaces
    from tui_chat.tools.runner import Runner

    folders = [str(path) for path in (paths.config, paths.data, paths.state, paths.cache)]
    files = [str(settings_file), *{tool.source for tool in tools.tools}]
    return Runner(
        os.environ,
        HttpFetcher(),
        pages=PublicPages(),
        places=lambda: OwnPlaces(folders, files),
        servers=servers,
    )


def build_keeper(tools: ToolsRead, paths: Paths, clock: Clock, *, can_keep: bool) -> PermissionKeeper:
    """What keeps permissions, where a tool is set up that could have some; without `can_keep` no further ones."""
    if not tools.tools and not tools.servers:
        return NothingKept()
    from tui_chat.tools.kept_permissions import PermissionFile

    return PermissionFile(paths.permissions_file, clock.now, can_keep=can_keep)


def build_servers(tools: ToolsRead) -> ToolServers:
    """The tool servers that are set up, none of which is started."""
    if not tools.servers:
        return NoServers()
    from tui_chat.client.fetching import way_to
    from tui_chat.client.secret_command import printed_secret
    from tui_chat.tools.servers.servers import Servers

    environ = os.environ
    return Servers(
        tools.servers,
        tools.tools,
        environ,
        printed=lambda argv: printed_secret(argv, environ),
        way=lambda url: way_to(url, environ),
    )
