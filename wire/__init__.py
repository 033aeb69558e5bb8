"""What every component shares: the wire's rules, in plain Python without WASI."""
