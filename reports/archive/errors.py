"""Why an archive cannot be read or written."""


class ArchiveError(ValueError):
    """A folder that is no archive, or that cannot be read or written; the message says why."""
