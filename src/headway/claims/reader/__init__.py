"""Reader of articles: drafts of ledgers, made by transparent rules, offline, without a downloaded model."""
