"""How the history was judged, in paragraphs for its page."""

from reports.history.change_points import HELD
from reports.history.levels import LEAST_RUNS
from reports.history.steps import FALSE_CHANGES
from reports.sweeps.verdicts import MARGIN

SERIES = (
    "A series is what one machine measured of one operator and case. Its ratio to the baseline is "
    "judged, since both were timed in the same rounds: what slows the whole machine slows both. A "
    "baseline has no such ratio and is judged in seconds. Twins are left out. Runs follow each "
    "other in git's order of their commits, or by the date of the commit where there is no "
    "repository; of several runs of one commit the median counts."
)
LEVELS = (
    "Each series is cut into levels by the partition of least squares with a penalty for each "
    "level (PELT; Killick, Fearnhead and Eckley 2012), with at least "
    f"{LEAST_RUNS} commits to a level. Not the times are looked at but their normal scores: noise "
    "of quick runs has tails that any other test would take for changes. Each border between two "
    "levels is tested: Student's t of the scores of both sides, or Welch's where its error is "
    "larger, times the number of places and of lengths that a change could have. Borders that are "
    "not significant go, the least certain of each series first, until all that are left pass the "
    "procedure of Benjamini and Hochberg over "
    "all borders of all series of all machines together: once for ratios, and once for what is "
    "judged in seconds, which drift with the machine. An operator as the mean of its cases is "
    "a series, too: what changes all of them is found sooner there."
)
MEANING = (
    f"So of the changes that are found at most {100 * FALSE_CHANGES:g} % are expected to be "
    "none, and where nothing has changed, the probability that any is found is as small, of ratios "
    "and of what is judged in seconds each. Of those that are found, changes within "
    f"{100 * MARGIN:g} % are not shown. The size of a change is the difference of trimmed "
    "means; its interval (Yuen 1974) holds it with 95 % confidence if its place is right. The "
    "interval of a place is as wide as places scatter that are searched for in simulated "
    "histories with the same change and the same noise."
)
EVENTS = (
    "Changes of several series in one direction whose places can be the same are one event. A "
    "change is undone where its series is later back at its old level, or beyond. A slowdown that "
    f"takes back what had been gained for {HELD} runs or more is told as any other. A load on the "
    f"machine that lasts over {LEAST_RUNS} commits or more and slows one operator more than others "
    "looks like a change that was undone."
)
PARAGRAPHS = (SERIES, LEVELS, MEANING, EVENTS)
