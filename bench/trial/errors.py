"""Why a trial ends early."""


class TrialUsageError(ValueError):
    """What was asked for cannot be done; the message says why. Exit status 2."""


class TrialError(RuntimeError):
    """The trial began and could not be ended; the message says why. Exit status 1."""
