"""What every provider component shares: settings, requests, an upstream's routes."""
