"""A router that takes the prompt from the query: `GET /?q=Hello`."""
