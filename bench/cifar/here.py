"""The runs of a study, one after the other in this process."""

import sys
from collections.abc import Sequence

import tensorflow as tf

from bench.cifar import training
from bench.cifar.data import Dataset
from bench.cifar.runs import PlannedRun, outcome
from bench.cifar.settings import Settings
from bench.cifar.traces import TRACED, Traces
from reports.cifar.record import TrainingRun


def train_all(
    runs: Sequence[PlannedRun],
    *,
    settings: Settings,
    images: Dataset,
    strategy: tf.distribute.Strategy,
    traces: Traces | None,
    notes: Sequence[str],
) -> int:
    """Train all runs that are not trained yet.

    Args:
        runs: all of a study, in order.
        settings: what they have in common.
        images: the data set.
        strategy: where to train.
        traces: makes the callbacks that trace; None for no traces.
        notes: for each run.

    Returns:
        How many runs are trained to the end.
    """

    def train(planned: PlannedRun) -> TrainingRun:
        model, seed = planned.candidate, planned.seed
        tracers = traces.callbacks(model, seed) if traces else []
        return training.train(
            model,
            seed,
            data=images,
            settings=settings,
            store=planned.store,
            strategy=strategy,
            callbacks=[training.tensorboard(planned.curves), *tracers],
            verbose=1 if sys.stdout.isatty() else 2,
            notes=[*notes, TRACED] if tracers else notes,
        )

    finished = 0
    for number, planned in enumerate(runs, start=1):
        print(f"Run {number} of {len(runs)}: {planned.name}", flush=True)
        try:
            run = train(planned)
        except BrokenPipeError:
            raise
        except (ValueError, OSError, tf.errors.ResourceExhaustedError) as error:
            # What is wrong with one run does not stop the others.
            print(f"{planned.name}: failed: {error}", file=sys.stderr)
            continue
        print(f"  {outcome(run)}")
        finished += run.state == "finished"
    return finished
