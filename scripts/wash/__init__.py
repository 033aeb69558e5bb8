"""wasmCloud's development server, `wash dev`, with a composed file and its settings."""
