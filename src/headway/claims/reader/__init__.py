"""Reader of articles: sentences, parts, slots, subjects and kinds, by rules, offline, without a downloaded model."""
