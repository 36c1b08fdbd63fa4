"""How all is at one look: figures, DAGs, what ended last."""
