"""A stand-in for the OpenAI API on loopback: real HTTP and event streams, no model."""
