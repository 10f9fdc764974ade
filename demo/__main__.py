"""Command line: `python -m demo [options]`."""

import os
import signal
import sys
from collections.abc import Sequence

from demo.command import check, parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the page until it is stopped.

    Args:
        arguments: as in `sys.argv[1:]`, which is the default.

    Returns:
        The exit status.
    """
    command_line = parser()
    given = command_line.parse_args(arguments)
    try:
        check(given)
    except ValueError as error:
        command_line.error(str(error))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # before TensorFlow is imported
    try:
        return _serve(given.host, given.port, shares=given.share, opens=not given.no_browser)
    except OSError as error:  # the port was taken while the models were loaded
        command_line.error(str(error))
    except KeyboardInterrupt:
        return 0


def _serve(host: str, port: int, *, shares: bool, opens: bool) -> int:
    print("Loading the models ...", flush=True)
    # Here: they take seconds to import, which wrong usage should not cost.
    from involution.quiet import without_noise  # noqa: I001, PLC0415 - before TensorFlow is loaded
    from demo.page import launch_options, page  # noqa: PLC0415
    from demo.models import shown_models  # noqa: PLC0415

    with without_noise():
        blocks = page(shown_models())
    _, local, public = blocks.launch(
        server_name=host,
        server_port=port,
        share=shares,
        inbrowser=opens,
        quiet=True,
        prevent_thread_lock=True,
        **launch_options(),
    )
    print(f"The page is at {local} (Ctrl+C ends it).", flush=True)
    if shares:
        print(f"Anyone can open it at {public}." if public else "It could not be shared.")
    try:
        blocks.block_thread()
    finally:
        blocks.close(verbose=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
