"""What maintainers and workflows of this repository run; nothing of it is in the package or the image."""
