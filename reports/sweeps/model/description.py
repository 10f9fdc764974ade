"""The model whose layers a run has measured, each key declared once.

The records of its layers are in the sweep `layers`, one place of the axis for each distinct layer.
Those of the whole model are in the sweep `model`: as it is, with involution where layers were
replaced, and without its measured layers, which says what the rest of it takes.
"""

from typing import Annotated

from reports.sources.case import Dtype, Sides
from reports.sources.validation import Count, Expected, Flag, Schema, Size, Text, Texts, key

# The sweeps of a model, and the operator whose record says what the rest of it takes.
LAYERS, WHOLE, REST = "layers", "model", "rest of the model"


class LayerDescription(Schema):
    """A layer, and how often the model has one like it."""

    label: Text = key("Its size in a few words, unique in the model: `axis_value` of its records.")
    kind: Text = key("What operator it is, such as `convolution` or `depthwise convolution`.")
    names: Texts = key("The layers of the model that are like it.")
    count: Size = key("How often a forward pass calls one of them.")
    is_measured: Flag = key("Whether it is a spatial convolution, which has records.")
    reason: Text | None = key("Why involution cannot take its place; null where it can.")
    instead: Text | None = key(
        "Layers that could take its place together, where involution alone cannot."
    )
    parameters: Count | None = key("Weights of one of them.")
    macs: Count | None = key("Multiply-accumulates of one call for one image, by formula.")


class Replacement(Schema):
    """A layer in whose place the model was measured with involution."""

    layer: Text = key("The name of the layer.")
    kernel_size: Sides = key("Taps of the windows of the involution.")


class ModelDescription(Schema):
    """A Keras model, as it was measured."""

    name: Text = key("The name of the model.")
    source: Text = key("Where it came from: a file, `keras.applications` or `involution.models`.")
    digest: Text | None = key("SHA-256 of the file; null where there is none.")
    batch: Size = key("Images in a call.")
    height: Size = key("Rows of an image.", "px")
    width: Size = key("Columns of an image.", "px")
    channels: Size = key("Channels of an image.")
    dtype: Dtype = key("Data type of the images.")
    parameters: Count = key("Trainable parameters.")
    macs: Count = key("Multiply-accumulates for one image, by formula.")
    uncounted: Texts = key("Kinds of layers that `macs` leaves out, since there is no formula.")
    layers: Annotated[list[LayerDescription], Expected("a list of objects")] = key(
        "Its convolutions, in order of their first call."
    )
    replaced: Annotated[list[Replacement], Expected("a list of objects")] = key(
        "The layers in whose place involution was measured; none before a trial."
    )

    @property
    def case(self) -> str:
        """What it was measured with, such as "batch 4, 224 x 224 pixels, float32"."""
        return f"batch {self.batch}, {self.height} x {self.width} pixels, {self.dtype}"
