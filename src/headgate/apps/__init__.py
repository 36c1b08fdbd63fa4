"""The applications. They meet in datasets, never in imports."""
