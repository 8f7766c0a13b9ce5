"""Tests proposed for the claims of an article, each with what it covers, for a person to choose from."""
