"""Why a comparison ends without a verdict."""


class ComparisonUsageError(ValueError):
    """What was asked for cannot be done; the message says why. Exit status 2."""


class NotComparableError(ValueError):
    """What was measured cannot be compared; the message says why. Exit status 3."""


class UnfinishedError(NotComparableError):
    """A process did not come to its end; the same comparison can be resumed. Exit status 3."""
