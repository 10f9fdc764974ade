# ---
# jupyter:
#   jupytext:
#     cell_markers: '"""'
#     formats: ipynb,py:percent
#     notebook_metadata_filter: -jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
"""
# Tutorial

The Keras example [Involutional neural networks](https://keras.io/examples/vision/involution/) by
Aritra Roy Gosthipaty writes an involution layer, trains a small network with it on CIFAR-10, and
compares the network with a convolutional one. This notebook takes the same steps with the layer
of this project. Then it takes the steps that the example leaves to its readers: other
hyperparameters, another model, another kernel generator.

In a clone, `pip install -e . --group tutorial jupyterlab` installs what the notebook needs, and
`jupyter lab docs/tutorial.ipynb` opens it. `tox run -e tutorial` executes it as a whole.
"""

# %% tags=["hide-input"]
# First: it keeps needless lines of TensorFlow out of the notebook.
from bench import startup  # noqa: F401, I001

import os
from functools import partial
from pathlib import Path
from time import perf_counter

import keras
import numpy as np
import pandas as pd
import seaborn as sns
import tensorflow as tf
from IPython.display import Markdown, display
from keras import layers

from bench.cifar.data import load
from involution import Involution2D, costs
from involution.costs.models import count
from involution.layers import PointwiseConv2D
from involution.models import (
    kernel_maps,
    rednet,
    resnet,
    tutorial_cnn,
    tutorial_cnn_involution,
    tutorial_inn,
)
from reports.cifar.load import read
from reports.cifar.statistics import PUBLISHED, summaries
from reports.drawing.figure import Swatch
from reports.drawing.palette import BLUE, ORANGE, PURPLE, VERMILION
from reports.drawing.theme import MUTED
from reports.output.notebook import picture

# %% [markdown]
"""
Settings come from the environment:

- `TRAIN=part`, the default: two epochs on 10,000 images show how training goes. What follows uses
  weights that come with the package, of a training in full.
- `TRAIN=full`: 20 epochs on all images, as in the example. What follows uses these weights.
- `TRAIN=step`: a single step, to see that all cells run.
- `CIFAR=PATH`: images that are there already, a folder with `cifar-10-batches-py`, the published
  `.tar.gz` or an `.npz`. Without it Keras downloads CIFAR-10, 170 MB.
"""

# %% tags=["parameters"]
TRAIN = os.environ.get("TRAIN", "part")
CIFAR = os.environ.get("CIFAR")

EPOCHS, USED_IMAGES, ROUNDS = {
    "part": (2, 10_000, 15),
    "full": (20, None, 15),
    "step": (1, 64, 1),
}[TRAIN]

# %% [markdown]
"""
## Shapes

The example tries its layer on a random tensor with three settings. `Involution2D` reads the
number of channels from its input, and keeps it.
"""


# %%
def show_shapes(name, layer, images):
    outputs, kernels = layer(images, return_kernels=True)
    print(f"{name:20} outputs {outputs.shape} kernels {kernels.shape}")


images = keras.random.normal((32, 256, 256, 3), seed=0)
show_shapes("stride 1", Involution2D(5, reduction_ratio=1), images)
show_shapes("stride 2", Involution2D(5, strides=2, reduction_ratio=1), images)
show_shapes("reduction ratio 2", Involution2D(5, reduction_ratio=2), images)

# %% [markdown]
"""
Kernels have a height, a width and a group at each position of the outputs. The third setting of
the example also says `channel=16`, to a layer that gets three channels. Its layer does not
notice. This one has no such argument: it takes the number of channels from its input. Sixteen can
be split into groups, each with its own kernel. The stride need not divide the size of the image.
"""

# %%
images = keras.random.normal((32, 255, 255, 16), seed=0)
show_shapes("16 channels", Involution2D(5, strides=2, groups=4), images)

# %% [markdown]
"""
## Images

CIFAR-10 has 50,000 images to train with and 10,000 to test with, in ten classes.
"""

# %%
data = load(Path(CIFAR) if CIFAR else None)
train_images, train_labels = (
    data.train_images[:USED_IMAGES] / np.float32(255),
    data.train_labels[:USED_IMAGES],
)
test_images, test_labels = data.test_images / np.float32(255), data.test_labels

# %% tags=["remove-input"]
Markdown(
    f"This execution has read {len(data.train_images):,} training images and "
    f"{len(data.test_images):,} test images from `{data.source}`. {' '.join(data.notes)}"
)


