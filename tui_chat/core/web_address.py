"""A web address that a model names: what has to be right of it before anybody looks up its host.

Its form is made whole here (letters beyond ASCII encoded, the fragment gone), so that what a person is shown is what is
asked. Where its host leads to is judged by whoever connects.
"""

from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

from tui_chat.core.placeholders import TemplateError

LONGEST: Final = 4000
"""Characters of an address."""
_SCHEMES: Final = ("http", "https")
_KEPT: Final = "!$%&'()*+,-./:;=?@_~"
"""Characters of path and query that stay as they are."""


def web_address(text: str) -> str:
    """The address as it is asked, in ASCII.

    Raises:
        TemplateError: it is no address of the web, or carries a name or a password.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise TemplateError(f"The address is longer than {LONGEST:,} characters.")
    if "\\" in text or any(not char.isprintable() for char in text):
        raise TemplateError("The address holds characters that no address has.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise TemplateError("It is no address.") from None
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise TemplateError("It is no address that begins with http:// or https:// and a host.")
    if "@" in parts.netloc:
        raise TemplateError("The address holds a name or a password, which is not sent.")
    if port == 0:
        raise TemplateError("No port is 0.")
    host = f"{_host(parts.hostname)}:{port}" if port is not None else _host(parts.hostname)
    return urlunsplit((parts.scheme, host, _path(quote(parts.path, _KEPT)), quote(parts.query, _KEPT), ""))


def _path(path: str) -> str:
    """A path without `.` and `..` between its slashes, which go up as far as they lead: RFC 3986, 5.2.4."""
    names: list[str] = []
    parts = path.split("/")[1:] or [""]
    for number, name in enumerate(parts, start=1):
        if name == ".." and names:
            names.pop()
        if name not in (".", ".."):
            names.append(name)
        elif number == len(parts):
            names.append("")
    return "/" + "/".join(names)


def _host(name: str) -> str:
    """A host in ASCII; an IPv6 address in its brackets."""
    if ":" in name:
        if not set(name) <= set("0123456789abcdef:."):
            raise TemplateError("The host is no address.")
        return f"[{name}]"
    try:
        ascii_name = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        raise TemplateError("The host is no name that can be looked up.") from None
    if not ascii_name or any(not (char.isalnum() or char in "-._") for char in ascii_name):
        raise TemplateError("The host is no name that can be looked up.")
    return ascii_name
