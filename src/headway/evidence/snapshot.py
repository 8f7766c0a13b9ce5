"""Snapshot: four Parquet tables and the Frictionless `datapackage.json` that says what they are.

The same tables give the same bytes: rows are sorted, the writer's options are pinned, the only date is the manifest's.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from headway.core.errors import EvidenceError
from headway.core.files import refuse_foreign_folder
from headway.evidence.catalogue import Indicator, Source, blocs
from headway.evidence.observations import FLOWS, MODELS, STATEMENTS, tidy_facts

if TYPE_CHECKING:
    import pyarrow as pa

from headway.evidence.observations import COLUMNS, tidy

DATAPACKAGE = "datapackage.json"
_NAME = "headway-evidence"  # marks a folder as a snapshot
_SHAPES = {shape.name: shape for shape in (MODELS, FLOWS, STATEMENTS)}
TABLES: dict[str, Mapping[str, str]] = {
    "observations": COLUMNS,
    **{name: shape.columns for name, shape in _SHAPES.items()},
}
_ORDER = {
    "observations": ["indicator", "country", "period", "published_on", "source", "id"],
    "models": ["published", "id"],
    "flows": ["kind", "period", "origin", "destination", "source", "published_on", "id"],
    "statements": ["kind", "country", "id"],
}
_FRICTIONLESS = {"str": "string", "float64": "number", "boolean": "boolean"}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Folder whose files have the hashes that its `datapackage.json` records.

    Attributes:
        hash: sha256 over the hashes of the tables; names the evidence in every recipe.
    """

    folder: Path
    date: dt.date
    hash: str
    description: Mapping[str, Any]

    def path(self, table: str) -> Path:
        """Parquet file of one of `TABLES`."""
        return self.folder / f"{table}.parquet"


def write_snapshot(
    tables: Mapping[str, pd.DataFrame],
    folder: Path,
    date: dt.date,
    indicators: Mapping[str, Indicator],
    sources: Mapping[str, Source],
) -> Snapshot:
    """Write tidy, validated tables into an existing empty folder and open the result."""
    resources = []
    for name, columns in TABLES.items():
        frame = tables[name].sort_values(_ORDER[name], kind="stable").reset_index(drop=True)
        data = parquet_bytes(frame)
        (folder / f"{name}.parquet").write_bytes(data)
        resources.append(_resource(name, columns, frame, data))
    used = {slug for name in ("observations", "models", "flows") for slug in tables[name]["source"].unique()}
    measured = set(tables["observations"]["indicator"].unique())
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": _NAME,
        "title": "Headway evidence snapshot: national AI capability",
        "version": date.isoformat(),
        "created": f"{date.isoformat()}T00:00:00Z",
        "licenses": _licences(sources),
        "sources": [
            {
                "name": slug,
                "title": f"{source.publisher}: {source.title}",
                **({"path": source.url} if source.url else {}),
                "licence": source.licence,
                "citation": source.citation,
                "retrieved_on": source.retrieved_on.isoformat(),
                "lag_rule": source.lag_rule,
            }
            for slug, source in sorted(sources.items())
            if slug in used or slug == "curated"
        ],
        "indicators": [
            entry.model_dump(
                mode="json", include={"slug", "name", "unit", "domain", "kind", "direction", "description"}
            )
            for slug, entry in sorted(indicators.items())
            if slug in measured
        ],
        "blocs": {bloc.slug: list(bloc.members) for bloc in blocs().values()},
        "resources": resources,
    }
    (folder / DATAPACKAGE).write_text(json.dumps(package, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return open_snapshot(folder)


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that a snapshot must not replace, before the work that makes the snapshot.

    Raises:
        InputError: the path is a link or a file, or the folder is neither empty nor a snapshot, or holds other files.
    """
    own = {DATAPACKAGE, *(f"{name}.parquet" for name in TABLES)}
    refuse_foreign_folder(folder, "an evidence snapshot", is_ours=_is_snapshot, is_own_file=own.__contains__)


def open_snapshot(folder: Path) -> Snapshot:
    """Open a snapshot and check every file against its recorded hash.

    Raises:
        EvidenceError: the folder or a file is missing, the description is unreadable, or a hash differs.
    """
    description = _describe(folder)
    recorded = {resource["name"]: resource for resource in description["resources"]}
    digest = hashlib.sha256()
    for name in sorted(TABLES):
        path = folder / f"{name}.parquet"
        if name not in recorded or not path.is_file():
            raise EvidenceError(f"{path} is missing from the snapshot; reinstall Headway, or build it again")
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if recorded[name]["hash"] != f"sha256:{found}":
            raise EvidenceError(
                f"{path} does not have the hash that {DATAPACKAGE} records: the file was changed or cut short; "
                "reinstall Headway, or build the snapshot again"
            )
        digest.update(found.encode())
    return Snapshot(folder, dt.date.fromisoformat(description["version"]), digest.hexdigest(), description)


def read_table(snapshot: Snapshot, name: str) -> pd.DataFrame:
    """Table of the snapshot, typed as it was written."""
    frame = pd.read_parquet(snapshot.path(name))
    return tidy(frame) if name == "observations" else tidy_facts(frame, _SHAPES[name])


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """Bytes of `frame` as Parquet: dates as DATE, no pandas metadata, one writer configuration."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, schema=_arrow_schema(frame), preserve_index=False, safe=False)
    buffer = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata(None),
        buffer,
        version="2.6",
        compression="zstd",
        compression_level=15,
        use_dictionary=True,
        write_statistics=True,
        store_schema=False,
        row_group_size=1 << 20,
        data_page_version="1.0",
    )
    return buffer.getvalue()


def _arrow_schema(frame: pd.DataFrame) -> pa.Schema:
    import pyarrow as pa

    def kind(dtype: str) -> pa.DataType:
        if dtype.startswith("datetime64"):
            return pa.date32()
        return {"float64": pa.float64(), "boolean": pa.bool_()}.get(dtype, pa.string())

    return pa.schema([(column, kind(str(frame[column].dtype))) for column in frame.columns])


def _resource(name: str, columns: Mapping[str, str], frame: pd.DataFrame, data: bytes) -> dict[str, Any]:
    fields = [
        {"name": column, "type": _FRICTIONLESS.get(str(frame[column].dtype), "date"), "description": meaning}
        for column, meaning in columns.items()
    ]
    return {
        "name": name,
        "path": f"{name}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "rows": len(frame),
        "schema": {"fields": fields, "primaryKey": ["id"]},
    }


def _licences(sources: Mapping[str, Source]) -> list[dict[str, str]]:
    found = {source.licence: source.licence_url for source in sources.values()}
    return [{"name": name, **({"path": path} if path else {})} for name, path in sorted(found.items())]


def _is_snapshot(folder: Path) -> bool:
    """Whether the description in a folder bears our name; its tables may be damaged."""
    try:
        return bool(json.loads((folder / DATAPACKAGE).read_text("utf-8"))["name"] == _NAME)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _describe(folder: Path) -> dict[str, Any]:
    path = folder / DATAPACKAGE
    try:
        description = json.loads(path.read_text("utf-8"))
        dt.date.fromisoformat(description["version"])
        {resource["name"]: resource["hash"] for resource in description["resources"]}
    except FileNotFoundError:
        raise EvidenceError(f"no evidence snapshot in {folder}: {DATAPACKAGE} is missing") from None
    except (ValueError, KeyError, TypeError) as error:
        raise EvidenceError(f"{path} is not the description of a snapshot: {error}") from error
    return dict(description)
