"""The wire. The only importer of httpx beside demo/transport.

httpx brings a command line of its own wherever click is installed: rich, Pygments and half of its import time, of no
use to a program. Python imports nothing that is None here, and httpx goes on without, as where click is missing.
"""

import sys

sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
