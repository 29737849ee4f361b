"""By which name the model knows each tool of the servers: its own, and where two clash `server.tool`.

A permission is given to a name. So a name that meant one server's tool never means another's while the program runs: a
name that two of them want is nobody's from then on, also where one of the two goes away.
"""

from collections.abc import Iterable


class Names:
    """The names of one run of the program."""

    def __init__(self, servers: Iterable[str], taken: Iterable[str]) -> None:
        """`taken` are names of tools that no server has."""
        self._servers = frozenset(servers)
        self._taken = frozenset(taken)
        self._owners: dict[str, str] = {}
        self._shared: set[str] = set()

    def claim(self, server: str, tool: str) -> None:
        """Note that this server offers, or may offer, a tool of this name."""
        if self._owners.setdefault(tool, server) != server:
            self._shared.add(tool)

    def name_of(self, server: str, tool: str) -> str:
        """The name that the model knows; empty where it cannot have any. A tool that was not claimed, since it is never
        offered, has its own as long as no other wants it."""
        full = f"{server}.{tool}"
        looks_full = tool.partition(".")[0] in self._servers and "." in tool
        is_own = self._owners.get(tool, server) == server and tool not in self._shared and tool not in self._taken
        if is_own and not looks_full:
            return tool
        return "" if full in self._taken else full
