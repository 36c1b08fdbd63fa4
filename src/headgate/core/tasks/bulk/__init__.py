"""Cancelling or retrying many tasks: those of a filter, as they were when somebody asked.

What is meant is taken at that moment: tasks with ids up to the highest one then. A task that begins
or ends meanwhile is acted upon if the act still fits its state, and at most once; a task that ended
or went back after the moment is not retried, for what it did then nobody had seen.

An act is an operation, as a redrive of many dead letters is: what was asked for and how far it came
(its course) are in the operation's row, which is written in the transaction that changes the tasks.
So any server goes on with it after any crash, at its rate, and a cancel leaves the rest as it is.
A retry goes through the tasks by how they are retried, one way after the other: a transaction that
takes the locks of two ways could wait for somebody who waits for it.
"""
