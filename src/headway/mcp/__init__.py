"""Tools for language models: a Model Context Protocol server over the functions of `headway.api`."""
