"""The ports on WASI 0.3, where the host itself awaits, and relays what it can."""
