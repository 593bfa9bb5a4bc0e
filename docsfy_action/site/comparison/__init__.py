"""The page that shows what a pull request changes in the documentation, as readers will see it."""
