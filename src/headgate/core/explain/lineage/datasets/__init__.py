"""What a dataset is made from and what is made from it, by the graph that is deployed now."""
