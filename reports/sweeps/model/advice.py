"""Sentences that a reader can act on: what to do with each layer, and what that would change."""

from collections.abc import Mapping, Sequence

from reports.sweeps import intervals
from reports.sweeps.model import naming
from reports.sweeps.model.description import LayerDescription
from reports.sweeps.model.findings import by_share, share, times
from reports.sweeps.model.layers import MeasuredModel, ModelLayer, estimate
from reports.sweeps.model.projection import (
    LARGEST_GAP,
    account,
    candidate,
    is_trial,
    measured,
    projection,
)
from reports.sweeps.model.propagation import Uncertain
from reports.text import units, words

# How a sentence begins that goes on about a direction, and what it says of a verdict.
IN = {"forward": "", "training": "in training "}
VERDICTS = {
    "faster": "",
    "slower": ", slower",
    "undecided": ", not decided",
    "equivalent": ", as fast",
}
# Smaller differences are not written out.
SAME = 0.005
PROJECTION = (
    "A projection is the time of the model, plus for each replaced layer its calls times its "
    "median times (ratio - 1). Its 95 % interval covers {covered} for the model and for each "
    "layer, taken as independent. It does not cover that a layer may take another time inside the "
    "model than alone."
)
TOO_LONG = (
    "Alone, a layer cannot be fused with the bias, normalisation and activation around it, no "
    "other operation runs at the same time, and each call costs something."
)
TRIAL = "The projection may be as far off: the trial tells."
UNDECIDED = "The interval holds 1: the rounds scatter too much to say that they differ."
TOO_SHORT = (
    "Alone, a layer finds its inputs and weights in the caches, which the layers of a model share, "
    "and nothing is converted or copied between two of them."
)


def advice(model: MeasuredModel) -> list[str]:
    """Say what to do with each spatial convolution, those that take most of the time first.

    Args:
        model: of `layers.measured_model`.
    """
    if not model.directions:
        return []
    ordered = by_share(model, model.directions[0])
    return [_of_layer(model, layer) for layer in ordered]


def command(model: MeasuredModel) -> str:
    """Write the command of the trial; empty after one, or where nothing would be replaced.

    Args:
        model: of `layers.measured_model`.
    """
    if is_trial(model) or not model.directions:
        return ""
    swaps = projection(model, model.directions[0]).swaps
    return naming.trial(model, [swap.layer.description for swap in swaps])


def projected(model: MeasuredModel) -> list[str]:
    """Say for each direction what the whole model would take, and what the trial measured.

    Args:
        model: of `layers.measured_model`.
    """
    found = [_projected(model, direction) for direction in model.whole]
    found = [text for text in found if text]
    if not found:
        return []
    return [*found, PROJECTION.format(covered=_covered(model))]


def accounts(model: MeasuredModel) -> list[str]:
    """Say for each direction how far the parts add up to the model's own time.

    Args:
        model: of `layers.measured_model`.
    """
    return [text for direction in model.whole if (text := _account(model, direction))]


def _of_layer(model: MeasuredModel, layer: ModelLayer) -> str:
    name = naming.in_words(model, layer.description)
    rows = {
        direction: row
        for direction in layer.times
        if (row := candidate(model, layer, direction)) is not None
    }
    if not rows:
        taken = share(layer.times[model.directions[0]].share)
        return f"Keep {name}: {taken}{_why_not(layer.description)}"
    verdicts = {direction: str(row["verdict"]) for direction, row in rows.items()}
    # A verdict that all directions share is said once, by the verb.
    differ = len(set(verdicts.values())) > 1
    parts = [
        f"{IN[direction]}{share(layer.times[direction].share)}"
        f"{times(estimate(row, 'ratio'), ' times as long with involution')}"
        f"{VERDICTS[verdicts[direction]] if differ else ''}"
        for direction, row in rows.items()
    ]
    return f"{_verb(verdicts)} {name}{_alone(verdicts)}: {'; '.join(parts)}."


