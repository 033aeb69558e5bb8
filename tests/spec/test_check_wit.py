"""`make wit-check` sees a difference; whether there is one, a registry has to say."""

from scripts.check_wit import EDITIONS, compare

EDITION, *_ = EDITIONS
OURS = {"wasi-io": "package wasi:io@0.2.9;\n\ninterface error {\n}\n"}
THEIRS = {"wasi-io": "package wasi:io@0.2.12;\n\ninterface error {\n}\n"}


def test_the_same_text_with_another_version_is_no_difference() -> None:
    assert compare(OURS, THEIRS, EDITION) == []


def test_a_changed_declaration_is_shown() -> None:
    changed = {"wasi-io": OURS["wasi-io"].replace("error", "errors")}
    lines = compare(changed, THEIRS, EDITION)
    assert "-interface error {" in lines
    assert "+interface errors {" in lines


def test_another_version_than_ours_is_shown() -> None:
    assert "+package wasi:io@0.2.12;" in compare(THEIRS, THEIRS, EDITION)


def test_a_package_that_only_one_side_has_is_named() -> None:
    assert compare({}, THEIRS, EDITION)[0].startswith("missing: wit/0.2/deps/wasi-io")
    assert compare(OURS, {}, EDITION)[0].startswith("missing: wasi-io 0.2.12 in ")
