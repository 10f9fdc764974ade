"""A hub on loopback: as much of the Hugging Face hub as publishing and loading a model asks for."""

import base64
import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

TOKEN, USER = "hf_right", "alice"
NEW = {".gitattributes": b"*.h5 filter=lfs diff=lfs merge=lfs -text\n"}


class LoopbackHub:
    """Repositories in memory.

    Attributes:
        repositories: the files of each, by its name.
        commits: how many commits each has.
        calls: method and path of each request.
        refusals: a status for each path that is refused, by the end of the path.
    """

    def __init__(self):
        self.repositories, self.commits, self.calls, self.refusals = {}, {}, [], {}
        self.large = {}
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                self.content = b"".join(received(self))
                path = urlsplit(self.path).path
                hub.calls.append(f"{self.command} {path}")
                status, content, headers = hub.answer(self, path)
                if not isinstance(content, bytes):
                    content = json.dumps(content).encode()
                    headers = {"Content-Type": "application/json", **headers}
                self.send_response(status)
                for name, value in {"Content-Length": len(content), **headers}.items():
                    self.send_header(name, str(value))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_GET = do_HEAD = do_POST = do_PUT = answer  # noqa: N815 - their names

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def add(self, name, **files):
        """Make a repository; `files` have _ in place of the dot."""
        self.repositories[name] = {
            **NEW,
            **{file.replace("_", "."): text.encode() for file, text in files.items()},
        }
        self.commits[name] = 1

    def revision(self, name):
        return hashlib.sha1(f"{name} {self.commits[name]}".encode()).hexdigest()

    def answer(self, request, path):
        """Return status, content and headers."""
        for end, status in self.refusals.items():
            if path.endswith(end):
                return status, {"error": f"refused with {status}"}, {}
        is_known = request.headers.get("Authorization") == f"Bearer {TOKEN}"
        if not is_known and not path.startswith("/large/") and request.command in ("POST", "PUT"):
            return 401, {"error": "Invalid credentials in Authorization header"}, {}
        for pattern, method in ROUTES.items():
            if found := re.fullmatch(pattern, path):
                return getattr(self, method)(request, is_known, **found.groupdict())
        return 404, {"error": f"no such path {path}"}, {}

    def whoami(self, request, is_known):
        if not is_known:
            return 401, {"error": "Invalid user token."}, {}
        return 200, {"name": USER, "type": "user", "orgs": []}, {}

    def create(self, request, is_known):
        wanted = json.loads(request.content)
        name = f"{wanted.get('organization') or USER}/{wanted['name']}"
        if not name.startswith(f"{USER}/"):
            return 403, {"error": f"You don't have the rights to create a model under {name}"}, {}
        is_new = name not in self.repositories
        if is_new:
            self.add(name)
        return 200 if is_new else 409, {"url": f"{self.address}/{name}", "name": name}, {}

    def info(self, request, is_known, name, revision="main"):
        if name not in self.repositories:
            return 404, {"error": "Repository not found"}, {"X-Error-Code": "RepoNotFound"}
        files = [
            {"rfilename": file, "size": len(content), "blobId": git_hash(content)}
            for file, content in self.repositories[name].items()
        ]
        return 200, {"_id": "1", "id": name, "sha": self.revision(name), "siblings": files}, {}

    def tree(self, request, is_known, name, revision):
        files = [
            {"type": "file", "path": file, "size": len(content), "oid": git_hash(content)}
            for file, content in self.repositories[name].items()
        ]
        return 200, files, {}

    def modes(self, request, is_known, name, revision):
        files = [
            {
                "path": file["path"],
                "uploadMode": "lfs" if file["path"].endswith(".h5") else "regular",
                "shouldIgnore": False,
                "oid": None,
            }
            for file in json.loads(request.content)["files"]
        ]
        return 200, {"files": files}, {}

    def batch(self, request, is_known, name):
        objects = [
            {**each, "actions": {"upload": {"href": f"{self.address}/large/{each['oid']}"}}}
            for each in json.loads(request.content)["objects"]
        ]
        return 200, {"transfer": "basic", "objects": objects}, {}

    def put(self, request, is_known, oid):
        assert hashlib.sha256(request.content).hexdigest() == oid
        self.large[oid] = request.content
        return 200, {}, {}

    def validate(self, request, is_known):
        return 200, {"errors": [], "warnings": []}, {}

    def commit(self, request, is_known, name, revision):
        """Take all operations or none."""
        files = dict(self.repositories[name])
        for line in request.content.splitlines():
            operation = json.loads(line)
            value = operation["value"]
            match operation["key"]:
                case "header":
                    if value.get("parentCommit", self.revision(name)) != self.revision(name):
                        return 412, {"error": "A commit has happened since"}, {}
                case "file":
                    files[value["path"]] = base64.b64decode(value["content"])
                case "lfsFile":
                    files[value["path"]] = self.large[value["oid"]]
                case "deletedFile":
                    del files[value["path"]]
        self.repositories[name] = files
        self.commits[name] += 1
        commit = self.revision(name)
        url = f"{self.address}/{name}/commit/{commit}"
        return 200, {"success": True, "commitOid": commit, "commitUrl": url}, {}

    def resolve(self, request, is_known, name, revision, file):
        content = self.repositories[name].get(file)
        if content is None:
            return 404, {"error": "Entry not found"}, {"X-Error-Code": "EntryNotFound"}
        tag = {"ETag": f'"{git_hash(content)}"', "X-Repo-Commit": self.revision(name)}
        return 200, content, tag


NAME, REVISION = r"(?P<name>[^/]+/[^/]+?)", r"(?P<revision>[^/]+)"
ROUTES = {
    "/api/whoami-v2": "whoami",
    "/api/repos/create": "create",
    "/api/validate-yaml": "validate",
    f"/api/models/{NAME}": "info",
    f"/api/models/{NAME}/revision/{REVISION}": "info",
    f"/api/models/{NAME}/tree/{REVISION}": "tree",
    f"/api/models/{NAME}/preupload/{REVISION}": "modes",
    f"/api/models/{NAME}/commit/{REVISION}": "commit",
    rf"/{NAME}\.git/info/lfs/objects/batch": "batch",
    r"/large/(?P<oid>[0-9a-f]+)": "put",
    rf"/{NAME}/resolve/{REVISION}/(?P<file>.+)": "resolve",
}


def git_hash(content):
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def received(request):
    """Yield the body of a request, whose length may be unknown at its beginning."""
    if request.headers.get("Transfer-Encoding") != "chunked":
        yield request.rfile.read(int(request.headers.get("Content-Length") or 0))
        return
    while size := int(request.rfile.readline(), 16):
        yield request.rfile.read(size)
        request.rfile.readline()
    request.rfile.readline()
