"""The product as static files: pages made from an edition that open from disk and from any host."""
