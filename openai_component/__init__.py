"""The provider for the OpenAI API: it alone knows the upstream and the key."""
