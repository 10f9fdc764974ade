"""What a run found about one model, as a title and at most three lines."""

from reports.sweeps.model import naming
from reports.sweeps.model.layers import MeasuredModel, ModelLayer, Row
from reports.sweeps.model.projection import (
    candidate,
    is_trial,
    measured,
    projection,
)
from reports.sweeps.model.propagation import Uncertain
from reports.text import units, words

# The heading of the section about the model.
HEADING = "Your model"
# Layers that a line names; of more it names all but one, and says how many others there are.
MOST_LAYERS = 3
# How a line begins to list layers where involution does not help.
KEEP, OPEN = "keep", "not decided for"
IMPOSSIBLE, UNKNOWN = "it cannot replace", "not measured in place of"
ACCURACY = "Accuracy is unknown: new layers begin untrained."


def title(model: MeasuredModel) -> str:
    """Say in one sentence what involution would change, without a full stop.

    Args:
        model: of `layers.measured_model`.
    """
    total = units.counted(model.calls, "spatial convolution")
    if not model.calls:
        return f"{model.name} has no spatial convolution"
    if not model.directions:
        return f"None of the {total} of {model.name} was measured"
    direction = model.directions[0]
    count = round(sum(swap.count for swap in projection(model, direction).swaps))
    if is_trial(model):
        count = count or len(model.description.replaced)
    if not count:
        return _none_faster(model, direction)
    if not is_trial(model) and _is_partial(model, direction):
        total = f"the {_total(model, direction)}"
    if gain := _times(model, direction, _of_model(model, direction)):
        return f"Involution in place of {count} of {total}: {gain}"
    verb = "was not measured" if is_trial(model) else "is faster"
    return f"Involution {verb} in place of {count} of {total} of {model.name}"


def _none_faster(model: MeasuredModel, direction: str) -> str:
    if all(layer.description.reason for layer in model.layers):
        total = units.counted(model.calls, "spatial convolution")
        return f"Involution can take the place of none of the {total} of {model.name}"
    if is_undecided(model, direction):
        return f"Whether involution would make {model.name} faster is not decided"
    total = _total(model, direction)
    return f"Involution is faster in place of none of the {total} of {model.name}"


def lines(model: MeasuredModel) -> list[str]:
    r"""Say where involution would help, where it would not, and what the whole model would gain.

    Args:
        model: of `layers.measured_model`.

    Returns:
        At most three lines, each of a heading, a colon and sentences; only the last where no layer
        was measured, and none where nothing was.

    Example:
        print("\n".join(lines(measured_model(run.model, run.judged))))
    """
    if not model.directions:
        return []
    direction = model.directions[0]
    of_layers = [
        f"Where it helps: {_helps(model, direction)}",
        f"Where it does not: {_does_not(model, direction)}",
    ]
    gains = f"What the whole model gains: {_gains(model)}"
    return [*of_layers, gains] if by_share(model, direction) else [gains]


def by_share(model: MeasuredModel, direction: str) -> list[ModelLayer]:
    """Order the measured layers of a direction by what they take of the model's time.

    Args:
        model: of `layers.measured_model`.
        direction: "forward" or "training".
    """
    known = [layer for layer in model.layers if direction in layer.times]
    return sorted(known, key=lambda layer: -_seconds(layer, direction))


def is_undecided(model: MeasuredModel, direction: str) -> bool:
    """Say whether the measurement leaves open for some layer if involution is faster.

    It does where no layer was judged, as in a run of whole models alone.

    Args:
        model: of `layers.measured_model`.
        direction: "forward" or "training".
    """
    rows = [candidate(model, layer, direction) for layer in model.layers]
    is_open = any(row is not None and row["verdict"] == "undecided" for row in rows)
    return is_open or not _judged_calls(model, direction)


def share(estimate: Uncertain | None) -> str:
    """Write what a layer takes of the model's time, for a sentence; empty where it is unknown."""
    return f"{units.digits(100 * estimate.value, 2)} % of the time, " if estimate else ""


