"""The pixels from which the kernel of each window is generated."""

from typing import Unpack

from keras import ops

from involution.geometry import WindowGeometry, at_least_zero, output_sizes
from involution.ops.types import Tensor


def pooled_at_windows(inputs: Tensor, **geometry: Unpack[WindowGeometry]) -> Tensor:
    """Return, for each output position, the average of the `strides` pixels at its window.

    With "same" padding the input is pooled with "same" padding: pixels outside do not count.
    Otherwise the pooled pixels start at the centre of the window, and pixels outside the input
    count as zero.

    Args:
        inputs: (batch, height, width, channels).
        **geometry: of the windows, as for `involution.geometry.output_sizes`; kernel sizes are odd.

    Returns:
        (batch, out_height, out_width, channels).
    """
    same, strides = geometry["padding"] == "same", geometry["strides"]
    if not same:
        inputs = _centred(inputs, geometry)
    if strides == (1, 1):
        return inputs
    padding = "same" if same else "valid"
    return ops.average_pool(inputs, strides, strides, padding, data_format="channels_last")


def _centred(inputs: Tensor, geometry: WindowGeometry) -> Tensor:
    """Crop or pad the input to the pixels from the first window's centre to the last's.

    Where these are all pixels, the input is returned: the gradient of a slice would be a copy.
    """
    sizes = ops.shape(inputs)[1:3]
    zeros = 0 if geometry["padding"] == "valid" else int(geometry["padding"])
    amounts, spans, is_whole = [], [], True
    for size, count, kernel_size, stride, dilation in zip(
        sizes,
        output_sizes(sizes, **geometry),
        geometry["kernel_size"],
        geometry["strides"],
        geometry["dilation_rate"],
        strict=True,
    ):
        start = (kernel_size - 1) // 2 * dilation - zeros
        span = count * stride
        # With stride 1 there are then as many windows as pixels, even if nobody knows how many.
        is_whole &= start == 0 and (stride == 1 or (isinstance(span, int) and span == size))
        amounts.append((at_least_zero(-start), at_least_zero(start + span - size)))
        spans.append(slice(max(start, 0), max(start, 0) + span))
    if is_whole:
        return inputs
    return ops.pad(inputs, [(0, 0), *amounts, (0, 0)])[:, spans[0], spans[1]]
