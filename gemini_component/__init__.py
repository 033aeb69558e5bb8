"""The provider for Google's Gemini API."""
