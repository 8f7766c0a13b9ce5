"""Pictures and tables of docs/inference.md, from the posteriors and the record that ship with the package."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import jax
import numpy as np
from numpyro.infer import Predictive

from headway.charts import Caption, picture_svg
from headway.core import periods
from headway.findings.finding import Picture
from headway.inference import baselines, forecast, mechanistic, record
from headway.inference.calibrate import parts
from headway.inference.posterior import load, shipped
from headway.inference.priors import known
from headway.inference.record import SOURCE, hindcast_picture
from headway.inference.storage import SHIPPED, Posterior, dates, path_of, read

HERE = Path(__file__).parent
IMAGES = HERE / "img" / "inference"
LEVELS = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}


def main() -> None:
    """Draw everything anew and replace the tables between their marks."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    posterior = shipped()
    assert posterior is not None
    for name, picture in {**_checks(posterior), "ridge": _ridge(), "hindcast": _hindcast()}.items():
        _draw(name, picture, posterior.as_of)
    page = HERE / "inference.md"
    text = page.read_text("utf-8")
    tables = {
        "parameters": _parameters(posterior),
        "hindcast": _scores(),
        "also": _also(),
        "blind": blind(),
        "withheld": _withheld(),
        "long_run": _long_run(),
        "flow": _flow(),
        "tilt": _tilt(),
        "fits": _fits(),
    }
    for name, rows in tables.items():
        marked = f"<!-- {name} -->\n{rows}\n<!-- /{name} -->"
        text = re.sub(rf"<!-- {name} -->.*?<!-- /{name} -->", lambda _, m=marked: m, text, flags=re.DOTALL)
    page.write_text(text, "utf-8")


def _draw(name: str, picture: Picture, as_of: dt.date) -> None:
    caption = Caption(as_of, 0.9 if picture.kind != "bars" else None, "")
    (IMAGES / f"{name}.svg").write_text(picture_svg(picture, caption, background="white"), "utf-8")


def _checks(posterior: Posterior) -> dict[str, Picture]:
    """Prior and posterior predictive fans of the leader's and the first follower's frontier."""
    data, fitted = posterior.data.scored_only(), posterior.draws["substitutes"]
    prior = Predictive(parts()["substitutes"].model, num_samples=1000)(jax.random.PRNGKey(0), data)
    before = {key: np.asarray(prior[key]) for key in ("intercept", "slope", "log_run", "level")}
    found = {}
    for country in (data.leader, next(c for c in data.scored if c != data.leader)):
        code = data.countries[country]
        adjusted = mechanistic.curve(fitted, data.leader)[:, :, country]
        adjusted = adjusted + mechanistic.at_dates(fitted, data, np.random.default_rng(0))[:, country]
        fans = {"prior": mechanistic.curve(before, data.leader)[:, :, country], "posterior": adjusted}
        for kind, paths in fans.items():
            title = f"{kind.capitalize()} predictive check, {code}: capability at the end of each quarter"
            found[f"{kind}-{code}"] = _fan(title, data.first, paths, baselines.series(data).values[country])
    return found


def _fan(title: str, first: int, paths: Any, seen: Any) -> Picture:
    rows = tuple(
        {
            "label": "model",
            "date": periods.quarter_end(first + k).isoformat(),
            **{key: round(float(np.quantile(paths[:, k], level)), 2) for key, level in LEVELS.items()},
        }
        for k in range(paths.shape[1])
    )
    low, high = (np.quantile(paths, level, axis=0) for level in (0.05, 0.95))
    known = np.isfinite(seen)
    rows += tuple(
        {"label": "best score", "date": periods.quarter_end(first + k).isoformat()}
        | dict.fromkeys(LEVELS, round(seen[k], 2))
        for k in np.flatnonzero(known)
    )
    held = int(((low <= seen) & (seen <= high))[known].sum())
    return Picture(
        kind="fan",
        title=title,
        rows=rows,
        x="",
        y="ECI points",
        alternative=f"{title}. {held} of {int(known.sum())} quarterly records lie inside the 90% band.",
        source=SOURCE,
    )


def _ridge() -> Picture:
    """The ridge that the data leave: algorithmic drift of the reference country, by slope."""
    fit = load()
    assert fit is not None
    level = fit.level[:, fit.countries.index(fit.reference)]
    drift = (level[:, -1] - level[:, 0]) / ((level.shape[1] - 1) / 4)
    slope = fit.values["slope"]
    edges = np.quantile(slope, np.linspace(0, 1, 7))
    rows = []
    for low, high in pairwise(edges):
        inside = drift[(slope >= low) & (slope <= high)]
        q = np.quantile(inside, [0.05, 0.5, 0.95])
        rows.append({"label": f"slope {low:.1f} to {high:.1f}", "value": q[1], "low": q[0], "high": q[2]})
    return Picture(
        kind="intervals",
        title="The steeper the slope in compute, the less algorithmic progress is needed",
        rows=tuple(rows),
        x="Algorithmic progress of the reference country (OOM a year)",
        y="",
        alternative="; ".join(f"{row['label']}: {row['value']:.2f}" for row in rows) + " OOM a year.",
        source=SOURCE,
    )


