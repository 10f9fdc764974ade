"""Layers without MACs, which the published rule leaves out as well."""

from typing import Any

from keras import layers

FREE = (
    layers.Add,
    layers.AlphaDropout,
    layers.Average,
    layers.AveragePooling1D,
    layers.AveragePooling2D,
    layers.AveragePooling3D,
    layers.CenterCrop,
    layers.Concatenate,
    layers.Cropping1D,
    layers.Cropping2D,
    layers.Cropping3D,
    layers.Dropout,
    layers.ELU,
    layers.Flatten,
    layers.GaussianDropout,
    layers.GaussianNoise,
    layers.GlobalAveragePooling1D,
    layers.GlobalAveragePooling2D,
    layers.GlobalAveragePooling3D,
    layers.GlobalMaxPooling1D,
    layers.GlobalMaxPooling2D,
    layers.GlobalMaxPooling3D,
    layers.GroupNormalization,
    layers.Identity,
    layers.InputLayer,
    layers.LayerNormalization,
    layers.LeakyReLU,
    layers.MaxPooling1D,
    layers.MaxPooling2D,
    layers.MaxPooling3D,
    layers.Maximum,
    layers.Minimum,
    layers.Multiply,
    layers.Normalization,
    layers.PReLU,
    layers.Permute,
    layers.RandomBrightness,
    layers.RandomContrast,
    layers.RandomCrop,
    layers.RandomFlip,
    layers.RandomRotation,
    layers.RandomTranslation,
    layers.RandomZoom,
    layers.RepeatVector,
    layers.Rescaling,
    layers.Reshape,
    layers.Resizing,
    layers.Softmax,
    layers.SpatialDropout1D,
    layers.SpatialDropout2D,
    layers.SpatialDropout3D,
    layers.Subtract,
    layers.UnitNormalization,
    layers.UpSampling1D,
    layers.UpSampling2D,
    layers.UpSampling3D,
    layers.ZeroPadding1D,
    layers.ZeroPadding2D,
    layers.ZeroPadding3D,
)
# Classes of Keras that have no public name: layers of its applications, and the operations that
# a functional model has where tensors are added, sliced or given to a function of `keras.ops`.
NAMES = """
LayerScale StochasticDepth
Absolute Add BroadcastTo Cast Clip Concatenate Divide Exp ExpandDims Flip GetItem Log Max Maximum
Mean Min Minimum Multiply Negative Pad Power Repeat Reshape Resize Roll Rsqrt Split Sqrt Square
Squeeze Stack Subtract Sum Tanh Tile Transpose TrueDivide Var
Elu Gelu HardSigmoid HardSilu HardSwish LeakyRelu Relu Relu6 Selu Sigmoid Silu Softmax Softplus
"""
FREE_NAMES = frozenset(NAMES.split())


def is_free(layer: Any) -> bool:
    """Return whether a layer or an operation of Keras does no multiply-accumulates.

    Args:
        layer: a layer, or a plain operation of a functional model.
    """
    kind = type(layer)
    return isinstance(layer, FREE) or (
        kind.__module__.startswith("keras.") and kind.__name__ in FREE_NAMES
    )
