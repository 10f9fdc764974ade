"""FLOPs as TensorFlow's own profiler counts them."""

import tensorflow as tf

from bench.measure.calls import Call


def profiler_flops(call: Call) -> int | None:
    """Return the FLOPs that TensorFlow counts in the graph of a call.

    The counter knows convolutions, products and sums of plain graphs; it counts as zero what
    it does not know, among it batch normalization.

    Args:
        call: what to count.

    Returns:
        The FLOPs, zero where the counter sees nothing; None where part of the graph is a function
        of its own that XLA compiles, into which the counter does not look.
    """
    function = call.function
    if not hasattr(function, "get_concrete_function"):
        function = tf.function(function)
    options = (
        tf.compat.v1.profiler.ProfileOptionBuilder(
            tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
        )
        .with_empty_output()
        .build()
    )
    graph = function.get_concrete_function(*call.arguments).graph
    if any(part.attr["_XlaMustCompile"].b for part in graph.as_graph_def().library.function):
        return None
    return tf.compat.v1.profiler.profile(graph, options=options).total_float_ops
