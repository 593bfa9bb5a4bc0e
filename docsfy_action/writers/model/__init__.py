"""Pages written by a model: read, checked, repaired, cut back to what holds, or given up with a reason."""
