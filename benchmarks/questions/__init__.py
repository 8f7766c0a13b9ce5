"""Sixty questions about national AI standing, a grader, and a runner for any OpenAI-compatible endpoint."""
