"""Cycles and order of a directed graph, given as what follows each node.

Every node of the graph is a key. Nothing recurses, so a chain of any length is fine.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

Graph = Mapping[str, Sequence[str]]


def topological_order(graph: Graph) -> list[str]:
    """Return the nodes so that each comes after all it follows from; nodes on cycles are left out.

    Of the nodes that may come next it takes one that follows from the last, so that a flow reads
    as one line; otherwise it keeps the order given.
    """
    waiting = dict.fromkeys(graph, 0)
    for nodes in graph.values():
        for node in nodes:
            waiting[node] += 1
    ready = [node for node in reversed(list(graph)) if not waiting[node]]
    order: list[str] = []
    while ready:
        order.append(node := ready.pop())
        for following in reversed(graph[node]):
            waiting[following] -= 1
            if not waiting[following]:
                ready.append(following)
    return order


def find_cycles(graph: Graph) -> list[tuple[str, ...]]:
    """Return a shortest cycle through some node of each knot of cycles; the first node ends it too.

    Empty if and only if the graph is acyclic.
    """
    given = {node: at for at, node in enumerate(graph)}
    cycles = []
    for component in _components(graph):
        start = min(component, key=given.__getitem__)
        if len(component) > 1 or start in graph[start]:
            cycles.append(_way_back(graph, start, set(component)))
    return cycles


def _way_back(graph: Graph, start: str, inside: set[str]) -> tuple[str, ...]:
    """Return the shortest path from `start` to itself; there is one."""
    came_from: dict[str, str] = {}
    queue = deque([start])
    while start not in came_from:
        node = queue.popleft()
        for following in graph[node]:
            if following in inside and following not in came_from:
                came_from[following] = node
                queue.append(following)
    path = [start]
    while len(path) == 1 or path[-1] != start:
        path.append(came_from[path[-1]])
    return tuple(reversed(path))


def _components(graph: Graph) -> Iterator[list[str]]:
    """Yield the strongly connected components (Tarjan 1972, with a stack of our own)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    open_nodes: list[str] = []
    is_open: set[str] = set()
    for root in graph:
        if root in index:
            continue
        work: list[tuple[str, Iterator[str]]] = [(root, iter(graph[root]))]
        index[root] = low[root] = len(index)
        open_nodes.append(root)
        is_open.add(root)
        while work:
            node, following = work[-1]
            for other in following:
                if other not in index:
                    index[other] = low[other] = len(index)
                    open_nodes.append(other)
                    is_open.add(other)
                    work.append((other, iter(graph[other])))
                    break
                if other in is_open:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    component: list[str] = []
                    while not component or component[-1] != node:
                        component.append(open_nodes.pop())
                    is_open.difference_update(component)
                    yield component
