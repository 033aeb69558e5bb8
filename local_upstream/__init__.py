"""A stand-in for OpenAI's API, and Gemini's, on loopback: real HTTP, no model.

What is answered is an echo or a fact derived from the request, and says so. A model's
name can script what is to go wrong: see `local_upstream.scripts`.
"""