# %%
def draw_images(plot):
    for axes, image, label in zip(
        plot.subplots(5, 5).flat, train_images, train_labels, strict=False
    ):
        axes.imshow(image, interpolation="none")
        axes.set_title(data.classes[label], size=11, weight="normal", loc="center")
        axes.set_axis_off()


picture(
    draw_images,
    (420, 500),
    "The first 25 training images",
    f"Row by row: {', '.join(data.classes[label] for label in train_labels[:25])}.",
)


# %% [markdown]
"""
## The convolutional network

Three convolutions with pooling between them, then two dense layers.
"""


# %%
def headed(name, table):
    """Return a table with a name for its rows in the line of the other names."""
    return table.rename_axis(index=None, columns=name)


def layer_table(model):
    rows = [
        (type(each).__name__, str(each.output.shape[1:]), f"{each.count_params():,}")
        for each in model.layers
    ]
    rows.append(("together", "", f"{model.count_params():,}"))
    table = pd.DataFrame(rows, columns=["layer", "output", "parameters"])
    return headed("layer", table.set_index("layer"))


layer_table(tutorial_cnn())

# %% [markdown]
"""
## The involutional network

The same with an involution in place of each convolution. Involution keeps the number of channels,
so that this network has three from the first layer to the last: the colours of the image.
"""

# %%
layer_table(tutorial_inn())

# %% [markdown]
"""
The 26 parameters of an involution are those of its generator, from three channels to one feature,
and from that to the nine numbers of a kernel. Two of them are the mean and the variance of the
feature, which are not trained; tables further down count trainable parameters alone.

The two networks differ in two things, their operator and their width. A third network separates
them: it has an involution at each width of the convolutional network, and a 1x1 convolution where
the width changes.
"""

# %%
layer_table(tutorial_cnn_involution())

# %% [markdown]
"""
## Training

As in the example: Adam, batches of 256, cross-entropy.
"""


# %%
def trained(build, epochs=EPOCHS):
    """Return a trained model, and its loss and accuracy after each epoch."""
    keras.utils.set_random_seed(0)
    model = build()
    model.compile(
        optimizer="adam",
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        run_eagerly=TRAIN == "step",  # a single step is faster than its compilation
    )
    fitted = model.fit(
        *(train_images, train_labels),
        batch_size=256,
        epochs=epochs,
        validation_data=(test_images, test_labels),
        verbose=2 if TRAIN == "full" else 0,
    )
    return model, pd.DataFrame(fitted.history).assign(epoch=range(1, epochs + 1))


MODELS = {
    "tutorial_cnn": tutorial_cnn,
    "tutorial_inn": tutorial_inn,
    "tutorial_cnn_involution": tutorial_cnn_involution,
}
here = {name: trained(build) for name, build in MODELS.items()}
histories = pd.concat([history.assign(model=name) for name, (_, history) in here.items()])
headed("model", histories.set_index("model").round(3))

# %% [markdown]
"""
An accuracy of 0.1 is that of guessing, which the network of three channels leaves slowly.

The repository has a study of these networks: three seeds of 20 epochs each, on all images, made by
`python -m bench.cifar` ([Train on CIFAR-10](training.md)). It also has a fourth network, of three
involutions so wide that it has as many parameters as the CNN. One run against one run says little
here.
"""

# %% tags=["hide-input"]
study = read(Path("cifar")).content
found = {summary.model: summary for summary in summaries(study)}
METRICS = {
    "val_accuracy": "Test accuracy",
    "accuracy": "Training accuracy",
    "val_loss": "Test loss",
    "loss": "Training loss",
}
curves = pd.concat(
    pd.DataFrame({metric: run.metric(metric) for metric in METRICS}).assign(
        model=run.model, epoch=range(1, run.epochs + 1)
    )
    for run in study.runs
)
LOOKS = {
    "tutorial_cnn": Swatch("CNN", BLUE, "o"),
    "tutorial_inn": Swatch("INN, three channels", VERMILION, "D"),
    "tutorial_cnn_involution": Swatch("INN, equal widths", ORANGE, "^"),
    "tutorial_inn_wide": Swatch("INN, equal parameters", PURPLE, "P"),
}


