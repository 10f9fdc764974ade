"""What `python -m demo` takes."""

import argparse
import os
import socket
from importlib.util import find_spec

HOST, PORT = "127.0.0.1", 7860


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m demo",
        description="Open a page on which trained models classify a picture, with convolution and "
        "with involution: their predictions, kernel maps, costs and times.",
        epilog="Nothing is loaded from or sent to the internet, unless --share asks for it.",
    )
    made.add_argument(
        "--host",
        default=HOST,
        metavar="ADDRESS",
        help=f"address to listen at; 0.0.0.0 lets other machines open the page (default: {HOST})",
    )
    made.add_argument(
        "--port", type=_port, default=PORT, help=f"port to listen at (default: {PORT})"
    )
    made.add_argument(
        "--share",
        action="store_true",
        help="also open the page to anyone who has its public link, through a server of Gradio",
    )
    made.add_argument("--no-browser", action="store_true", help="do not open a browser")
    return made


def check(given: argparse.Namespace) -> None:
    """Check what a start needs, before anything is loaded.

    Args:
        given: what `parser` returned.

    Raises:
        ValueError: if Gradio is not installed, or the page cannot listen there.
    """
    if find_spec("gradio") is None:
        raise ValueError("the demo needs Gradio: pip install -e . --group demo")
    try:
        found = socket.getaddrinfo(given.host, given.port, type=socket.SOCK_STREAM)
        for family, *_, address in found:
            with socket.socket(family, socket.SOCK_STREAM) as tried:
                if os.name == "posix":  # as the server does: a port that one has just left is free
                    tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(address)
    except OSError as error:
        raise ValueError(
            f"cannot listen at {given.host}, port {given.port}: {error.strerror}. "
            "Choose others with --host and --port"
        ) from None


def _port(text: str) -> int:
    if text.isdecimal() and text.isascii() and 1 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"expected a port of 1..65535. Received: {text}")
