"""What others say: checkable claims, the tests that stand for them, and their verdicts."""
