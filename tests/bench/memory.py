"""How much memory this process holds."""

import os
from pathlib import Path


def resident_kb() -> float:
    """Resident memory now; Linux only, as the benchmarks are."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024
