"""The What-if engine: the whole ensemble at the speed of a slider, a few countries moving against a held world."""
