from collections.abc import Callable

import pytest

from provider.chat.members import Members
from wire.errors import InvalidRequest

Reads = Callable[[Members], object]

READS: dict[str, Reads] = {
    "text": lambda members: members.text("a"),
    "any text": lambda members: members.text("a", may_be_empty=True),
    "word": lambda members: members.word("a", ("x", "y")),
    "flag": lambda members: members.flag("a"),
    "number": lambda members: members.number("a", 0, 2),
    "integer": lambda members: members.integer("a", -1, 2),
    "child": lambda members: members.child("a"),
    "children": lambda members: list(members.children("a", 2)),
}
GOOD = [
    ("text", "x"),
    ("any text", ""),
    ("word", "y"),
    ("flag", True),
    ("flag", False),
    ("number", 0),
    ("number", 2.0),
    ("integer", -1),
    ("integer", 2),
]
BAD = [
    ("text", "", "invalid_value"),
    ("text", 1, "invalid_type"),
    ("word", "z", "invalid_value"),
    ("word", "", "invalid_value"),
    ("word", ["x"], "invalid_type"),
    ("flag", 0, "invalid_type"),
    ("flag", "true", "invalid_type"),
    ("number", True, "invalid_type"),
    ("number", "1", "invalid_type"),
    ("number", -0.001, "invalid_value"),
    ("number", 2.001, "invalid_value"),
    ("number", float("nan"), "invalid_value"),
    ("integer", True, "invalid_type"),
    ("integer", 1.0, "invalid_type"),
    ("integer", -2, "invalid_value"),
    ("integer", 3, "invalid_value"),
    ("child", [], "invalid_type"),
    ("children", {}, "invalid_type"),
    ("children", [], "invalid_value"),
    ("children", [{}, {}, {}], "invalid_value"),
]


@pytest.mark.parametrize(("read", "value"), GOOD)
def test_reads_what_keeps_the_rule(read: str, value: object) -> None:
    assert READS[read](Members({"a": value})) == value


@pytest.mark.parametrize(("read", "value", "code"), BAD)
def test_names_what_breaks_it(read: str, value: object, code: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        READS[read](Members({"a": value}, "tools[1].function"))
    assert raised.value.param == "tools[1].function.a"
    assert raised.value.message.startswith("`tools[1].function.a` must ")
    assert (raised.value.status, raised.value.code) == (400, code)


@pytest.mark.parametrize("read", READS)
def test_null_is_as_good_as_nothing(read: str) -> None:
    nothing: list[object] | None = [] if read == "children" else None
    assert READS[read](Members({})) == nothing
    assert READS[read](Members({"a": None})) == nothing
    assert not Members({"a": None}).has("a")


def test_says_where_an_object_within_stands() -> None:
    whole = Members({"a": {"b": 1}, "c": [{}, {"d": 1}]})
    assert whole.child("a") == Members({"b": 1}, "a")
    two = [Members({}, "c[0]"), Members({"d": 1}, "c[1]")]
    assert list(whole.children("c", 2)) == two
    inner = Members({"e": [{}, 1]}, "c[1]").children("e", 2)
    # Each is made when it is its turn.
    assert next(inner) == Members({}, "c[1].e[0]")
    with pytest.raises(InvalidRequest) as raised:
        next(inner)
    assert raised.value.param == "c[1].e[1]"


def test_a_required_member_has_to_be_there() -> None:
    Members({"a": 0}).require("a")
    with pytest.raises(InvalidRequest, match="`m.a` is missing") as raised:
        Members({"a": None}, "m").require("a")
    assert raised.value.code == "missing_required_parameter"


def test_an_unknown_member_is_named_but_not_at_any_length() -> None:
    Members({"a": 1}).refuse_unknown(("a", "b"))
    with pytest.raises(
        InvalidRequest, match="`c` is not known; there are: a, b"
    ) as one:
        Members({"a": 1, "c": None}).refuse_unknown(("a", "b"))
    assert (one.value.param, one.value.code) == ("c", "unknown_parameter")
    with pytest.raises(InvalidRequest) as long:
        Members({"x" * 1000: 1}).refuse_unknown(("a",))
    assert long.value.param == "x" * 64
