"""Readers of TOML, JSON, YAML, INI and XML that know the line of each value; nothing here knows what a value means."""
