"""The glue to WASI: the only code beside the exported classes that imports bindings."""
