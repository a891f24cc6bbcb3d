"""As much of the Hugging Face Hub as publishing and loading asks for, on this machine alone.

The calls are those of huggingface_hub 2.4 without Xet: create a repository or a branch, check the card's
front matter, ask how to upload (weights and pictures as LFS objects, all else inline), commit, look up a
revision, list its files, fetch a file or the rest of it. LFS objects come from where a redirection points.
"""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from huggingface_hub import constants, hf_api

LARGE = (".safetensors", ".jpg", ".mp4", ".npz", ".bin")  # as in the .gitattributes of a new repository
Files = dict[str, bytes]


class Repository:
    """Branches and tags by name, and every commit there ever was."""

    def __init__(self) -> None:
        self.commits: dict[str, Files] = {}
        self.heads: dict[str, str] = {}
        self.commit("main", {})

    def commit(self, branch: str, files: Files) -> str:
        sha = _sha1(f"{len(self.commits)}".encode() + repr(sorted(files.items())).encode())
        self.commits[sha] = files
        self.heads[branch] = sha
        return sha

    def find(self, revision: str) -> str | None:
        return revision if revision in self.commits else self.heads.get(revision)


class HubStandIn:
    """Repositories by name (`me/vimo`, `spaces/me/demo`), and the list of what was asked for."""

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.created: dict[str, dict] = {}
        self.objects: Files = {}  # LFS, by SHA-256
        self.fetched: list[str] = []
        self.ranges: list[str] = []
        self.breaks_off_in: str | None = None
        self.breaks_left = 1_000
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

    def files(self, repo: str, revision: str = "main") -> Files:
        """What a repository holds; changing it is like a commit that nobody notices."""
        return self.repositories[repo].commits[self.commit_of(repo, revision)]

    def commit_of(self, repo: str, revision: str = "main") -> str | None:
        return self.repositories[repo].find(revision)

    def edit(self, repo: str, revision: str = "main", **files: bytes) -> str:
        """A commit by somebody else; `a__b` in a name is a dot."""
        named = {name.replace("__", "."): content for name, content in files.items()}
        return self.repositories[repo].commit(revision, {**self.files(repo, revision), **named})

    def create(self, asked: dict) -> dict:
        kind = "spaces/" if asked.get("type") == "space" else ""
        repo = f"{kind}{asked['organization'] or 'me'}/{asked['name']}"
        if repo not in self.repositories:
            self.repositories[repo] = Repository()
            self.created[repo] = asked
        return {"url": f"{self.url}/{repo}"}

    def branch(self, repo: str, name: str) -> bool:
        heads = self.repositories[repo].heads
        is_new = name not in heads
        heads.setdefault(name, heads["main"])
        return is_new

    def preupload(self, repo: str, revision: str, asked: dict) -> dict:
        files = self.files(repo, revision)
        return {"files": [_how_to_upload(file["path"], files.get(file["path"])) for file in asked["files"]]}

    def lfs_batch(self, asked: dict) -> dict:
        upload = {
            one["oid"]: {"upload": {"href": f"{self.url}/lfs/{one['oid']}"}} for one in asked["objects"]
        }
        known = self.objects
        actions = [
            one if one["oid"] in known else one | {"actions": upload[one["oid"]]} for one in asked["objects"]
        ]
        return {"transfer": "basic", "objects": actions}

    def commit(self, repo: str, revision: str, lines: list[dict]) -> dict:
        files = dict(self.files(repo, revision))
        for key, value in ((line["key"], line["value"]) for line in lines):
            if key == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif key == "lfsFile":
                files[value["path"]] = self.objects[value["oid"]]
            elif key == "deletedFile":
                del files[value["path"]]
        sha = self.repositories[repo].commit(revision, files)
        return {"commitUrl": f"{self.url}/{repo}/commit/{sha}", "commitOid": sha}

    def info(self, repo: str, sha: str) -> dict:
        siblings = [{"rfilename": path} for path in self.files(repo, sha)]
        return {"id": repo.removeprefix("spaces/"), "sha": sha, "siblings": siblings}

    def tree(self, repo: str, sha: str) -> list[dict]:
        return [_listed(path, content) for path, content in self.files(repo, sha).items()]


def believe_in(hub: HubStandIn, monkeypatch, cache: Path) -> None:
    """Let the real client of this process take the stand-in for the Hub, with an empty cache."""
    monkeypatch.setattr(hf_api.api, "endpoint", hub.url)
    monkeypatch.setattr(constants, "ENDPOINT", hub.url)
    address = hub.url + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", address)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setenv("HF_TOKEN", "hf_stand_in")


