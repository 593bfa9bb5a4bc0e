"""The runner and the web API: what the step is told, and what it tells the runner and its reader."""
