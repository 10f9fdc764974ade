"""What a request to the server may take: bytes and seconds, and no file on disk."""

import asyncio

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demo.pictures import MOST_BYTES

# A picture in base64, and the words around it.
MOST_BODY = MOST_BYTES * 4 // 3 + 100_000
SECONDS = 60.0


class RequestLimits:
    """Middleware that refuses bodies that are too large, too slow, or forms with files.

    Gradio stores the files of a form on disk. This page sends none: see `picker.py`.

    Args:
        app: what answers.
        most_bytes: of a body.
        seconds: for a body to arrive.
    """

    def __init__(
        self, app: ASGIApp, *, most_bytes: int = MOST_BODY, seconds: float = SECONDS
    ) -> None:
        self.app, self.most_bytes, self.seconds = app, most_bytes, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request: read its body, then hand it on."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            body = await self._body(request)
        except ClientDisconnect:
            return
        except _RefusedError as error:
            await PlainTextResponse(str(error), error.status)(scope, receive, send)
            return
        parts: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def read_before() -> Message:
            return parts.pop() if parts else await receive()

        await self.app(scope, read_before, send)

    async def _body(self, request: Request) -> bytes:
        if request.headers.get("content-type", "").lower().startswith("multipart/"):
            raise _RefusedError(415, "Forms with files are not taken.")
        body = bytearray()
        try:
            async with asyncio.timeout(self.seconds):
                async for part in request.stream():
                    body += part
                    if len(body) > self.most_bytes:
                        raise _RefusedError(413, f"At most {self.most_bytes:,} bytes are taken.")
        except TimeoutError:
            message = f"The request did not arrive within {self.seconds:g} seconds."
            raise _RefusedError(408, message) from None
        return bytes(body)


class _RefusedError(Exception):
    """A request that is not answered, with the status that says so."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
