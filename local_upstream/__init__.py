"""A stand-in for the OpenAI API on loopback: real HTTP and event streams, no model.

What is answered is an echo or a fact derived from the request, and says so. A model's
name can script what is to go wrong: see `local_upstream.scripts`.
"""
