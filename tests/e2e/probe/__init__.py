"""A router that tells all that it can see: built and plugged as the real one is."""
