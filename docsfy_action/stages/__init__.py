"""The stages of a run, a module each: they join the rooms, and hold no rules of their own."""
