"""Damage to files, as disks, networks, editors and other programs do it."""

import copy
import io
import json
import tarfile

# What a program of another kind, or one with a fault, may write in place of a value.
ABSURD = (
    *(None, True, 0, -1, 1, 0.0, -0.5, 1e-300, 1e300, 2**31, 2**63, 2**70, float("nan")),
    *(float("inf"), "", " ", "text", "\ud800", "\x00", "\u202e", "=1+1", "a" * 10_000),
    *([], [[]], [1, "a", None], {}, {"": None}, {"a": {"a": {"a": []}}}, [0] * 1000),
)


def cut(content, random):
    """The end is missing."""
    return content[: random.randrange(len(content))]


def flipped(content, random):
    """Some bits are others."""
    found = bytearray(content)
    for _ in range(random.choice((1, 1, 8, 100))):
        found[random.randrange(len(found))] ^= 1 << random.randrange(8)
    return bytes(found)


def overwritten(content, random):
    """A block holds zeros, or anything."""
    start, length = random.randrange(len(content)), random.randrange(1, 600)
    block = random.choice((bytes(length), b"\xff" * length, random.randbytes(length)))
    return (content[:start] + block + content[start + length :])[: len(content)]


def moved(content, random):
    """A block is missing, twice there, or elsewhere."""
    start, end = sorted(random.randrange(len(content) + 1) for _ in "ab")
    place = random.randrange(len(content) + 1)
    rest = content[:start] + content[end:]
    return random.choice((rest, content[:end] + content[start:], rest[:place] + content[start:end]))


BYTES = (cut, flipped, overwritten, moved)


def altered(content, random):
    """Up to three values of a JSON document are absurd, missing, or under other keys."""
    document = copy.deepcopy(json.loads(content))
    for _ in range(random.randint(1, 3)):
        places = list(_places(document))
        if not places:
            break
        holder, key = random.choice(places)
        what = random.choice(("value", "value", "value", "missing", "renamed", "deep"))
        value = holder[key]
        if what == "missing":
            del holder[key]
        elif what == "renamed" and isinstance(holder, dict):
            holder[random.choice(("a", "", "\ud800", "format"))] = holder.pop(key)
        elif what == "deep":
            holder[key] = _deep(value, random.choice((3, 200)))
        else:
            holder[key] = copy.deepcopy(random.choice(ABSURD))
    return json.dumps(document).encode()


def altered_line(content, random):
    """One line of several JSON documents is altered, missing, twice there, or elsewhere."""
    lines = content.splitlines(keepends=True)
    place = random.randrange(len(lines))
    what = random.choice(("altered", "altered", "missing", "twice", "order"))
    if what == "altered":
        lines[place] = altered(lines[place], random) + b"\n"
    elif what == "missing":
        del lines[place]
    elif what == "twice":
        lines.insert(place, random.choice(lines))
    else:
        random.shuffle(lines)
    return b"".join(lines)


def _places(value):
    """Every object or list with each of its keys; of long lists some."""
    items = value.items() if isinstance(value, dict) else enumerate(value[:5])
    for key, item in list(items):
        yield value, key
        if isinstance(item, dict | list):
            yield from _places(item)


def _deep(value, levels):
    for _ in range(levels):
        value = [value]
    return value


def repacked(content, random):
    """An archive whose members are links, folders, devices, twice there, or of absurd size."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        members = [(member, archive.extractfile(member).read()) for member in archive]
    with tarfile.open(
        fileobj=packed, mode=random.choice(("w", "w:gz", "w:bz2", "w:xz"))
    ) as archive:
        for member, text in random.sample(members, len(members)):
            _odd(member, random)
            archive.addfile(member, io.BytesIO(text) if member.isreg() else None)
    return packed.getvalue()


def _odd(member, random):
    """Change a member, most of the time."""
    what = random.choice(("whole", "whole", "type", "name", "link"))
    if what == "type":
        member.type = random.choice((tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, b"9"))
    elif what == "link":
        member.type = random.choice((tarfile.SYMTYPE, tarfile.LNKTYPE))
        member.linkname = random.choice((member.name, "/etc/passwd", "../..", "", "none"))
        member.size = 0
    elif what == "name":
        name = member.name
        member.name = random.choice(
            (f"./{name}", f"/{name}", f"a/b/{name}", f"../{name}", name.upper(), "x" * 300, "")
        )
    if not member.isreg():
        member.size = 0
