"""What every folder of tests may ask for."""

import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A machine under load is slow, and no example is wrong for it.
settings.register_profile("always", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=40)
settings.register_profile("thorough", settings.get_profile("always"), max_examples=400)
settings.load_profile("always")

if sys.dont_write_bytecode:
    # Each worker would compile every test anew, which takes longer than most of them run. Whoever forbids bytecode
    # wants none beside the sources: it goes into the folder that pytest keeps for itself.
    sys.pycache_prefix = str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode")
    sys.dont_write_bytecode = False

# Some hundred thousand objects are made at collection and stay: no look for garbage has to pass them, then or later.
gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage in what the tests make, and in nothing else."""
    gc.freeze()
    gc.set_threshold(10_000)  # an app makes as many objects at once, and most of them stay as long as it does
    gc.enable()


_SERVE = "from tui_chat.demo.serve import serve; serve(0, lambda url: print(url, flush=True), {speed})"


def _served(speed: float) -> Iterator[str]:
    command = [sys.executable, "-c", _SERVE.format(speed=speed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def gateway_url() -> Iterator[str]:
    """The embedded gateway on loopback, without pauses: a base URL."""
    yield from _served(speed=0)


@pytest.fixture(scope="session")
def slow_gateway_url() -> Iterator[str]:
    """The same at human speed, for what must be caught in the act."""
    yield from _served(speed=1)
