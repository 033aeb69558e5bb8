"""What every provider shares: settings, and the routes that an upstream serves."""
