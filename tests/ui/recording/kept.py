"""Where the recording is kept, beside the README's other picture."""

from pathlib import Path

_FOLDER = Path(__file__).parents[1] / "pictures"
CAST = _FOLDER / "recording.cast"
PICTURE = _FOLDER / "recording.svg"
