"""The check that every run ends with: it has to find what is left behind."""

import pytest

from tests.host.wasi.table import Resource, Table


def test_a_handle_that_is_left_is_a_leak() -> None:
    table = Table()
    number = table.push(Resource())
    assert table.leaks() == ["Resource"]
    table.drop(number)
    assert table.leaks() == []


def test_a_parent_cannot_go_before_its_child() -> None:
    table = Table()
    parent = Resource()
    number = table.push(parent)
    child = table.push(Resource(parent))
    with pytest.raises(AssertionError):
        table.drop(number)
    table.drop(child)
    table.drop(number)


def test_a_handle_cannot_be_dropped_twice() -> None:
    table = Table()
    number = table.push(Resource())
    table.drop(number)
    with pytest.raises(KeyError):
        table.drop(number)
