"""Puts the commit that is built into the package, where the build happens in a git checkout."""

import importlib.util
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CommitHook(BuildHookInterface[Any]):
    """Adds one file to wheels and source archives; an editable install has the checkout itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the file outside the checkout and have it included."""
        reader = _version_module(Path(self.root))
        commit = "" if version == "editable" else reader.checked_out_commit(Path(self.root))
        if commit:
            self._folder = tempfile.TemporaryDirectory(prefix="tui-chat-build-")
            file = Path(self._folder.name, reader.COMMIT_FILE)
            file.write_text(f"{commit}\n", encoding="utf-8")
            build_data["force_include"][str(file)] = f"tui_chat/{reader.COMMIT_FILE}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove what was written."""
        if hasattr(self, "_folder"):
            self._folder.cleanup()


def _version_module(root: Path) -> ModuleType:
    """The module that reads commits, without the package and what that needs."""
    spec = importlib.util.spec_from_file_location("version", root / "tui_chat" / "cli" / "version.py")
    if spec is None or spec.loader is None:
        raise ImportError("tui_chat/cli/version.py is not there")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