def _hindcast() -> Picture:
    stored = record.stored()
    assert stored is not None
    return hindcast_picture(stored)


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _parameters(posterior: Posterior) -> str:
    rows = []
    for key in ("slope", "own_rate", "returns", "fishing_out", "compute_weight", "absorption", "level_noise"):
        low, middle, high = np.quantile(posterior.draws["substitutes"][key], [0.05, 0.5, 0.95])
        rows.append((f"`{key}`", str(known(key, posterior.as_of)), f"{middle:.2f} [{low:.2f}, {high:.2f}]"))
    return _table(("parameter", "prior", "posterior, median [90%]"), rows)


def _scores() -> str:
    stored = record.stored()
    assert stored is not None
    rows = [
        (
            name,
            *(f"{row[key]:.2f}" for key in ("crps", "mae", "bias")),
            *(f"{horizon[name]['crps']:.2f}" for horizon in stored["by_horizon"].values()),
            *(f"{100 * row[f'coverage{level}']:.0f}%" for level in (50, 80, 90)),
        )
        for name, row in sorted(stored["summary"].items(), key=lambda item: item[1]["crps"])
    ]
    spans = tuple(f"CRPS {months} m" for months in stored["by_horizon"])
    return _table(("forecast", "CRPS", "MAE", "bias", *spans, "50%", "80%", "90%"), rows)


def _also() -> str:
    """Lags, open-weight frontier and releases, one column a quantity."""
    stored = record.stored()
    assert stored is not None
    tables = stored["also"]
    rows = []
    for name in dict.fromkeys(name for table in tables.values() for name in table):
        found = (table.get(name, {}) for table in tables.values())
        values = (row.get("crps", row.get("brier")) for row in found)
        rows.append((name, *("" if value is None else f"{value:.2f}" for value in values)))
    firsts = {quantity: next(iter(table.values())) for quantity, table in tables.items()}
    heads = (
        f"{quantity}: {'Brier score' if 'brier' in row else 'CRPS'}, {row['n']:.0f} points"
        for quantity, row in firsts.items()
    )
    return _table(("forecast", *heads), rows)


def blind() -> str:
    """Scores of the frozen forecast of end 2025 on the first half of 2026, on two tables of the index."""
    path = SHIPPED / "forecast-2025-12-31.json"
    frozen = forecast.opened(path.read_text("utf-8"), path.name)
    by_table = []
    for table in ("august", "june"):
        actuals = HERE / "data" / f"actuals-2026H1-{table}.csv"
        rows = forecast.read_actuals(actuals, forecast.countries(frozen), forecast.span(frozen))
        by_table.append(forecast.score(frozen, rows)["summary"])
    late, early = by_table
    lines = [
        (
            name, *(f"{row[key]:.2f}" for key in ("crps", "mae")), f"{row['bias']:+.2f}",
            *(f"{round(row[f'coverage{level}'] * row['n'])} of {row['n']:.0f}" for level in (50, 90)),
            f"{early[name]['crps']:.2f}",
        )
        for name, row in sorted(late.items(), key=lambda item: item[1]["crps"])
    ]  # fmt: skip
    return _table(("frozen forecast", "CRPS", "MAE", "bias", "in 50%", "in 90%", "CRPS, table of 30 June"), lines)


def _withheld() -> str:
    stored = record.stored()
    assert stored is not None
    rows = [
        (
            row["country"], row["structure"], row["quarter"], f"{row['actual']:.1f}",
            f"{row['median']:.1f} [{row['low']:.1f}, {row['high']:.1f}]", "yes" if row["in90"] else "no",
        )
        for row in stored.get("withheld", [])
    ]  # fmt: skip
    return _table(("withheld", "structure", "quarter", "scored", "inferred, median [90%]", "inside"), rows)


def _long_run() -> str:
    stored = record.stored() or {}
    rows = [
        (
            row["origin"],
            f"{row['months']} months",
            row["country"],
            f"{row['actual']:.1f}",
            *(f"{row[name][len(row[name]) // 2]:.1f}" for name in (record.COMPUTE, record.DIFFUSION)),
        )
        for row in stored.get("long_run", {}).get("points", [])
    ]
    header = ("forecast made", "ahead", "country", "lag, months", "if compute decides", "if knowledge diffuses")
    return _table(header, rows)


def _flow() -> str:
    stored = record.stored()
    assert stored is not None
    rows = [
        (
            row["country"], str(row["year"]), f"{row['counted']:.1f}%",
            f"{row['median']:.1f}% [{row['low']:.1f}, {row['high']:.1f}]", "yes" if row["in90"] else "no",
        )
        for row in stored.get("chip_flow", [])
    ]  # fmt: skip
    return _table(("country", "year", "counted", "model, median [90%]", "inside"), rows)


def _tilt() -> str:
    """Mean best score a year ahead before and after the rows of each shipped posterior were weighed."""
    header = ("posterior", "before", "forecast", "after", "rows effective")
    rows = []
    for day in dates():
        told = read(path_of(day)).record["tilt"]
        rows.append(
            (str(day), *(f"{told[key]:.1f}" for key in ("before", "target", "after")), f"{told['effective']:.0%}")
        )
    return _table(header, rows)


def _fits() -> str:
    rows = []
    for path in [*(path_of(date) for date in dates()), *sorted(SHIPPED.glob("withheld-*.npz"))]:
        found = read(path)
        for name, row in found.record["diagnostics"].items():
            rows.append(
                (
                    path.stem, name, str(row["chains"] * row["draws"]), f"{row['r_hat']:.3f}", f"{row['ess']:.0f}",
                    str(row["divergent"]),
                )
            )  # fmt: skip
    return _table(("posterior", "part", "draws", "R-hat", "ESS", "divergent"), rows)


if __name__ == "__main__":
    main()
