import json

from tests.unit.fakes import Log
from wire.request_log import TEXT_LIMIT, LogLevel, log_line, new_request_id


def test_a_line_is_json_without_what_is_not_known() -> None:
    assert log_line("request", {"status": 200, "model": None}) == (
        '{"event":"request","status":200}\n'
    )


def test_a_line_is_bounded() -> None:
    long: dict[str, object] = {f"f{n}": "\U0001f600" * 100_000 for n in range(8)}
    line = log_line("request", {**long, "input_tokens": 10**4000, "status": 200})
    assert len(line) < 8 * 12 * TEXT_LIMIT + 200
    told = json.loads(line)
    assert (told["status"], told.get("input_tokens")) == (200, None)
    assert len(told["f0"]) == TEXT_LIMIT


def test_an_id_has_128_bits() -> None:
    assert new_request_id(255) == "req_" + "0" * 30 + "ff"


def test_a_request_is_one_line_of_measurements() -> None:
    kept = Log()
    kept.log.model, kept.log.status, kept.log.retries = "gpt-4.1", 200, 2
    kept.clock.time += 0.25
    kept.log.chunk(b"abc")
    kept.clock.time += 1
    kept.log.chunk(b'"usage":{"input_tokens":7,"output_tokens":8}')
    kept.log.end("complete")
    assert [json.loads(line) for line in kept.lines] == [
        {
            "event": "request",
            "request_id": "req_own",
            "route": "stream-handle",
            "model": "gpt-4.1",
            "status": 200,
            "outcome": "complete",
            "first_byte_ms": 250.0,
            "duration_ms": 1250.0,
            "chunks": 2,
            "bytes": 47,
            "retries": 2,
            "input_tokens": 7,
            "output_tokens": 8,
        }
    ]


def test_debug_adds_a_line_for_each_chunk() -> None:
    kept = Log()
    kept.log.level = LogLevel.DEBUG
    kept.log.chunk(b"abc")
    kept.clock.time += 0.5
    kept.log.chunk(b"secret")
    assert [json.loads(line) for line in kept.lines] == [
        {"event": "chunk", "request_id": "req_own", "chunk": 1, "bytes": 3, "ms": 0.0},
        {
            "event": "chunk",
            "request_id": "req_own",
            "chunk": 2,
            "bytes": 6,
            "ms": 500.0,
        },
    ]


def test_error_leaves_only_failures() -> None:
    kept = Log()
    kept.log.level = LogLevel.ERROR
    kept.log.status = 404
    kept.log.end("complete")
    assert kept.lines == []
    kept.log.end("upstream_broken")
    kept.log.status = 502
    kept.log.end("complete")
    assert len(kept.lines) == 2


def test_a_defect_names_its_place() -> None:
    kept = Log()
    kept.log.defect("KeyError at x.py:1")
    assert json.loads(kept.lines[0]) == {
        "event": "defect",
        "request_id": "req_own",
        "at": "KeyError at x.py:1",
    }


def test_counts_that_somebody_has_read_come_before_those_of_the_tail() -> None:
    kept = Log()
    kept.log.chunk(b'"usage":{"input_tokens":7,"output_tokens":8}')
    kept.log.usage = {"input_tokens": 1, "total_tokens": 9}
    kept.log.end("complete")
    line = json.loads(kept.lines[-1])
    assert (line["input_tokens"], line.get("output_tokens")) == (1, None)
    assert "total_tokens" not in line


def test_a_failure_inside_a_complete_reply_is_a_failure() -> None:
    kept = Log()
    kept.log.level, kept.log.status = LogLevel.ERROR, 200
    kept.log.cause = "upstream_incomplete"
    kept.log.end("complete")
    assert json.loads(kept.lines[-1])["cause"] == "upstream_incomplete"
