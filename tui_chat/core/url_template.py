"""The address of a web service, filled with the arguments of a call. No argument can change whom it leads to."""

from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from tui_chat.core.jsonvalue import JsonValue
from tui_chat.core.placeholders import Place, TemplateError, places_of, read_template, text_of

_SCHEMES = ("http", "https")
_DOTS = (".", "..")


def check_url(url: str, properties: Mapping[str, JsonValue]) -> None:
    """Check a template against the arguments that its tool takes.

    Raises:
        TemplateError: it cannot be used.
    """
    if any(not char.isprintable() or char == " " for char in url) or "\\" in url:
        raise TemplateError("It holds characters that no address has.")
    origin, end = _origin(url)
    try:
        parts = urlsplit(origin)
        _ = parts.port
    except ValueError:
        raise TemplateError("It is no address.") from None
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise TemplateError("It is no address that begins with http:// or https:// and a host.")
    if parts.username is not None or parts.password is not None:
        raise TemplateError("It holds a name or a password; a header can carry them.")
    if "{" in origin:
        raise TemplateError("An argument cannot stand in the host.")
    if any(segment in _DOTS for segment in url[end:].partition("?")[0].split("/")):
        raise TemplateError("It holds . or .. between slashes.")
    check_places(url[end:], properties)


def check_places(template: str, properties: Mapping[str, JsonValue]) -> None:
    """Check that every place of a template is for an argument that its tool takes.

    Raises:
        TemplateError: one is not.
    """
    for name in places_of(template):
        if name not in properties:
            raise TemplateError(f"{{{name}}} is no property of its parameters; {{{{ is a brace.")


def fill_url(url: str, arguments: Mapping[str, JsonValue]) -> str:
    """The address to ask. A pair of the query with a place for an argument that is not there is left out.

    Raises:
        TemplateError: an argument cannot stand in an address, or would climb out of its folder.
    """
    origin, end = _origin(url)
    path, mark, query = url[end:].partition("?")
    path = fill_encoded(path, arguments)
    if any(segment in _DOTS for segment in path.split("/")):
        raise TemplateError("An argument is . or .. and would lead to another folder of the service.")
    pairs = [pair for pair in query.split("&") if all(name in arguments for name in places_of(pair))]
    filled = "&".join(fill_encoded(pair, arguments) for pair in pairs)
    return origin + path + (f"{mark}{filled}" if filled else "")


def fill_encoded(template: str, arguments: Mapping[str, JsonValue]) -> str:
    """A template with its arguments percent-encoded; one that is not there leaves its place empty.

    Raises:
        TemplateError: as `text_of`.
    """
    return "".join(piece if isinstance(piece, str) else _encoded(piece, arguments) for piece in read_template(template))


def _encoded(place: Place, arguments: Mapping[str, JsonValue]) -> str:
    return quote(text_of(place.name, arguments), safe="") if place.name in arguments else ""


def _origin(url: str) -> tuple[str, int]:
    """Scheme, host and port as they are written, and where they end."""
    begins = url.find("://")
    start = begins + 3 if begins >= 0 else 0
    end = min((at for mark in "/?#" if (at := url.find(mark, start)) >= 0), default=len(url))
    return url[:end], end
