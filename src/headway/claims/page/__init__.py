"""The page of a checked ledger: one card a claim, with its verdict, a small picture and the evidence."""

from headway.claims.page.render import Draw, page

__all__ = ["Draw", "page"]
