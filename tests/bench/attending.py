"""Self-attention as plain loops, in double precision."""

import numpy as np

from tests.involution.loop import borders


def local(inputs, projections, groups, kernel_size, strides=(1, 1), dilation_rate=(1, 1)):
    """Return the attention of each window's centre to the pixels of the image under its taps."""
    inputs = np.asarray(inputs, "float64")
    (top, _, rows), (left, _, columns) = (
        borders(size, taps, stride, "same", dilation)
        for size, taps, stride, dilation in zip(
            inputs.shape[1:3], kernel_size, strides, dilation_rate, strict=True
        )
    )

    def places(window, stride, before, taps, dilation):
        return [window * stride - before + tap * dilation for tap in range(taps)]

    outputs = np.zeros((len(inputs), rows, columns, inputs.shape[3]))
    for image, row, column in np.ndindex(outputs.shape[:3]):
        down = places(row, strides[0], top, kernel_size[0], dilation_rate[0])
        across = places(column, strides[1], left, kernel_size[1], dilation_rate[1])
        centre = inputs[image, down[len(down) // 2], across[len(across) // 2]]
        under = [
            inputs[image, y, x]
            for y in down
            for x in across
            if 0 <= y < inputs.shape[1] and 0 <= x < inputs.shape[2]
        ]
        outputs[image, row, column] = attended(centre, np.array(under), projections, groups)
    return outputs


def everywhere(inputs, projections, last, groups, strides):
    """Return the attention of every stride-th pixel to all pixels of its image."""
    kept = inputs[:, :: strides[0], :: strides[1]]
    outputs = np.zeros(kept.shape)
    for image, row, column in np.ndindex(outputs.shape[:3]):
        pixels = inputs[image].reshape(-1, inputs.shape[3])
        outputs[image, row, column] = (
            attended(kept[image, row, column], pixels, projections, groups) @ last
        )
    return outputs


def attended(query, pixels, projections, groups):
    """Return the attention of one pixel to some, head by head."""
    query, keys, values = (
        part @ weights for part, weights in zip((query, pixels, pixels), projections, strict=True)
    )
    size = len(query) // groups
    outputs = np.zeros(len(query))
    for group in range(groups):
        head = slice(group * size, (group + 1) * size)
        exponentials = np.exp(keys[:, head] @ query[head] / size**0.5)
        outputs[head] = exponentials / exponentials.sum() @ values[:, head]
    return outputs
