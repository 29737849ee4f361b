"""Makes the recording and the animated picture of it anew."""

from tests.ui.recording.animation import draw
from tests.ui.recording.kept import CAST, PICTURE
from tests.ui.recording.story import ARGUMENTS, record

if __name__ == "__main__":
    cast = record()
    CAST.write_text(cast.to_text(), encoding="utf-8")
    PICTURE.write_text(draw(cast, ARGUMENTS.name), encoding="utf-8")
    for file in (CAST, PICTURE):
        print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB")
    print(f"{cast.duration_s:.1f} s")