def _verb(verdicts: Mapping[str, str]) -> str:
    if "faster" in verdicts.values():
        return "Replace"
    return "Not decided for" if "undecided" in verdicts.values() else "Keep"


def _alone(verdicts: Mapping[str, str]) -> str:
    """The only one of several directions in which involution is faster."""
    faster = [direction for direction, verdict in verdicts.items() if verdict == "faster"]
    if len(faster) != 1 or len(verdicts) == 1:
        return ""
    return f" for {'inference' if faster[0] == 'forward' else faster[0]} alone"


def _why_not(described: LayerDescription) -> str:
    if described.reason is None:
        return "involution was not measured in its place."
    text = f"involution cannot replace it ({_plain(described.reason)})."
    if described.instead:
        text += f" Together could take its place: {_plain(described.instead)}."
    return text


def _plain(text: str) -> str:
    return text.strip().removesuffix(".")


def _projected(model: MeasuredModel, direction: str) -> str:
    found, ran = projection(model, direction), measured(model, direction)
    seconds = float(model.whole[direction].row["median_seconds"])
    parts = []
    if found.ratio:
        parts.append(
            f"projected {times(found.ratio)} times the time of {model.name}, "
            f"{_time(seconds * found.ratio.value)} instead of {_time(seconds)}"
        )
    elif found.missing:
        parts.append(f"no projection, since {_first(found.missing)} has no record of its own")
    if ran:
        parts.append(f"measured {times(ran)} times")
    if found.ratio and ran:
        parts.append(_difference(ran.value / found.ratio.value - 1, "the projection"))
    if not is_trial(model):
        wide = projection(model, direction, is_wide=True)
        if wide.ratio:
            count = units.counted(round(sum(swap.count for swap in wide.swaps)), "layer")
            parts.append(f"with kernel size 7 in place of {count}, projected {times(wide.ratio)}")
    return f"{words.sentence_case(direction)}: {'; '.join(parts)}." if parts else ""


def _account(model: MeasuredModel, direction: str) -> str:
    found = account(model, direction)
    if len(found.missing) == len(model.layers):
        return ""
    start = f"{words.sentence_case(direction)}, "
    if found.ratio is None:
        return f"{start}the rest of the model was not measured: its parts cannot be added up."
    gap = found.ratio.value - 1
    text = (
        f"{start}the rest of the model and its spatial convolutions take {times(found.ratio)} "
        f"times the time of the model together: {_difference(gap, 'the model')}."
    )
    if found.missing:
        text += f" Not in this sum: {_first(found.missing)}, which has no record."
    why = _why(found.ratio)
    return f"{text}{why}" if is_trial(model) or not why else f"{text}{why} {TRIAL}"


def _why(ratio: Uncertain) -> str:
    """What can make the parts differ so much from the whole; empty where they do not."""
    if abs(ratio.value - 1) <= LARGEST_GAP:
        return ""
    if ratio.low <= 1 <= ratio.high:
        return f" {UNDECIDED}"
    return f" {TOO_LONG if ratio.value > 1 else TOO_SHORT}"


def _difference(share_of: float, than: str) -> str:
    if abs(share_of) < SAME:
        return f"less than {100 * SAME:g} % from {than}"
    return f"{units.digits(100 * abs(share_of), 2)} % {'above' if share_of > 0 else 'below'} {than}"


def _first(names: Sequence[str]) -> str:
    first, *more = map(words.shortened, names)
    return f"{first} and {len(more)} more" if more else first


def _time(seconds: float) -> str:
    return units.quantity(seconds, units.SECONDS)


def _covered(model: MeasuredModel) -> str:
    rows = [whole.row for whole in model.whole.values()]
    rows += [times.row for layer in model.layers for times in layer.times.values()]
    return intervals.covered(min(int(row["processes"]) for row in rows))
