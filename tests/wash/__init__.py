"""Both editions under wasmCloud's `wash dev`, and the command that starts it."""
