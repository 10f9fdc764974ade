"""Sums of shifted views of a tensor, read where it lies or from a padded copy of it.

With the positions of all images one after another, what lies at some distance from each position is
the whole tensor, shifted by one number. Only from the first and the last positions of the batch a
shift may lead out of the tensor; in place, a few there are copied and padded.
"""

import tensorflow as tf


def ends_apart(function, flat, margin: int):
    """Compute something of each position from shifted views, both ends by themselves.

    Args:
        function: maps positions and a slice of all of them, those to compute, to as many results;
            it is given `margin` more positions on both sides than it has to compute.
        flat: (positions, ...), twice the margin of them or more.
        margin: positions at an end from which a shift may lead out of the tensor; not 0.

    Returns:
        The results of all positions: (positions, ...).
    """
    none = [(0, 0)] * (flat.shape.rank - 1)
    first = function(tf.pad(flat[: 2 * margin], [(margin, 0), *none]), slice(margin))
    middle = function(flat, slice(margin, -margin))
    last = function(tf.pad(flat[-2 * margin :], [(0, margin), *none]), slice(-margin, None))
    # Zeros added in the loops that compute the parts cost less than a copy of all into one.
    rest = tf.shape(flat)[0] - margin
    none = [(0, 0)] * (middle.shape.rank - 1)
    return tf.add_n(
        [
            tf.pad(first, [(0, rest), *none]),
            tf.pad(middle, [(margin, margin), *none]),
            tf.pad(last, [(rest, 0), *none]),
        ]
    )


def ends_padded(function, flat, margin: int):
    """Compute the same as `ends_apart` in one loop, from a padded copy.

    Args:
        function: as for `ends_apart`.
        flat: (positions, ...), any number of them.
        margin: as for `ends_apart`.

    Returns:
        The results of all positions: (positions, ...).
    """
    none = [(0, 0)] * (flat.shape.rank - 1)
    return function(tf.pad(flat, [(margin, margin), *none]), slice(None))
