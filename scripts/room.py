"""Room for instances: how many a host can have at once, as each host is told it.

A host has room for 1,000 core instances unless it is told otherwise. Some 30 instances
of a file of build/ fill it, and the next request is refused. What is reserved is
addresses: memory is taken by the instances that there are.
"""

INSTANCES = 1250
"""One for each of the 1,000 connections that `wasmtime serve` takes, and a quarter more
for those whose requests have ended and that are not gone yet."""

# What one instance of a file of build/ takes at most; a test counts it.
TAKES = {
    "core-instances": 39,
    "component-instances": 1,
    "memories": 7,
    "tables": 4,
    "stacks": 3,
}


def room_flags(instances: int = INSTANCES) -> tuple[str, ...]:
    """Return what `wasmtime serve` is given."""
    return tuple(
        f"-Opooling-total-{name}={each * instances}" for name, each in TAKES.items()
    )


def room_variables(instances: int = INSTANCES) -> dict[str, str]:
    """Return what `wash dev` and `wash host` read in their own environment."""
    prefix = "WASMTIME_POOLING_TOTAL_"
    return {
        prefix + name.upper().replace("-", "_"): str(each * instances)
        for name, each in TAKES.items()
    }
