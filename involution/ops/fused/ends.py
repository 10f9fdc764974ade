"""Shifted views of a tensor that is read where it lies, without a padded copy of it.

With the rows of all images one after another, what lies at some distance from each position is the
whole tensor, shifted by one number. Only from the first and the last rows of the batch a shift may
lead out of the tensor; a few rows there are copied and padded.
"""

import tensorflow as tf


def ends_apart(function, rows, margin: int):
    """Compute something of each row from shifted views, the rows at both ends by themselves.

    Args:
        function: maps rows and a slice of all rows, those to compute, to as many rows; it is
            given `margin` more rows on both sides than it has to compute.
        rows: (rows, columns, ...), twice the margin of them or more.
        margin: rows at an end from which a shift may lead out of the tensor.

    Returns:
        The rows computed: (rows, columns, groups, channels of a group).
    """
    none = [(0, 0)] * (rows.shape.rank - 1)
    first = function(tf.pad(rows[: 2 * margin], [(margin, 0), *none]), slice(margin))
    middle = function(rows, slice(margin, -margin))
    last = function(tf.pad(rows[-2 * margin :], [(0, margin), *none]), slice(-margin, None))
    # Zeros added in the loops that compute the parts cost less than a copy of all into one.
    rest = tf.shape(rows)[0] - margin
    none = [(0, 0)] * (middle.shape.rank - 1)
    return tf.add_n(
        [
            tf.pad(first, [(0, rest), *none]),
            tf.pad(middle, [(margin, margin), *none]),
            tf.pad(last, [(rest, 0), *none]),
        ]
    )


def shifted(rows, margin: int, shift: int):
    """Return what lies at a distance from each position of the rows inside the margins.

    Args:
        rows: (rows, columns, ...), the margins included.
        margin: rows that are not computed at each end.
        shift: the distance, all rows one after another; less than the margin's positions.

    Returns:
        (rows - 2 * margin, columns, ...).
    """
    columns = rows.shape[1]
    away = margin * columns
    flat = tf.reshape(rows, (-1, *rows.shape[2:]))
    return tf.reshape(flat[away + shift : shift - away], (-1, *rows.shape[1:]))
