"""What the proxy costs, measured on this machine: `python -m scripts.bench --help`.

`pair` compares the WASI 0.2 pair with a direct connection, round by round; `load` sends
the gateway many streams, and the same ones direct and through nginx; `burst` sends both
editions requests in the same moment; `soak` sends short streams for minutes and watches
whether the gateway grows.
"""
