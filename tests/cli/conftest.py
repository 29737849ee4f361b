"""The program, connected to the embedded gateway."""

from pathlib import Path

import pytest

from tests.cli.program import KEY, CalledProgram, Program


@pytest.fixture
def program(tmp_path: Path, gateway_url: str) -> Program:
    return Program(tmp_path, SOLROUTER_API_KEY=KEY, SOLROUTER_BASE_URL=gateway_url)


@pytest.fixture
def called(tmp_path: Path, gateway_url: str) -> CalledProgram:
    return CalledProgram(tmp_path, SOLROUTER_API_KEY=KEY, SOLROUTER_BASE_URL=gateway_url)
