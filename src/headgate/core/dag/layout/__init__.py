"""The graph of one DAG or of all, as pages draw it: boxes and lines in pixels, left to right.

model     the nouns                       sketch    what to draw, from flows and datasets
collapse  whole DAGs as one box each      drawing   where each box and line goes
kept      drawings, remembered
"""
