"""Parts that every room uses: errors, files, the cache, periods, YAML files, numbers and wording."""
