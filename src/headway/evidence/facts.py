"""The three tables beside the observations: models, bilateral flows, and statements (curated facts in words)."""

from __future__ import annotations

MODEL_COLUMNS: dict[str, str] = {
    "id": "source:model:slug, unique",
    "model": "name of the model version",
    "model_group": "versions that are one model at several settings share a group",
    "organization": "developer, as the publisher names it",
    "countries": "ISO 3166-1 alpha-3 codes joined by ';', exclusive attribution first; empty when not known",
    "published": "day the publisher of the data says that the model was published",
    "released": "day of release to users, or null",
    "domain": "Epoch's domains joined by ';'",
    "log10_compute": "log10 of training compute in FLOP, or null",
    "compute_confidence": "Confident, Likely, Speculative or null",
    "eci": "Epoch Capabilities Index in points, or null",
    "eci_low": "lower end of the 90 % interval, or null",
    "eci_high": "upper end of the 90 % interval, or null",
    "open_weights": "whether the weights can be downloaded, or null",
    "notable": "in Epoch's notable models",
    "large_scale": "in Epoch's large-scale models",
    "frontier": "among the ten largest training runs at its release, by Epoch",
    "source": "slug in the source catalogue",
    "published_on": "day from which the fact could be known",
    "withdrawn_on": "day from which the publisher no longer said so, or null",
}

FLOW_COLUMNS: dict[str, str] = {
    "id": "source:kind:origin>destination:period, unique",
    "kind": "scholars, collaborators or coauthors",
    "origin": "ISO 3166-1 alpha-3 code",
    "destination": "ISO 3166-1 alpha-3 code",
    "period": "ISO 8601 period",
    "value": "number in `unit`",
    "unit": "unit of value",
    "source": "slug in the source catalogue",
    "published_on": "day from which it could be known",
}

STATEMENT_COLUMNS: dict[str, str] = {
    "id": "source:kind:country:key, unique",
    "kind": "goal, budget, event or niche",
    "country": "ISO 3166-1 alpha-3 code, XKX, or a bloc code",
    "date": "day the statement was made or the event happened, or null",
    "date_precision": "day, month, quarter, year or empty",
    "text": "the statement in our words, in English",
    "metric": "what is measured, or empty",
    "value": "number in `unit`, or null",
    "value_high": "upper end where a range was stated, or null",
    "unit": "unit of value, with its scale",
    "target_year": "year the goal is set for, or null",
    "document": "strategy, law or programme it stands in",
    "who": "who said it",
    "title": "title of the page that carries it",
    "publisher": "publisher of that page",
    "url": "address of that page",
    "source_date": "date of that page as it gives it, or empty",
    "reliability": "primary, secondary or press",
    "verified": "V: read in a primary copy; S: read in a secondary source",
    "published_on": "day from which it could be known",
}