def draw_curves(plot, metric):
    axes = plot.subplots()
    for model, runs in curves.groupby("model"):
        look = {"color": LOOKS[model].colour, "marker": LOOKS[model].marker, "markevery": 4}
        sns.lineplot(runs, x="epoch", y=metric, errorbar=("pi", 100), ax=axes, **look)
    for model, history in histories.groupby("model"):
        axes.plot(history["epoch"], history[metric], "--", color=LOOKS[model].colour)
    # A bad start of one seed must not flatten the other curves.
    axes.set(xlabel="Epoch", ylabel="", ylim=(0, curves[metric].quantile(0.99) * 1.05))
    axes.set_xticks(range(5, 1 + curves["epoch"].max(), 5))
    axes.set_title(METRICS[metric])


def curves_picture(metric):
    ends = ", ".join(
        f"{look.label} {found[model].runs[0].metric(metric)[-1]:.3f}"
        for model, look in LOOKS.items()
        if model in found
    )
    return picture(
        partial(draw_curves, metric=metric),
        (370, 280),
        f"{METRICS[metric]} by epoch",
        f"At the end of the first seed: {ends}.",
        legend=[look for model, look in LOOKS.items() if model in found or model in here],
    )


# %% tags=["side-by-side"]
display(*map(curves_picture, METRICS))

# %% [markdown]
"""
Lines are means over the seeds, bands reach from the lowest seed to the highest. Dashed lines are
the training of this notebook.

## Comparison

`TRAIN=full` goes on with the networks of this notebook, and otherwise with weights from the
study, which come with the package.
"""

# %%
models = {
    name: here[name][0] if TRAIN == "full" else build(weights="cifar10")
    for name, build in MODELS.items()
}


# %% tags=["hide-input"]
def compiled(layer, inputs):
    function = tf.function(layer)
    return lambda: function(inputs).numpy()


def ratios(calls, rounds=ROUNDS):
    """Return the time of each call over that of the first, the median of interleaved rounds."""
    seconds = {name: [] for name in calls}
    for _ in range(1 + rounds):
        for name, call in calls.items():
            call()  # what ran just before a timed call is the same for all
            began = perf_counter()
            call()
            seconds[name].append(perf_counter() - began)
    times = pd.DataFrame(seconds).iloc[1:]  # the first round compiles
    return times.div(times.iloc[:, 0], axis=0).median()


def accuracy(model):
    predicted = model.predict(test_images, batch_size=256, verbose=0).argmax(axis=1)
    return (predicted == test_labels).mean()


def over_seeds(estimate):
    return f"{estimate.mean:.3f} ({min(estimate.values):.3f} to {max(estimate.values):.3f})"


counts = {name: count(model) for name, model in models.items()}
reached = {name: accuracy(model) for name, model in models.items()}
forward = ratios({name: compiled(each, test_images[:32]) for name, each in models.items()})
rows = {
    LOOKS[name].label: {
        "trainable parameters": f"{counts[name].parameters:,}",
        "MACs per image": f"{counts[name].macs:,}",
        "accuracy, study": over_seeds(found[name].accuracy) if name in found else "",
        "accuracy, example": PUBLISHED.get(name, ""),
        "accuracy, here": f"{reached[name]:.3f}",
        "time, CNN = 1": f"{forward[name]:.2f}",
    }
    for name in models
}
headed("network", pd.DataFrame.from_dict(rows, orient="index"))

# %% [markdown]
"""
*Study*: the mean over its seeds, and the lowest and the highest of them, after the last epoch.
*Example*: the single run that its page shows. *Here*: the networks that this notebook goes on with.
*Time*: of 32 images, forward, on the machine that executed this notebook. Ratios with other numbers
of images are different ([Where these models are
timed](training.md#where-these-models-are-timed)).
"""

# %% tags=["remove-input"]
cnn, inn = models["tutorial_cnn"], models["tutorial_inn"]


def held(model, kind):
    return sum(each.count_params() for each in model.layers if isinstance(each, kind))


saved = cnn.count_params() - inn.count_params()
in_dense = held(cnn, layers.Dense) - held(inn, layers.Dense)
wide, narrow = (model.layers[-2].input.shape[1] for model in (cnn, inn))
Markdown(
    f"The INN has {saved:,} parameters fewer than the CNN. {100 * in_dense / saved:.0f} % of them "
    f"are those of the dense layers, which get {narrow} numbers in place of {wide:,}. It is their "
    f"width that makes the INN so small, more than its operator: three convolutions have "
    f"{held(cnn, layers.Conv2D):,} parameters, three involutions {held(inn, Involution2D)}, and "
    f"the dense layers of the INN {held(inn, layers.Dense):,}."
)

