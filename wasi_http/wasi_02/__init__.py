"""The ports on WASI 0.2, where every call blocks and so every await is done at once."""
