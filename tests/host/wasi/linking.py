"""Putting Python objects behind a component's imports."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from wasmtime import Engine
from wasmtime._store import Storelike
from wasmtime.component import (
    Component,
    ComponentInstanceType,
    Func,
    FuncType,
    Linker,
    LinkerInstance,
    ResourceAny,
    ResourceHost,
    ResourceType,
    Variant,
)

from tests.host.wasi.table import Resource, Table

Function = Callable[..., Any]
Interface = Mapping[str, Function | Func | type[Resource]]
"""A WIT interface: a resource by its name is a class, which has its methods, too; a
`Func` is another component's export."""
World = Mapping[str, Interface]


class Linking:
    """One store's way of linking: its table and the numbers of resource types."""

    def __init__(self, engine: Engine, table: Table) -> None:
        self._engine = engine
        self._table = table
        self._kinds: dict[type[Resource], int] = {}

    def link(self, component: Component, world: World) -> Linker:
        """Return a linker that gives `component` what `world` has for it.

        A call of what `world` has not is a trap.
        """
        linker = Linker(self._engine)
        for name, imported in component.type.imports(self._engine).items():
            if name in world and isinstance(imported.ty, ComponentInstanceType):
                with linker.root() as root, root.add_instance(name) as instance:
                    self._define(instance, imported.ty, world[name])
        linker.define_unknown_imports_as_traps(component)
        return linker

    def own(self, resource: Resource) -> ResourceHost:
        """Give a new handle of `resource` away."""
        number = self._table.push(resource)
        return ResourceHost.own(number, self._kind(type(resource)))

    def _define(
        self,
        instance: LinkerInstance,
        imported: ComponentInstanceType,
        interface: Interface,
    ) -> None:
        for name, item in imported.exports(self._engine).items():
            found = interface.get(name)
            if isinstance(found, type):
                kind = ResourceType.host(self._kind(found))
                instance.add_resource(name, kind, self._drop)
            elif isinstance(found, Func):
                instance.add_func(name, found)
            elif isinstance(item.ty, FuncType):
                function = found or _method(name, interface)
                if function:
                    instance.add_func(name, partial(self._call, function))

    def _kind(self, resource: type[Resource]) -> int:
        return self._kinds.setdefault(resource, len(self._kinds) + 1)

    def _drop(self, _store: Storelike, number: int) -> None:
        self._table.drop(number)

    def _call(self, function: Function, store: Storelike, *arguments: Any) -> Any:
        return self._give(function(*(self._receive(a, store) for a in arguments)))

    def _receive(self, value: Any, store: Storelike) -> Any:
        if isinstance(value, ResourceAny):
            owned = value.owned
            number = value.to_host(store).rep
            return self._table.take(number) if owned else self._table.get(number)
        if isinstance(value, list):
            return [self._receive(each, store) for each in value]
        return value

    def _give(self, value: Any) -> Any:
        if isinstance(value, Resource):
            return self.own(value)
        if isinstance(value, Variant):
            return Variant(value.tag, self._give(value.payload))
        return value


def _method(name: str, interface: Interface) -> Function | None:
    """Find `[method]input-stream.read` as InputStream.read, and so on."""
    kind, _, path = name.rpartition("]")
    resource, _, function = path.partition(".")
    found = interface.get(resource)
    if kind == "[constructor":
        return found
    method: Function | None = getattr(found, function.replace("-", "_"), None)
    return method
