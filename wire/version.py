"""The project's name and version, as they go upstream in `user-agent`."""

NAME = "wasm-llm-proxy"
VERSION = "0.1.0"
