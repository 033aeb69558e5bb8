"""The components that were built: their bytes, compiled, and what they declare."""

from pathlib import Path

from wasmtime import Config, Engine, _bindings
from wasmtime.component import Component

BUILD = Path(__file__).parents[2] / "build"


def cached_engine() -> Engine:
    """Return an engine that keeps what it compiles in build/: a run takes seconds."""
    cache = BUILD / "host-cache"
    cache.mkdir(exist_ok=True)
    settings = cache / "cache.toml"
    settings.write_text(f'[cache]\ndirectory = "{cache.resolve()}"\n')
    config = Config()
    config.cache = str(settings)
    # wasmtime 50 traps when a host function gets a list of borrowed handles, as `poll`
    # does, unless its concurrency is off; wasmtime-py has no setter for that yet.
    # See: https://github.com/bytecodealliance/wasmtime/pull/14350
    _bindings.wasmtime_config_concurrency_support_set(config.ptr(), False)
    return Engine(config)


class Built:
    """The files in build/, each compiled at its first use."""

    def __init__(self) -> None:
        self.engine = cached_engine()
        self._compiled: dict[str, Component] = {}

    def component(self, name: str) -> Component:
        if name not in self._compiled:
            self._compiled[name] = Component(self.engine, self.read(name))
        return self._compiled[name]

    def read(self, name: str) -> bytes:
        return (BUILD / f"{name}.wasm").read_bytes()

    def imports(self, name: str) -> set[str]:
        return set(self.component(name).type.imports(self.engine))

    def exports(self, name: str) -> set[str]:
        return set(self.component(name).type.exports(self.engine))
