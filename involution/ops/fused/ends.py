"""Sums of shifted views of tensors, read where they lie or from a padded copy of them.

With the rows of all images one after another, what lies at some distance from each place is the
whole tensor, shifted by one number. Only from the first and the last rows of the batch a shift may
lead out of the tensor; in place, a few there are copied and padded.
"""

import tensorflow as tf


def ends_apart(function, rows, tensors, margin: int):
    """Compute something of each row from shifted views, both ends by themselves.

    Args:
        function: maps the rows to compute, and tensors of these and of `margin` more rows on both
            sides, to a tensor of the computed rows.
        rows: (count,), twice the margin of them or more.
        tensors: each (count, ...).
        margin: rows at an end from which a shift may lead out of the tensors; not 0.

    Returns:
        The results of all rows: (count, ...).
    """
    first = function(rows[:margin], *(_padded(of[: 2 * margin], margin, 0) for of in tensors))
    middle = function(rows[margin:-margin], *tensors)
    last = function(rows[-margin:], *(_padded(of[-2 * margin :], 0, margin) for of in tensors))
    # Zeros added in the loops that compute the parts cost less than a copy of all into one.
    rest = tf.shape(rows)[0] - margin
    return tf.add_n(
        [_padded(first, 0, rest), _padded(middle, margin, margin), _padded(last, rest, 0)]
    )


def ends_padded(function, rows, tensors, margin: int):
    """Compute the same as `ends_apart` in one loop, from padded copies.

    Args:
        function: as for `ends_apart`.
        rows: (count,), any number of them.
        tensors: as for `ends_apart`.
        margin: as for `ends_apart`.

    Returns:
        The results of all rows: (count, ...).
    """
    return function(rows, *(_padded(of, margin, margin) for of in tensors))


def _padded(tensor, before, after):
    """Return a tensor with rows of zeros around it."""
    return tf.pad(tensor, [(before, after)] + [(0, 0)] * (tensor.shape.rank - 1))
