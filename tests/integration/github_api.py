"""A stand-in for GitHub's API on this machine: the comments of one pull request, and faults as they are asked for.

Gives a server that runs while it is open. Every request is remembered; nothing leaves 127.0.0.1.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT = "github-actions[bot]"
TOKEN = "ghs_0123456789abcdefABCDEF"
REPOSITORY = "acme/rollouts"
COMMENTS = f"/repos/{REPOSITORY}/issues/7/comments"
COMMENT = f"/repos/{REPOSITORY}/issues/comments/"


@dataclass(frozen=True)
class Failure:
    """What the next request of a method is answered with."""

    method: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    done: bool = False
    """Whether it is done all the same, and only its answer gets lost."""
    message: str = "Something is wrong with us"
    path: str = ""
    """What its path begins with, if that matters."""


class GitHub(ThreadingHTTPServer):
    """The comments of pull request 7 of one repository, in the order in which they were written."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.comments: list[dict[str, Any]] = []
        self.page_size = 100
        self.requests: list[str] = []
        self.failures: list[Failure] = []
        self.refusal = ""
        """Why writing is forbidden; empty where it is allowed."""
        self.meanwhile = ""
        """What another run writes just before our first comment; empty for no such run."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def written(self) -> list[str]:
        """The requests that change something."""
        return [each for each in self.requests if not each.startswith(("GET", "POST /graphql"))]

    def add(self, body: str, login: str = BOT) -> dict[str, Any]:
        """Somebody writes a comment."""
        comment = {"id": 9_000_000_000 + len(self.comments), "body": body, "user": {"login": login}}
        self.comments.append(comment)
        return comment

    def answer(self, method: str, path: str, data: Any) -> tuple[int, Any, dict[str, str]]:
        """Do what is asked."""
        place, query = urlsplit(path).path, parse_qs(urlsplit(path).query)
        if (method, place) == ("POST", "/graphql"):
            return 200, {"data": {"viewer": {"login": BOT}}}, {}
        if (method, place) == ("GET", COMMENTS):
            start = (int(query["page"][0]) - 1) * self.page_size
            more = start + self.page_size < len(self.comments)
            link = {"Link": f'<{self.url}{COMMENTS}?page=9>; rel="next", <{self.url}>; rel="last"'} if more else {}
            return 200, self.comments[start : start + self.page_size], link
        if self.refusal:
            return 403, {"message": self.refusal}, {}
        if (method, place) == ("POST", COMMENTS):
            if self.meanwhile:
                self.add(self.meanwhile)
            return 201, self.add(data["body"]), {}
        found = [each for each in self.comments if place == f"{COMMENT}{each['id']}"]
        if method == "PATCH" and found:
            found[0]["body"] = data["body"]
            return 200, found[0], {}
        if method == "DELETE" and found:
            self.comments.remove(found[0])
            return 204, None, {}
        return 404, {"message": "Not Found"}, {}


class _Handler(BaseHTTPRequestHandler):
    server: GitHub

    def _handle(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        data = json.loads(self.rfile.read(size)) if size else None
        self.server.requests.append(f"{self.command} {self.path}")
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._send(401, {"message": "Bad credentials"}, {})
            return
        failures = self.server.failures
        failure = next((f for f in failures if f.method == self.command and self.path.startswith(f.path)), None)
        if failure is None:
            self._send(*self.server.answer(self.command, self.path, data))
            return
        failures.remove(failure)
        if failure.done:
            self.server.answer(self.command, self.path, data)
        self._send(failure.status, {"message": failure.message}, dict(failure.headers))

    def _send(self, status: int, data: Any, headers: dict[str, str]) -> None:
        body = b"" if data is None else json.dumps(data).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_DELETE = _handle  # noqa: N815 - the names that http.server looks for

    def log_message(self, *_: object) -> None:
        """Nothing: the requests are remembered."""


@contextmanager
def github() -> Iterator[GitHub]:
    """The server, running."""
    with GitHub() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
