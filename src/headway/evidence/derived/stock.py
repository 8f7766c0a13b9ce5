"""The AI compute that owners based in a country have bought."""

from __future__ import annotations

import pandas as pd

from headway.evidence.derived.rows import finished

PARTS = ("nvidia_owned_h100e", "tpu_owned_h100e", "trainium_owned_h100e", "amd_owned_h100e")


def compute_stock(observations: pd.DataFrame) -> pd.DataFrame:
    """`compute_stock_h100e`: cumulative H100e by country and quarter, the sum of what `PARTS` hold for that quarter.

    Ends of the 90 % intervals add up, as if all estimates were wrong in the same direction: rather too wide. A maker
    whose counts begin later (TPU 2023, Trainium and AMD 2024) enters when they begin. The stock is that of the owners
    the publisher names, by headquarters: it leaves out smaller owners, chips of other makers, smuggled chips and rented
    compute, and counts nothing off as it ages. Clusters by place are another series (`cluster_h100e`).
    """
    if observations.empty:
        return pd.DataFrame()
    rows = observations[observations["indicator"].isin(PARTS)].sort_values(["published_on", "indicator"])
    rows = rows.drop_duplicates(["indicator", "country", "period"], keep="last")
    if rows.empty:
        return pd.DataFrame()
    sums = rows.groupby(["country", "period"], as_index=False).agg(
        value=("value", "sum"),
        low=("low", "sum"),
        high=("high", "sum"),
        level=("level", "min"),
        source=("source", "first"),
        published_on=("published_on", "max"),
        retrieved_on=("retrieved_on", "max"),
        flag=("flag", lambda marks: ",".join(sorted(set(marks)))),
        inputs=("id", lambda ids: " ".join(sorted(ids))),
    )
    return finished(sums, "compute_stock_h100e")
