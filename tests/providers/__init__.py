"""What each provider insists on, and that the example settings satisfy it."""
