"""What runs without asking, as a person lists it and takes it back: in one conversation, in all of them, and what is
kept.
"""

from collections.abc import Awaitable, Callable

from tui_chat.chat.kept_permissions import KeptPermission
from tui_chat.chat.policy import Permission, Permissions
from tui_chat.chat.session import Session
from tui_chat.core.errors import SettingsError
from tui_chat.core.moments import local_moment
from tui_chat.core.sanitize import sanitize_line
from tui_chat.workspace.refusal import CommandRefused

ALLOWED = "allowed"
"""Word behind `/tools`: what runs without asking."""
NONE_ALLOWED = "Nothing runs without asking."
_LONGEST = 300

TakeBack = Callable[[], Awaitable[str]]
"""Takes something back and says so; raises CommandRefused where that cannot be written."""


async def allowed_in(session: Session) -> dict[str, TakeBack]:
    """What runs without asking, each in words, with how it is taken back.

    Raises:
        CommandRefused: what is kept is not trusted, and there is nothing else.
    """
    keeper = session.tool_use.keeper
    failure = await keeper.read()
    listed: dict[str, TakeBack] = {}
    for permissions in (session.approvals.permissions, session.services.tool_use.standing):
        for permission in permissions.given:
            listed[permission_words(permission)] = _taking_back(permissions, permission)
    for kept in keeper.kept:
        listed[kept_words(kept)] = _forgetting(session, kept)
    if failure is not None and not listed:
        raise CommandRefused(f"{failure.message} {failure.advice}")
    return listed


def _taking_back(permissions: Permissions, permission: Permission) -> TakeBack:
    async def take_back() -> str:
        permissions.take_back(permission)
        return _asks_again(permission)

    return take_back


def _forgetting(session: Session, kept: KeptPermission) -> TakeBack:
    async def forget() -> str:
        try:
            await session.tool_use.keeper.forget([kept.permission])
        except SettingsError as error:
            raise CommandRefused(f"{error.failure.message} {error.failure.advice}") from None
        return _asks_again(kept.permission)

    return forget


def _asks_again(permission: Permission) -> str:
    return f"{sanitize_line(permission.name, 100)} asks again."


def permission_words(permission: Permission, since: str = "") -> str:
    """What a permission allows, as one line; `since` when, of one that is kept."""
    said = permission.arguments or ", ".join(f"{name} = {value}" for name, value in permission.fields)
    shown = f": {sanitize_line(said, _LONGEST)}" if said else ""
    breadth = f"{permission.breadth.partition(',')[0]}, kept since {since}" if since else permission.breadth
    return f"{sanitize_line(permission.name, 100)}, {breadth}{shown}"


def kept_words(kept: KeptPermission) -> str:
    """What is kept, since when, and of which file's tool, as one line."""
    since = local_moment(kept.since).astimezone().strftime("%Y-%m-%d %H:%M")
    return f"{permission_words(kept.permission, since)}; of {sanitize_line(kept.source, 200)}"
