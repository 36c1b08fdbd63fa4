"""Commands that ask a running server: a noun each, with its verbs."""
