"""Jobs as people see them: what each is, how it does, where it has been, and running it again.

reading     lists of jobs, and one job whole
graph/      the graph of jobs and datasets, with what happens in it now
partitions/ what of a job is done, runs, waits, is dead or stale: by ranges or by keys
process/    running one job over a part of its partitions again
"""
