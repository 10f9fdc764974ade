"""Numbers of traces to sentences: what was found, and reasons to doubt it."""

from collections.abc import Iterator, Sequence

from reports.profiling.record import Trace
from reports.profiling.statistics import generation_shares, idle_share, series
from reports.text import machine, words

# A step of which more than this is in no part is not understood.
UNEXPLAINED = 0.1


def headline(traces: Sequence[Trace]) -> str:
    """State what kernel generation takes of involution, or what was traced at all.

    Args:
        traces: those of a folder, at least one.
    """
    for operator, implementation in words.SUBJECTS:
        shares = generation_shares(traces, operator, implementation)
        if shares:
            found = " and ".join(f"{100 * s:.0f} % ({name})" for name, s in shares.items())
            return (
                f"In {words.series(operator, implementation)}, generating the kernels takes "
                f"{found} of the time of generation and core together."
            )
    longest = max(traces, key=lambda trace: trace.seconds)
    part, seconds = max(longest.part_seconds.items(), key=lambda item: item[1])
    share = 100 * seconds / longest.seconds
    return f"{series(longest)}: {share:.0f} % of a step is {part}."


def warnings(traces: Sequence[Trace]) -> Iterator[str]:
    """List reasons to doubt the traces; each says what to do about it.

    Args:
        traces: those of a folder, at least one.
    """
    machines = {
        machine.text(machine.dig(trace.machine_info, ("cpu", "brand_raw"))) for trace in traces
    } | {machine.text(trace.machine_info.get("node")) for trace in traces}
    if len(machines) > 2:
        yield (
            "The traces come from several machines: "
            f"{', '.join(sorted(machines))}. Put those of each machine into a folder of their own."
        )
    for trace in traces:
        share = idle_share(trace)
        if share > UNEXPLAINED:
            yield (
                f"In {trace.run} no operation runs for {100 * share:.0f} % of a step: look at its "
                "trace, or trace it again while the machine does nothing else."
            )
