"""What a change takes away, and which documents that people wrote still speak of it."""
