"""Run it: `python -m local_upstream [--port N]`."""

import argparse

from aiohttp import web

from local_upstream.server import DELTA_SECONDS, build_app


def main() -> None:
    """Serve on loopback until ended."""
    parser = argparse.ArgumentParser(prog="local_upstream", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument(
        "--delta-ms",
        type=float,
        default=DELTA_SECONDS * 1000,
        help="milliseconds between two deltas (default: %(default)g)",
    )
    options = parser.parse_args()
    web.run_app(
        build_app(options.delta_ms / 1000),
        host="127.0.0.1",
        port=options.port,
        print=None,
        access_log=None,
        # A slow reply ends when its client goes.
        handler_cancellation=True,
    )


if __name__ == "__main__":
    main()
