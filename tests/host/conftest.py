"""The components, compiled once, and instances of them that are used again."""

import pytest

from tests.host import stage
from tests.host.components import Built
from tests.host.wasi import byte_lists

byte_lists.install()


@pytest.fixture(scope="session")
def built() -> Built:
    return Built()


@pytest.fixture(scope="session")
def provider(built: Built) -> stage.Provider:
    return stage.Provider(built, stage.provider)


@pytest.fixture(scope="session")
def pair(built: Built) -> stage.Proxy:
    """Router and provider, linked here and not by wac."""
    return stage.Proxy(built, stage.pair)


@pytest.fixture(scope="session")
def composed(built: Built) -> stage.Proxy:
    """build/final.wasm, as wac joined it."""
    return stage.Proxy(built, stage.composed)