class _Answers(BaseHTTPRequestHandler):
    """One request a method: the path says what is asked, `hub` knows the answer."""

    hub: HubStandIn
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/api/repos/create":
            return self._answer(self.hub.create(json.loads(body)))
        if self.path == "/api/validate-yaml":
            return self._answer({"errors": [], "warnings": []})
        if self.path.endswith(".git/info/lfs/objects/batch"):
            return self._answer(self.hub.lfs_batch(json.loads(body)))
        repo, what, rest = self._asked(
            r"/api/(models|spaces)/([^/]+/[^/]+)/(preupload|commit|branch)/([^?]+)"
        )
        if repo is None:
            return self._refuse("RepoNotFound")
        if what == "branch":
            return self._send(200 if self.hub.branch(repo, rest) else 409, b"", {})
        if self.hub.commit_of(repo, rest) is None:
            return self._refuse("RevisionNotFound")
        if what == "preupload":
            return self._answer(self.hub.preupload(repo, rest, json.loads(body)))
        return self._answer(self.hub.commit(repo, rest, [json.loads(line) for line in body.splitlines()]))

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.hub.objects[_sha256(content)] = content
        self._send(200, b"", {})

    def do_GET(self) -> None:
        if found := re.match("/lfs/([^/]+)/(.+)", self.path):
            return self._send_rest(self.hub.objects[found[1]], {}, unquote(found[2]))
        repo, what, rest = self._asked(r"/api/(models|spaces)/([^/]+/[^/?]+)(?:/(revision|tree)/([^?/]+))?")
        if self.path.startswith("/api/"):
            if repo is None:
                return self._refuse("RepoNotFound")
            sha = self.hub.commit_of(repo, rest or "main")
            if sha is None:
                return self._refuse("RevisionNotFound")
            return self._answer(self.hub.tree(repo, sha) if what == "tree" else self.hub.info(repo, sha))
        found = re.match("/((?:spaces/)?[^/]+/[^/]+)/resolve/([^/]+)/(.+)", self.path)
        return (
            self._file(found[1], unquote(found[2]), unquote(found[3])) if found else self._refuse("Unknown")
        )

    do_HEAD = do_GET  # noqa: N815

    def _asked(self, pattern: str) -> tuple[str | None, str | None, str]:
        """Repository (None: there is none), what of it, and the rest of the path."""
        found = re.match(pattern, self.path)
        if not found:
            return None, None, ""
        repo = ("spaces/" if found[1] == "spaces" else "") + found[2]
        return repo if repo in self.hub.repositories else None, found[3], unquote(found[4] or "")

    def _file(self, repo: str, revision: str, path: str) -> None:
        if repo not in self.hub.repositories:
            return self._refuse("RepoNotFound")
        sha = self.hub.commit_of(repo, revision)
        if sha is None:
            return self._refuse("RevisionNotFound")
        content = self.hub.files(repo, sha).get(path)
        if content is None:
            return self._refuse("EntryNotFound")
        headers = {"X-Repo-Commit": sha, "X-Linked-Size": str(len(content))}
        if not path.endswith(LARGE):
            return self._send_rest(content, headers | {"ETag": f'"{_blob(content)}"'}, path)
        oid = _sha256(content)
        self.hub.objects.setdefault(oid, content)
        elsewhere = self.hub.url.replace("127.0.0.1", "localhost")  # another host: the client takes note
        linked = {"X-Linked-ETag": f'"{oid}"', "Location": f"{elsewhere}/lfs/{oid}/{path}"}
        return self._send(302, b"", headers | linked)

    def _send_rest(self, content: bytes, headers: dict[str, str], path: str) -> None:
        """All of it, what a range asks for, or half of that when the line is to break."""
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(found[1]) if found else 0
        if found:
            headers = headers | {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
        if self.command == "GET":
            self.hub.fetched.append(path)
            self.hub.ranges.append(self.headers.get("Range", ""))
            self.close_connection = path == self.hub.breaks_off_in and self.hub.breaks_left > 0
            self.hub.breaks_left -= self.close_connection
        self._send(206 if found else 200, content[start:], headers)

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


def _how_to_upload(path: str, there: bytes | None) -> dict:
    large = path.endswith(LARGE)
    oid = None if there is None else _sha256(there) if large else _blob(there)
    return {"path": path, "uploadMode": "lfs" if large else "regular", "shouldIgnore": False, "oid": oid}


def _listed(path: str, content: bytes) -> dict:
    entry = {"type": "file", "path": path, "size": len(content), "oid": _blob(content)}
    if path.endswith(LARGE):
        entry["lfs"] = {"oid": _sha256(content), "size": len(content), "pointerSize": 134}
    return entry


def _blob(content: bytes) -> str:
    """As git names a file."""
    return _sha1(b"blob %d\0" % len(content) + content)


def _sha1(content: bytes) -> str:
    return hashlib.sha1(content).hexdigest()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
