"""What the person agreed to: project files, each by its path and the hash of all that it brings along.

Kept in a file of ours that only its owner can read. A file that was changed since has another hash, so it is asked for
anew.
"""

from pathlib import Path

from tui_chat.core.errors import SettingsError
from tui_chat.settings.project import ProjectFile
from tui_chat.settings.toml_text import read_toml

_TABLE = "agreed"


class Consents:
    """The project files that were agreed to."""

    def __init__(self, file: Path) -> None:
        """`file` need not exist; where it cannot be read, nothing was agreed to."""
        self._file = file

    def has(self, project: ProjectFile) -> bool:
        """Whether the person agreed to a project file as it is now."""
        from tui_chat.settings.save import read_bytes  # only where there is a project file

        try:
            agreed = _parse(read_bytes(self._file, through_links=False) or b"")
        except SettingsError:
            return False
        return project.is_usable and agreed.get(str(project.path)) == project.digest

    def agree(self, project: ProjectFile) -> None:
        """Keep that the person agreed to a project file as it is now.

        Raises:
            SettingsError: it cannot be kept.
        """
        self._change(str(project.path), project.digest)

    def forget(self, path: Path) -> None:
        """Forget that the person agreed to the project file of this path.

        Raises:
            SettingsError: that cannot be written.
        """
        self._change(str(path), None)

    def _change(self, path: str, digest: str | None) -> None:
        from tui_chat.settings.save import rewrite_own  # only where there is a project file

        def change(raw: bytes) -> bytes:
            import tomli_w  # only where it is written

            agreed = {at: held for at, held in _parse(raw).items() if at != path}
            return tomli_w.dumps({_TABLE: {**agreed, **({path: digest} if digest else {})}}).encode()

        rewrite_own(self._file, change)


def _parse(raw: bytes) -> dict[str, str]:
    try:
        table = read_toml(raw.decode()).get(_TABLE, {})
    except ValueError:
        return {}
    return {str(at): held for at, held in table.items() if isinstance(held, str)} if isinstance(table, dict) else {}
