"""Public functions of `import headway as hw`: one file a question, with the rooms and defaults of the command line."""