# %% [markdown]
"""
## Kernels

The example sums each kernel over its taps, and shows the sums as an image: where it is bright,
the layer amplifies what it finds.
"""

# %%
first = inn.layers[0]
outputs, kernels = first(test_images[:10], return_kernels=True)
first_map = kernels.numpy().sum(axis=(3, 4, 5))
print(first_map.shape)


# %% tags=["hide-input"]
def draw_maps(plot, maps, names):
    rows = [test_images[:8], *(values[:8] for values in maps.values())]
    for line, values, name in zip(plot.subplots(len(rows), 8), rows, names, strict=True):
        ends = {"vmin": values.min(), "vmax": values.max()}
        for axes, value in zip(line, values, strict=True):
            axes.imshow(value, cmap="viridis", interpolation="none", **ends)
            axes.set(xticks=[], yticks=[])
            axes.spines[:].set_visible(False)
        line[0].set_ylabel(name)


def maps_picture(name):
    maps = kernel_maps(models[name], test_images[:8])
    shown = ["image", *(f"layer {number}" for number in range(1, 1 + len(maps)))]
    ends = ", ".join(f"{values.min():.2g} to {values.max():.2g}" for values in maps.values())
    return picture(
        partial(draw_maps, maps=maps, names=shown),
        (560, 76 * len(shown)),
        f"Kernel maps: {LOOKS[name].label}",
        f"The first test images, and for each layer the sums of its kernels: {ends}.",
    )


maps_picture("tutorial_inn")

# %%
maps_picture("tutorial_cnn_involution")

# %% [markdown]
"""
Dark is low and bright is high, on a scale of its own in each row.

The example likens such maps to attention. They are less than that. The generator of an involution
sees one pixel of its input: in the first layer, two pixels of one colour get one kernel, wherever
they are. And three channels at a reduction ratio of 2 leave the generator one feature. What it can
say at a position is one number, so that the kernels of a layer vary in one direction. The rank of
all kernels of a layer, less the bias that they share, shows it.
"""


# %% tags=["hide-input"]
def directions(model):
    """Return how many directions the kernels of each layer vary in."""
    spatial = [each for each in model.layers if isinstance(each, Involution2D)]
    before = keras.Model(model.inputs, [each.input for each in spatial])
    found = []
    for each, inputs in zip(spatial, keras.tree.flatten(before([test_images[:10]])), strict=True):
        kernels = each(inputs, return_kernels=True)[1].numpy()
        bias = each.kernel_generator.layers[-1].bias.numpy().reshape(kernels.shape[3:])
        varied = (kernels - bias).reshape(-1, bias.size)
        found.append(int(np.linalg.matrix_rank(varied, tol=1e-4 * np.linalg.norm(varied, 2))))
    return found


varied = {LOOKS[name].label: directions(models[name]) for name in MODELS if name != "tutorial_cnn"}
layer_names = [f"layer {number}" for number in (1, 2, 3)]
headed("directions of the kernels", pd.DataFrame(varied, index=layer_names))

# %% [markdown]
"""
## Next: other hyperparameters

The layer has three of its own: kernel size, groups and reduction ratio. Each is varied here
around the ones of the paper, on 64 channels: kernel size 7, 4 groups, reduction ratio 4. Times
are those of a forward pass, over that of the 3x3 convolution which RedNet replaces.
"""

# %%
SHAPE = (8, 32, 32, 64)
BASE = {"kernel_size": 7, "groups": 4, "reduction_ratio": 4}
VARIED = {
    "kernel_size": (3, 5, 7, 9, 11),
    "groups": (1, 2, 4, 8, 16),
    "reduction_ratio": (1, 2, 4, 8, 16),
}
settings = {
    (name, value): {**BASE, name: value} for name, values in VARIED.items() for value in values
}

# %% tags=["hide-input"]
pixels = keras.random.normal(SHAPE, seed=0)
forward = ratios(
    {"convolution": compiled(layers.Conv2D(64, 3, padding="same"), pixels)}
    | {key: compiled(Involution2D(**each), pixels) for key, each in settings.items()}
)
convolution = costs.convolution(SHAPE, filters=64, kernel_size=3, use_bias=True)
table = pd.DataFrame(
    [
        {
            "varied": key[0],
            **each,
            "parameters": costs.involution(SHAPE, **each).parameters,
            "MACs": costs.involution(SHAPE, **each).macs / convolution.macs,
            "time": forward[key],
        }
        for key, each in settings.items()
    ]
)


