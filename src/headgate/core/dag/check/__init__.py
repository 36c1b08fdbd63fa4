"""What is wrong with a DAG file.

document  YAML to values and their places      faults    of types: unknown fields, bad values
rules     within a job, source or dataset      registry  against operators, datasets, other DAGs
findings  a fault and its place
"""
