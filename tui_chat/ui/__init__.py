"""The screen; the only importer of Textual.

The frame rate is read when Textual is imported: at its default of 60 the update timer alone makes a key wait up to
16 ms for its echo.
"""

import os

os.environ.setdefault("TEXTUAL_FPS", "120")
