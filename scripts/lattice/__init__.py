"""A wasmCloud lattice on loopback: NATS, a registry, hosts and a balancer.

`python -m scripts.lattice` starts one and says how to ask it; see docs/lattice.md.
"""
