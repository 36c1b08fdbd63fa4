"""The graph of datasets and of the jobs and sources that read and write them.

flow      nodes and edges      order    cycles and topological order
closure   how far a change     layout   coordinates, for pages
          reaches              picture  text, for terminals
"""
