"""OpenAI's own clients against the gateway, each call made twice and compared."""
