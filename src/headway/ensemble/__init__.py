"""Runs of the model, labelled, by member and scenario: from the posterior where there is one, else from the prior."""
