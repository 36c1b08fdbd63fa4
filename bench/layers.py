"""A wide and deep data flow: layers of datasets, each made from some of the layer before it."""

from collections.abc import Iterator


def layered_dags(*, layers: int, width: int, reads: int, partition_size: int) -> list[str]:
    """Return one DAG a layer; the dataset `w.d<layer>_<place>` reads `reads` of the layer before.

    The first read looks a little to both sides, so that ranges grow on their way down.
    """
    return [
        _dag(layer, width=width, reads=reads, partition_size=partition_size)
        for layer in range(layers)
    ]


def _dag(layer: int, *, width: int, reads: int, partition_size: int) -> str:
    datasets = "\n".join(f"  w.d{layer}_{place}: {{partitioning: range}}" for place in range(width))
    head = f"dag: layer_{layer}\ndatasets:\n{datasets}\n"
    if layer == 0:
        return head
    return f"{head}jobs:\n" + "\n".join(
        _job(layer, place, width=width, reads=reads, partition_size=partition_size)
        for place in range(width)
    )


def _job(layer: int, place: int, *, width: int, reads: int, partition_size: int) -> str:
    inputs = ", ".join(_inputs(layer, place, width=width, reads=reads))
    return (
        f"  make_{layer}_{place}: {{operator: bench.noop, inputs: [{inputs}],"
        f" outputs: [w.d{layer}_{place}], execution_strategy: PerPartition,"
        f" partition_size: {partition_size}, update_strategy: replace}}"
    )


def _inputs(layer: int, place: int, *, width: int, reads: int) -> Iterator[str]:
    for step in range(reads):
        name = f"w.d{layer - 1}_{(place * reads + step * 7) % width}"
        yield f"{{dataset: {name}, window: [-5, 5]}}" if step == 0 else name
