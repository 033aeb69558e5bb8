"""A provider that sends each prompt back: the smallest that keeps the contract."""
