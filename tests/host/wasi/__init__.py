"""WASI 0.2.9 in Python: what a component under test sees of the world."""
