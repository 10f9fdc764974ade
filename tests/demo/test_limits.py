"""Requests that are too large, too slow, or would be stored."""

import asyncio

import pytest

from demo.limits import RequestLimits

SECONDS = 0.2


def ask(parts, *, headers=(), method="POST", **limits):
    """Send a request in parts, None for one that never comes; return what arrived and came back."""
    arrived, answered, left = [], [], list(parts)

    async def receive():
        if not left:
            return {"type": "http.disconnect"}
        part = left.pop(0)
        if part is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": part, "more_body": bool(left)}

    async def send(message):
        answered.append(message)

    async def app(scope, receive, send):
        arrived.append(await receive())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        arrived.append(await receive())

    scope = {"type": "http", "method": method, "headers": list(headers)}
    asyncio.run(RequestLimits(app, **limits)(scope, receive, send))
    status = answered[0]["status"] if answered else None
    return status, arrived


def test_a_request_within_the_limits_arrives_whole_and_once():
    status, arrived = ask([b"ab", b"cd", b"ef"], most_bytes=6)
    assert status == 200
    assert arrived[0] == {"type": "http.request", "body": b"abcdef", "more_body": False}
    assert arrived[1]["type"] == "http.disconnect"


def test_one_byte_too_many_is_refused_before_the_rest_is_read():
    assert ask([b"abcd", b"efg", None], most_bytes=6) == (413, [])


def test_what_does_not_arrive_in_time_is_refused():
    assert ask([b"ab", None], seconds=SECONDS) == (408, [])


def test_a_client_that_leaves_is_not_answered():
    status, arrived = ask([])
    assert (status, arrived) == (None, [])


@pytest.mark.parametrize("kind", [b"multipart/form-data; boundary=x", b"Multipart/mixed"])
def test_forms_with_files_are_refused(kind):
    assert ask([b"--x"], headers=[(b"content-type", kind)]) == (415, [])


def test_a_question_without_a_body_is_handed_on():
    status, arrived = ask([b""], method="GET")
    assert status == 200
    assert arrived[0]["body"] == b""
