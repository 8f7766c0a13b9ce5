"""How fast the model runs, side by side with what a user would write or use instead: `python -m benchmarks [name]`."""
