"""The router: it knows HTTP, and neither an upstream nor a secret."""
