"""Every host that a composed file is shown to run on, started in one way."""
