"""Names as they stand in real traces, and the parts they belong to."""

import pytest

from bench.profiling.parts import OTHER, PARTS, part_of


@pytest.mark.parametrize(
    ("name", "kind", "part"),
    [
        ("conv2d_1/convolution", "_MklNativeConv2D", "convolution"),
        ("depthwise_conv2d_1/depthwise", "_MklNativeDepthwiseConv2dNative", "convolution"),
        (
            "gradient_tape/conv2d_1/convolution/Conv2DBackpropFilter",
            "_MklNativeConv2DBackpropFilter",
            "convolution gradients",
        ),
        (
            "involution2d_1/kernel_generation/kernel_generator_1/conv2d_1/convolution",
            "_MklNativeConv2D",
            "kernel generation",
        ),
        (
            "gradient_tape/tutorial_inn_1/involution2d_1/kernel_generation/sequential_1/re_lu/x",
            "ReluGrad",
            "kernel generation gradients",
        ),
        ("involution2d_1/core/PartitionedCall", "PartitionedCall", "core"),
        ("conv2d_1/convolution/PartitionedCall", "PartitionedCall", "convolution"),
        ("gradient_tape/core/PartitionedCall", "PartitionedCall", "core gradients"),
        ("gradient_tape/core/PartitionedCall_1/transpose", "_MklTranspose", "core gradients"),
        ("involution2d_1/core_1/ExtractImagePatches", "ExtractImagePatches", "core"),
        ("gradient_tape/involution2d_1/core/mul/Mul", "Mul", "core gradients"),
        ("AddN_1/tmp_var_accum_2", "AssignAdd", "gradient sums"),
        ("tutorial_cnn_1/re_lu_7_1/Relu", "_MklNativeFusedConv2D", "convolution"),
        ("tutorial_cnn_1/max_pooling2d_1/MaxPool2d", "_MklNativeMaxPool", "other layers"),
        ("sgd_1/Mul_12", "Mul", "optimizer"),
        ("adam/Mul_12", "Mul", "optimizer"),
        ("IteratorGetNext", "IteratorGetNext", "input data"),
        ("my_encore/score/Mul", "Mul", "other layers"),
    ],
)
def test_part(name, kind, part):
    assert part_of(name, kind) == part
    assert part in PARTS
    assert part != OTHER
