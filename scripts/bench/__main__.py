"""Run it: `python -m scripts.bench MEASUREMENT`, by default `pair`; --help lists them.

Ends with 1 when it cannot measure, or when a stream failed that should not have.
"""

import argparse
import asyncio
import resource
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from scripts.bench import burst, costs, load, pair, soak, soak_faults, start
from scripts.bench.client import BenchError
from scripts.bench.measures import FULL, QUICK


def main() -> int:
    """Measure and print the tables; return the exit status."""
    options = _parse(sys.argv[1:])
    for component in options.component:
        if not component.exists():
            print(f"bench: {component} is missing: make {component}", file=sys.stderr)
            return 1
    # Each stream through a proxy takes it two descriptors; children inherit the limit.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    run: Callable[[argparse.Namespace], Coroutine[Any, Any, int]] = options.run
    try:
        return asyncio.run(run(options))
    except (BenchError, TimeoutError) as error:
        print(f"bench: {error or 'not done in time'}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    commands = parser.add_subparsers(required=True)
    _add_pair(commands.add_parser("pair", help="the WASI 0.2 pair, beside no proxy"))
    _add_load(commands.add_parser("load", help="the gateway with many streams at once"))
    _add_burst(commands.add_parser("burst", help="both with many requests at once"))
    _add_soak(commands.add_parser("soak", help="the gateway for minutes: does it grow"))
    _add_faults(commands.add_parser("faults", help="one request in ten fails"))
    _add_start(commands.add_parser("start", help="what a host compiles at first"))
    _add_costs(commands.add_parser("costs", help="one request at its most expensive"))
    return parser.parse_args(arguments or ["pair"])


def _add_pair(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_pair)
    _add_component(parser, "build/final.cwasm")
    parser.add_argument("--quick", action="store_true", help="10 s, to see it run")


def _add_load(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_load)
    _add_component(parser, "build/gateway.cwasm")
    _add_flags(parser)
    add = parser.add_argument
    add("--streams", type=_several, default=1000)
    add("--per-second", type=_positive, default=100, help="how fast they arrive")
    add("--chunks", type=_several, default=40, help="in each stream")
    add("--seconds", type=float, default=10.0, help="that each stream lasts")


def _add_burst(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_burst)
    both = [Path("build/final.cwasm"), Path("build/gateway.cwasm")]
    parser.add_argument("--component", type=Path, nargs="+", default=both)
    _add_flags(parser)
    sizes = [100, 300, 1000]
    parser.add_argument("--requests", type=_several, nargs="+", default=sizes)


def _add_soak(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_soak)
    _add_component(parser, "build/gateway.cwasm")
    _add_flags(parser)
    add = parser.add_argument
    add("--streams", type=_positive, default=100_000)
    add("--connections", type=_positive, default=16, help="streams at once")
    add("--chunks", type=_positive, default=5, help="in each stream, sent at once")


def _add_faults(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_faults)
    _add_component(parser, "build/gateway.cwasm")
    _add_flags(parser)
    parser.add_argument("--requests", type=_several, default=100_000)
    parser.add_argument("--connections", type=_positive, default=32, help="at once")


def _add_start(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_start)
    both = [Path("build/final.wasm"), Path("build/gateway.wasm")]
    parser.add_argument("--component", type=Path, nargs="+", default=both)
    parser.add_argument("--rounds", type=_positive, default=5)


def _add_costs(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_costs)
    both = [Path("build/final.cwasm"), Path("build/gateway.cwasm")]
    parser.add_argument("--component", type=Path, nargs="+", default=both)


def _add_component(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument("--component", type=Path, nargs=1, default=[Path(default)])


def _add_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--flag",
        action="append",
        default=[],
        help="for `wasmtime serve`, as --flag=-Opooling-allocator=n; may be repeated",
    )


def _positive(text: str) -> int:
    return _at_least(1, text)


def _several(text: str) -> int:
    return _at_least(2, text)


def _at_least(least: int, text: str) -> int:
    if int(text) < least:
        raise argparse.ArgumentTypeError(f"must be {least} or more")
    return int(text)


async def _pair(options: argparse.Namespace) -> int:
    await pair.run(options.component[0], QUICK if options.quick else FULL)
    return 0


async def _load(options: argparse.Namespace) -> int:
    size = load.Load(
        options.streams, options.per_second, options.chunks, options.seconds
    )
    return await load.run(options.component[0], size, tuple(options.flag))


async def _burst(options: argparse.Namespace) -> int:
    flags = tuple(options.flag)
    return await burst.run(options.component, options.requests, flags)


async def _soak(options: argparse.Namespace) -> int:
    size = soak.Soak(options.streams, options.connections, options.chunks)
    return await soak.run(options.component[0], size, tuple(options.flag))


async def _faults(options: argparse.Namespace) -> int:
    size = soak_faults.Size(options.requests, options.connections)
    return await soak_faults.run(options.component[0], size, tuple(options.flag))


async def _start(options: argparse.Namespace) -> int:
    start.run(options.component, options.rounds)
    return 0


async def _costs(options: argparse.Namespace) -> int:
    await costs.run(options.component)
    return 0


if __name__ == "__main__":
    sys.exit(main())
