"""The creative app's own choices: a folder is a choice, its files are the options."""
