"""An answer as a file: CSV and Parquet of its first table, SVG and PNG of one of its charts."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from headway.brief.document import plain_data
from headway.explorer.address import ParameterError
from headway.explorer.answer import Answer, AnswerChart, AnswerMap, AnswerTable

if TYPE_CHECKING:
    import pyarrow as pa

_FORMULA = ("=", "+", "@", "\t", "\r")


def csv_text(answer: Answer, address: str) -> str:
    """The first table; lines that begin with `#` carry title, source, date, caveat and address."""
    table = first(answer)
    out = io.StringIO()
    for line in notes(answer, address):
        out.write(f"# {' '.join(line.split())}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([_cell(row.get(column)) for column in table.columns])
    return out.getvalue()


def parquet(answer: Answer, address: str) -> bytes:
    """The same rows; title, source, date, caveat and address stand in the metadata of the schema."""
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(_arrow(answer, address), sink, compression="zstd")
    return sink.getvalue()


def drawing(answer: Answer, name: str, width: float) -> str:
    """SVG of a chart; the first where none is named."""
    return chosen(answer, name).svg(width)


def image(answer: Answer, name: str, width: float) -> bytes:
    """PNG of a chart."""
    return chosen(answer, name).png(width)


def notes(answer: Answer, address: str) -> list[str]:
    """Notes that must travel with a file."""
    source = f"Source: {answer.source}" if answer.source else ""
    lines = [
        answer.title,
        answer.remark,
        answer.sentence,
        source,
        answer.made.note,
        answer.caveat,
        f"Address: {address}",
    ]
    return [line for line in lines if line]


def first(answer: Answer) -> AnswerTable:
    """The table that files hold.

    Raises:
        ParameterError: the view has none.
    """
    if not answer.tables:
        raise ParameterError("shape", "this view has no table to download")
    return answer.tables[0]


def chosen(answer: Answer, name: str) -> AnswerChart | AnswerMap:
    """The chart of that name, the first where the name is empty.

    Raises:
        ParameterError: no such chart.
    """
    for chart in answer.charts:
        if name in ("", chart.name):
            return chart
    known = ", ".join(chart.name for chart in answer.charts)
    raise ParameterError("chart", f"no chart '{name}' here; there is {known}" if known else "this view has no chart")


def _arrow(answer: Answer, address: str) -> pa.Table:
    import pyarrow as pa

    table = first(answer)
    columns = {column: [plain_data(row.get(column)) for row in table.rows] for column in table.columns}
    arrays = {name: pa.array(_one_kind(values)) for name, values in columns.items()}
    told = json.dumps(notes(answer, address), ensure_ascii=False)
    return pa.table(arrays).replace_schema_metadata({"headway": told})


def _one_kind(values: list[Any]) -> list[Any]:
    """Numbers stay numbers; a column that mixes them with words becomes words."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float} or (len(kinds) <= 1 and not kinds & {list, dict}):
        return [float(value) if isinstance(value, int) and float in kinds else value for value in values]
    return [None if value is None else str(value) for value in values]


def _cell(value: Any) -> Any:
    plain = plain_data(value)
    if plain is None:
        return ""
    return f"'{plain}" if isinstance(plain, str) and plain.startswith(_FORMULA) else plain