def draw_varied(plot, name):
    axes = plot.subplots()
    rows = table[table["varied"] == name]
    for column, style, colour in (("time", "-D", VERMILION), ("MACs", "--o", BLUE)):
        axes.plot(rows[name].astype(str), rows[column], style, color=colour)
    axes.axhline(1, color=MUTED, linestyle=":")
    axes.set_ylim(0, 1.1 * max(1, table["time"].max(), table["MACs"].max()))
    axes.set(xlabel=name.replace("_", " ").capitalize(), ylabel="3x3 convolution = 1")


def varied_picture(name):
    return picture(
        partial(draw_varied, name=name),
        (244, 230),
        f"Time and MACs by {name.replace('_', ' ')}",
        "The numbers are in the table below.",
        legend=[Swatch("time", VERMILION, "D"), Swatch("MACs", BLUE, "o")],
    )


# %% tags=["side-by-side"]
display(*map(varied_picture, VARIED))

# %%
shown = table.drop(columns="varied").drop_duplicates(list(BASE))
shown["parameters"] = shown["parameters"].map("{:,}".format)
shown = shown.rename(columns={name: f"{name}, convolution = 1" for name in ("MACs", "time")})
shown = shown.rename(columns=lambda name: name.replace("_", " "))
headed("kernel size", shown.set_index("kernel size").round(2))

# %% tags=["remove-input"]
Markdown(
    f"The 3x3 convolution has {convolution.parameters:,} parameters. These are the times of one "
    "execution, on one machine. [Measure](measure.md) tells how to get some to rely on: "
    "`pytest bench --benchmark-only --axis groups=1,2,4,8,16`."
)

# %% [markdown]
"""
## Next: another model

RedNet is the network of the paper: ResNet, with an involution of kernel size 7 in place of each
3x3 convolution of its blocks. Here both are small and have the stem for images of 32 x 32 pixels.
"""

# %%
CIFAR_SIZED = {"input_shape": (32, 32, 3), "classes": 10, "stem": "cifar", "width": 16}
RESIDUAL = {
    "ResNet-14": partial(resnet, 14, **CIFAR_SIZED),
    "RedNet-14": partial(rednet, 14, **CIFAR_SIZED),
}
residual = {name: trained(build, epochs=1) for name, build in RESIDUAL.items()}
forward = ratios({name: compiled(each, test_images[:32]) for name, (each, _) in residual.items()})
rows = {
    name: {
        "trainable parameters": f"{count(model).parameters:,}",
        "MACs per image": f"{count(model).macs:,}",
        "loss after one epoch": f"{history['loss'].iloc[0]:.2f}",
        "time, ResNet = 1": f"{forward[name]:.2f}",
    }
    for name, (model, history) in residual.items()
}
headed("network", pd.DataFrame.from_dict(rows, orient="index"))

# %% [markdown]
"""
One epoch shows that they learn, and no more. `python -m bench.cifar --models resnet14w16
rednet14w16` trains the two as the study was trained, and `python -m bench.trial ResNet50` puts
involution into a model of `keras.applications`, where it is faster ([Cases and models of your
own](own-models.md)).

## Next: another kernel generator

`kernel_generator` takes any layer that returns `kernel_size * kernel_size * groups` channels for
each position. Three that see more and more of the image:
"""


