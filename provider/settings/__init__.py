"""Settings: what an operator may say, in variables or in one JSON document."""
