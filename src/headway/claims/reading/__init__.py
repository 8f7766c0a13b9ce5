"""From an article to a draft of claims, by transparent rules, offline, without any downloaded model."""

from headway.claims.reading.article import Article, open_article
from headway.claims.reading.read import ArticleStatement, read_article

__all__ = ["Article", "ArticleStatement", "open_article", "read_article"]
