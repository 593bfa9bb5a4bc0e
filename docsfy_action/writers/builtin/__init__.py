"""The embedded writer: one module per kind of page, each with `select` (facts → page input) and `write` (input → Markdown)."""
