"""One module a view: from a state to an answer."""
