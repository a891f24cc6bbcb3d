"""As much of the Hugging Face Hub as pushing and loading a pipeline asks for, on this machine alone.

The calls are those of huggingface_hub 2.4: create a repository, check the card's front matter, ask how to
upload (always inline), commit, look up a revision, list its files, fetch a file.
"""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class HubStandIn:
    """Repositories as dictionaries of files, and the list of what was asked for."""

    def __init__(self) -> None:
        self.repositories: dict[str, dict[str, bytes]] = {}
        self.fetched: list[str] = []
        self.breaks_off_in: str | None = None
        self.url = ""

    @contextmanager
    def serving(self) -> Iterator["HubStandIn"]:
        """Listen on a free port of this machine until the block ends."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (_Answers,), {"hub": self}))
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def create(self, asked: dict) -> dict:
        repo = f"{asked['organization'] or 'me'}/{asked['name']}"
        self.repositories.setdefault(repo, {})
        return {"url": f"{self.url}/{repo}"}

    def preupload(self, asked: dict) -> dict:
        inline = {"uploadMode": "regular", "shouldIgnore": False, "oid": None}
        return {"files": [{"path": file["path"], **inline} for file in asked["files"]]}

    def commit(self, repo: str, lines: list[dict]) -> dict:
        for line in lines:
            if line["key"] == "file":
                self.repositories[repo][line["value"]["path"]] = base64.b64decode(line["value"]["content"])
        commit = self.commit_of(repo)
        return {"commitUrl": f"{self.url}/{repo}/commit/{commit}", "commitOid": commit}

    def info(self, repo: str) -> dict:
        return {"id": repo, "sha": self.commit_of(repo), "siblings": []}

    def tree(self, repo: str) -> list[dict]:
        files = self.repositories[repo].items()
        return [{"type": "file", "path": path, "size": len(held), "oid": _sha(held)} for path, held in files]

    def commit_of(self, repo: str) -> str:
        return _sha(repr(sorted(self.repositories[repo].items())).encode())


class _Answers(BaseHTTPRequestHandler):
    """One request a method: the path says what is asked, `hub` knows the answer."""

    hub: HubStandIn
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/api/repos/create":
            self._answer(self.hub.create(json.loads(body)))
        elif self.path == "/api/validate-yaml":
            self._answer({"errors": [], "warnings": []})
        elif "/preupload/" in self.path:
            self._answer(self.hub.preupload(json.loads(body)))
        elif found := re.match("/api/models/([^/]+/[^/]+)/commit/main", self.path):
            self._answer(self.hub.commit(found[1], [json.loads(line) for line in body.splitlines()]))
        else:
            self._refuse("Unknown")

    def do_GET(self) -> None:
        if found := re.match("/api/models/([^/]+/[^/]+)/(revision|tree)/", self.path):
            if found[1] not in self.hub.repositories:
                return self._refuse("RepoNotFound")
            return self._answer((self.hub.info if found[2] == "revision" else self.hub.tree)(found[1]))
        if found := re.match("/([^/]+/[^/]+)/resolve/[^/]+/(.+)", self.path):
            return self._file(found[1], found[2])
        return self._refuse("Unknown")

    do_HEAD = do_GET  # noqa: N815

    def _file(self, repo: str, path: str) -> None:
        files = self.hub.repositories.get(repo, {})
        if path not in files:
            return self._refuse("EntryNotFound")
        if self.command == "GET":
            self.hub.fetched.append(path)
            self.close_connection = path == self.hub.breaks_off_in  # and then half of it is sent
        headers = {"ETag": f'"{_sha(files[path])}"', "X-Repo-Commit": self.hub.commit_of(repo)}
        return self._send(200, files[path], headers)

    def _answer(self, answer: dict | list) -> None:
        self._send(200, json.dumps(answer).encode(), {"Content-Type": "application/json"})

    def _refuse(self, code: str) -> None:
        self._send(404, b"", {"X-Error-Code": code})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if self.close_connection else body)

    def log_message(self, *_: object) -> None:
        """Silence: tests print nothing."""


def _sha(held: bytes) -> str:
    return hashlib.sha1(held).hexdigest()
