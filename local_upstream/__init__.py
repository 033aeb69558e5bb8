"""A stand-in for the OpenAI API on loopback: real HTTP, real event streams, no model."""
