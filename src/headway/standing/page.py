"""Self-contained HTML pages of an index: tables that a click sorts, pictures, nothing loaded from elsewhere."""

from __future__ import annotations

import html
from collections.abc import Sequence

from headway.charts import Caption, picture_svg
from headway.findings.finding import Picture


def document(title: str, body: str) -> str:
    """HTML document; `title` is text, `body` HTML."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body>{body}<script>{_SORT}</script></body></html>\n"
    )


def sortable(columns: Sequence[str], rows: Sequence[Sequence[str]], styles: Sequence[Sequence[str]] = ()) -> str:
    """HTML of a table of text; a click on a column's head sorts it.

    Args:
        styles: CSS of each cell, in the shape of `rows`; none by default.
    """
    head = "".join(
        f'<th scope="col" aria-sort="none"><button type="button">{html.escape(name)}</button></th>' for name in columns
    )
    lines = []

    def style(css: str) -> str:
        return f' style="{css}"' if css else ""

    for i, row in enumerate(rows):
        own = styles[i] if styles else [""] * len(row)
        cells = zip(row, own, strict=True)
        lines.append("".join(f"<td{style(css)}>{html.escape(cell)}</td>" for cell, css in cells))
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def figure(picture: Picture, caption: Caption) -> str:
    """HTML of a picture."""
    return f"<figure>{picture_svg(picture, caption)}</figure>"


_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1a1a1a}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    "th,td{padding:.2rem .6rem;text-align:right;border-bottom:1px solid #ddd}th{position:sticky;top:0;background:#fff}"
    "th:first-child,td:first-child{text-align:left;white-space:pre}pre{background:#f6f6f6;padding:1rem;overflow-x:auto}"
    "th button{font:inherit;font-weight:bold;border:0;background:none;cursor:pointer;text-align:inherit;padding:0}"
    "th[aria-sort=ascending] button::after{content:' ▲'}th[aria-sort=descending] button::after{content:' ▼'}"
    "figure{margin:1rem 0}figure svg{max-width:100%;height:auto}"
    "section{border-top:2px solid #1a1a1a;margin-top:2.5rem}.muted{color:#566370}"
    ".grade{color:#fff;border-radius:3px;padding:0 .4em;font-size:.75em;font-weight:bold;text-transform:uppercase}"
    ".good{background:#00704f}.look{background:#9a5b00}.poor{background:#a32020}li.remark{list-style:none}"
    "@media print{section{break-before:page}}"
)
_SORT = (
    "document.querySelectorAll('table').forEach(t=>t.querySelectorAll('th').forEach((h,i)=>h.addEventListener('click',"
    "()=>{const up=h.getAttribute('aria-sort')!=='ascending';t.querySelectorAll('th').forEach(o=>o.setAttribute("
    "'aria-sort','none'));h.setAttribute('aria-sort',up?'ascending':'descending');const b=t.tBodies[0];"
    "[...b.rows].sort((p,q)=>{const x=p.cells[i].textContent,y=q.cells[i].textContent;if(!x||!y)return x?-1:y?1:0;"
    "const d=isNaN(x)||isNaN(y)?x.localeCompare(y):x-y;return up?d:-d}).forEach(r=>b.append(r))})))"
)