def times(estimate: Uncertain, what: str = "") -> str:
    """Write a ratio with its interval, for a sentence; `what` says between both of what it is."""
    return f"{units.times(estimate.value)}{what} ({units.bracket(*estimate.ends)})"


def _judged_calls(model: MeasuredModel, direction: str) -> int:
    """How many calls the measured layers have for which it is known what involution would do."""
    return sum(
        layer.description.count
        for layer in by_share(model, direction)
        if layer.description.reason or candidate(model, layer, direction) is not None
    )


def _total(model: MeasuredModel, direction: str) -> str:
    """Count the spatial convolutions, and those that were measured where some were not."""
    total = units.counted(model.calls, "spatial convolution")
    known = _judged_calls(model, direction)
    return f"{known} measured of {total}" if _is_partial(model, direction) else total


def _is_partial(model: MeasuredModel, direction: str) -> bool:
    return _judged_calls(model, direction) < model.calls


def _seconds(layer: ModelLayer, direction: str) -> float:
    return layer.description.count * float(layer.times[direction].row["median_seconds"])


def _times(model: MeasuredModel, direction: str, of_model: str) -> str:
    """The projected and the measured time of the model, as far as they are known."""
    projected, found = projection(model, direction).ratio, measured(model, direction)
    if projected is None:
        return f"measured {times(found, of_model)}" if found else ""
    text = f"projected {times(projected, of_model)}"
    return f"{text}, measured {times(found)}" if found else text


def _helps(model: MeasuredModel, direction: str) -> str:
    chosen = [
        (layer, row)
        for layer in by_share(model, direction)
        if (row := candidate(model, layer, direction)) and row["verdict"] == "faster"
    ]
    if not chosen:
        return f"nowhere among {_total(model, direction)}."
    chosen.sort(key=lambda swap: _seconds(swap[0], direction) * (swap[1]["ratio"] - 1))
    named = [_named(model, layer, row, direction) for layer, row in chosen]
    return f"replace {_listed(named)}."


def _does_not(model: MeasuredModel, direction: str) -> str:
    """The layers where involution is not faster, and those that it cannot replace."""
    groups: dict[str, list[str]] = {verb: [] for verb in (KEEP, OPEN, IMPOSSIBLE, UNKNOWN)}
    unknown = [layer for layer in model.layers if direction not in layer.times]
    for layer in [*by_share(model, direction), *unknown]:
        row = candidate(model, layer, direction)
        if row is None:
            group = IMPOSSIBLE if layer.description.reason else UNKNOWN
            groups[group].append(naming.in_words(model, layer.description))
        elif row["verdict"] != "faster":
            group = OPEN if row["verdict"] == "undecided" else KEEP
            groups[group].append(_named(model, layer, row, direction))
    parts = [f"{verb} {_listed(names)}" for verb, names in groups.items() if names]
    return ("; ".join(parts) or "nowhere; every spatial convolution gains") + "."


def _gains(model: MeasuredModel) -> str:
    """The time of the whole model in each direction; what it is a part of is said once."""
    parts: list[str] = []
    for direction in model.whole:
        text = _times(model, direction, "" if parts else _of_model(model, "forward"))
        step = "in training " if direction == "training" else ""
        is_open = is_undecided(model, direction) or _is_partial(model, direction)
        none = "not decided" if is_open else "nothing"
        parts += [step + (text or none)]
    found = "; ".join(parts) or "the whole model was not measured"
    return f"{found}. {ACCURACY}"


def _of_model(model: MeasuredModel, direction: str) -> str:
    step = " in training" if direction == "training" else ""
    return f" times the time of {model.name}{step}"


def _named(model: MeasuredModel, layer: ModelLayer, row: Row, direction: str) -> str:
    """A layer with its share of the time and how long involution takes."""
    name = naming.in_words(model, layer.description)
    taken = share(layer.times[direction].share)
    return f"{name} ({taken}{units.times(row['ratio'])} times as long with involution)"


def _listed(names: list[str]) -> str:
    if len(names) > MOST_LAYERS:
        more = len(names) - MOST_LAYERS + 1
        names = [*names[: MOST_LAYERS - 1], f"{more} more"]
    return words.listed(names)
