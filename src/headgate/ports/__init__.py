"""What can be swapped: a folder is a choice, its `__init__` the contract, its files the options."""
