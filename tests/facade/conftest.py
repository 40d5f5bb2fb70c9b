"""A façade for each vendor over its sandbox."""

from collections.abc import AsyncIterator

import pytest
from tests.facade.desk import Desk, open_desk, open_sandbox


@pytest.fixture
async def practice() -> AsyncIterator[Desk]:
    desk = open_desk("practice", open_sandbox("practice"))
    yield desk
    await desk.sandbox.aclose()


@pytest.fixture
async def particle() -> AsyncIterator[Desk]:
    desk = open_desk("particle", open_sandbox("particle"))
    yield desk
    await desk.sandbox.aclose()


@pytest.fixture
async def heidi() -> AsyncIterator[Desk]:
    desk = open_desk("heidi", open_sandbox("heidi"))
    yield desk
    await desk.sandbox.aclose()


@pytest.fixture
async def connective() -> AsyncIterator[Desk]:
    desk = open_desk("connective", open_sandbox("connective"))
    yield desk
    await desk.sandbox.aclose()