# %%
def bottleneck(channels, kernel_channels, *before):
    """Return the generator of the paper: a kernel from a single pixel."""
    return keras.Sequential(
        [
            *before,
            PointwiseConv2D(channels // 4, use_bias=False),
            layers.BatchNormalization(momentum=0.9, epsilon=1e-5),
            layers.ReLU(),
            PointwiseConv2D(kernel_channels),
        ]
    )


def of_neighbours(channels, kernel_channels):
    """Return a generator that sees 3x3 pixels."""
    return bottleneck(
        channels, kernel_channels, layers.DepthwiseConv2D(3, padding="same", use_bias=False)
    )


class OfTheImage(layers.Layer):
    """A generator that sees the average of all pixels: one kernel for the whole image."""

    def __init__(self, channels, kernel_channels):
        super().__init__()
        self.generate = bottleneck(channels, kernel_channels)

    def build(self, input_shape):
        self.generate.build((input_shape[0], 1, 1, input_shape[3]))

    def call(self, inputs):
        kernels = self.generate(keras.ops.mean(inputs, axis=(1, 2), keepdims=True))
        return keras.ops.broadcast_to(kernels, (*keras.ops.shape(inputs)[:3], kernels.shape[-1]))


GENERATORS = {"a pixel": bottleneck, "3x3 pixels": of_neighbours, "the image": OfTheImage}

# %% [markdown]
"""
A change of one pixel then changes the kernels of more positions:
"""

# %%
pixels = np.random.default_rng(0).normal(size=(1, 32, 32, 64)).astype("float32")
changed = pixels.copy()
changed[0, 16, 16] += 1
operators = {
    name: Involution2D(3, groups=4, kernel_generator=make(64, 3 * 3 * 4))
    for name, make in GENERATORS.items()
}
reach = {}
for name, each in operators.items():
    before, after = (each(x, return_kernels=True)[1].numpy() for x in (pixels, changed))
    reach[name] = int((before != after).any(axis=(0, 3, 4, 5)).sum())
headed("generator sees", pd.DataFrame({"positions whose kernels change": reach}))

# %% [markdown]
"""
The network with the widths of the CNN, with each of the three:
"""


# %%
def classifier(make):
    """Return `tutorial_cnn_involution` with kernels from another generator."""

    def spatial(filters):
        generator = make(filters, 3 * 3 * (filters // 16))
        return Involution2D(3, groups=filters // 16, kernel_generator=generator)

    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            *(layers.Conv2D(32, 1), spatial(32), layers.ReLU(), layers.MaxPooling2D()),
            *(layers.Conv2D(64, 1), spatial(64), layers.ReLU(), layers.MaxPooling2D()),
            *(spatial(64), layers.ReLU(), layers.Flatten()),
            *(layers.Dense(64, activation="relu"), layers.Dense(10)),
        ]
    )


generated = {name: trained(partial(classifier, make)) for name, make in GENERATORS.items()}
forward = ratios({name: compiled(each, test_images[:32]) for name, (each, _) in generated.items()})
rows = {
    name: {
        "parameters": f"{model.count_params():,}",
        "time, a pixel = 1": f"{forward[name]:.2f}",
        "training loss": " → ".join(f"{loss:.2f}" for loss in history["loss"].iloc[[0, -1]]),
        "test accuracy": f"{history['val_accuracy'].iloc[-1]:.3f}",
    }
    for name, (model, history) in generated.items()
}
headed("generator sees", pd.DataFrame.from_dict(rows, orient="index"))

# %% [markdown]
"""
One seed and so few epochs say that all three learn, not which is best. Where the generator ends
in `involution.layers.PointwiseConv2D` and is a `keras.Sequential`, the native kernels compute it
in place and never store a kernel. The third generator is no `keras.Sequential`: its kernels are
stored, but it generates only one for each image.

## What holds

The example concludes that an involutional network has far fewer parameters at a similar
architecture, that it learns slowly, and that its kernels act like attention.
"""

# %% tags=["remove-input"]
large, small, equal = (counts[name].parameters for name in MODELS)
mean = {name: 100 * summary.accuracy.mean for name, summary in found.items()}
high, low, between = (mean[name] for name in MODELS)
Markdown(f"""
- *Far fewer parameters*: {small:,} against {large:,}. Most of the difference comes from the three
  channels, which make the dense layers small. At the widths of the CNN there are {equal:,}.
- *It learns slowly*: with three channels it does, and it stays behind. Over the seeds of the study
  it names {low:.1f} % of the test images correctly, the CNN {high:.1f} %. At the widths of the CNN
  it reaches {between:.1f} %, and with as many parameters {mean["tutorial_inn_wide"]:.1f} %. So of
  the {high - low:.0f} points between the two, {between - low:.0f} come from the three channels.
  What is left is not width: an involution does not mix channels. The network of equal widths mixes
  them in two 1x1 convolutions, where the CNN does in three of 3x3. RedNet has 1x1 convolutions
  around each involution.
- *Attention*: each kernel is a function of one pixel, and in the INN of one number. Attention
  compares pixels with each other, and this generator cannot.
""")
