"""Puts a comparison into a pull request's one comment: updates the comment of an earlier run, or writes the first.

Takes a file of Markdown whose first line is the hidden mark of the comment; token and places come from the
environment of a GitHub job. Talks to that host's API and to nothing else. The token is in no message. It must not
know what the Markdown says.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TIMEOUT = 30
"""Seconds that one request may take to connect, and to send something."""
DELAYS = (1, 4, 10)
"""Seconds to wait before each further try, where the fault may pass."""
MAX_DELAY = 60
MAX_PAGES = 100
OK, FAULT = 0, 2

_FORK = "the token of a fork's pull request may only read, so the comparison is in the job's summary alone"


class CommentError(Exception):
    """Why the comment cannot be written."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class PassingError(CommentError):
    """One that may be gone in a while; ``delay`` is how long the server asks to wait, in seconds."""

    def __init__(self, message: str, status: int = 0, delay: int = 0) -> None:
        super().__init__(message, status)
        self.delay = min(delay, MAX_DELAY)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an error: urllib would take the token along to wherever it leads."""

    def redirect_request(self, *_: object) -> None:
        return None


@dataclass(frozen=True)
class Api:
    """The API of a host, for one token."""

    url: str
    graphql_url: str
    token: str

    def viewer(self) -> str:
        """The login of whoever the token is for; REST tells it of people only."""
        answer, _ = self._ask("POST", self.graphql_url, {"query": "query { viewer { login } }"})
        try:
            return str(answer["data"]["viewer"]["login"])
        except (KeyError, TypeError) as error:
            raise CommentError("GitHub does not say whose token this is") from error

    def call(self, method: str, path: str, data: Mapping[str, str] | None = None) -> tuple[Any, bool]:
        """Ask the REST API; gives the answer, and whether another page of it follows.

        Raises:
            CommentError: it refuses, or does not answer.
        """
        answer, headers = self._ask(method, f"{self.url}{path}", data)
        return answer, 'rel="next"' in (headers.get("Link") or "")

    def _ask(self, method: str, url: str, data: Mapping[str, str] | None) -> tuple[Any, Any]:
        request = urllib.request.Request(url, method=method, data=json.dumps(data).encode() if data else None)
        request.add_header("Accept", "application/vnd.github+json")
        request.add_header("Content-Type", "application/json")
        request.add_header("User-Agent", "penstock")
        # Not to be copied to wherever a redirect leads.
        request.add_unredirected_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT) as answer:
                text = answer.read()
                return json.loads(text) if text else None, answer.headers
        except urllib.error.HTTPError as error:
            with error:
                raise _refusal(error) from error
        except (OSError, http.client.HTTPException) as error:
            raise PassingError(f"GitHub's API does not answer: {getattr(error, 'reason', error)}") from error
        except ValueError as error:
            raise PassingError("GitHub's API answers something that is no JSON") from error


def _refusal(error: urllib.error.HTTPError) -> CommentError:
    """What an answer other than 2xx means."""
    try:
        said = str(json.loads(error.read())["message"])
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        said = str(error.reason)
    message = f"GitHub's API answers {error.code}: {said[:300]}"
    wait = error.headers.get("Retry-After") or ""
    limited = error.code == 403 and (wait or error.headers.get("X-RateLimit-Remaining") == "0")
    if error.code >= 500 or error.code in (408, 429) or limited:
        return PassingError(message, error.code, int(wait) if wait.isdigit() else 0)
    return CommentError(message, error.code)


@dataclass(frozen=True)
class Thread:
    """The comments of a pull request."""

    api: Api
    repository: str
    number: int

    def publish(self, body: str, *, worth_a_comment: bool) -> str:
        """Make ``body`` what the one comment says; gives what was done.

        Begins by looking for the comment, so it may be called again after a fault, whatever had come of that: a
        comment that was written though the answer got lost is found, not written twice.
        """
        mark, login = body.partition("\n")[0], self.api.viewer()
        own = list(self._own(mark, login))
        if not own:
            if not worth_a_comment:
                return "Nothing changed in meaning, so there is no comment."
            created, _ = self.api.call("POST", f"{self._issue}/comments", {"body": body})
            # A run at the same time may have written one, too: then both keep the first.
            own = list(self._own(mark, login)) or [created]
        first, *others = sorted(own, key=lambda comment: int(comment["id"]))
        if first["body"].split() != body.split():
            self.api.call("PATCH", self._comment(first), {"body": body})
        for other in others:
            self.api.call("DELETE", self._comment(other))
        return f"The comparison is in comment {int(first['id'])} of pull request {self.number}."

    @property
    def _issue(self) -> str:
        return f"/repos/{self.repository}/issues/{self.number}"

    def _comment(self, comment: Mapping[str, Any]) -> str:
        return f"/repos/{self.repository}/issues/comments/{int(comment['id'])}"

    def _own(self, mark: str, login: str) -> Iterator[Mapping[str, Any]]:
        """The comments that begin with the mark and that we have written: anybody may copy the mark."""
        for page in range(1, MAX_PAGES + 1):
            comments, more = self.api.call("GET", f"{self._issue}/comments?per_page=100&page={page}")
            for comment in comments:
                author = (comment.get("user") or {}).get("login")
                if author == login and (comment.get("body") or "").startswith(mark):
                    yield comment
            if not more:
                return


def main(file: str) -> int:
    """Publish the file; gives the exit code. A fork's pull request is no fault: its token may only read."""
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text("utf-8"))
    request = event.get("pull_request")
    if not request:
        print("This run is about no pull request, so there is no comment.")
        return OK
    try:
        thread = Thread(_api(), os.environ["GITHUB_REPOSITORY"], int(request["number"]))
        body = Path(file).read_text("utf-8")
        print(_persistently(thread, body, worth_a_comment=os.environ["PENSTOCK_CHANGES"] == "true"))
    except CommentError as fault:
        refused = fault.status in (403, 404)
        if refused and _is_from_fork(request):
            _say("notice", _FORK)
            return OK
        cure = ". The comment needs `permissions: pull-requests: write`" if refused else ""
        _say("error", f"the comment cannot be written: {fault}{cure}")
        return FAULT
    return OK


def _api() -> Api:
    given = os.environ
    token = given["PENSTOCK_TOKEN"].strip()
    if not re.fullmatch(r"[!-~]+", token):
        raise CommentError("the input `token` is empty, or is no token")
    url = given["GITHUB_API_URL"]
    return Api(url, given.get("GITHUB_GRAPHQL_URL") or f"{url}/graphql", token)


def _persistently(thread: Thread, body: str, *, worth_a_comment: bool) -> str:
    """Publish; after a fault that may pass, once more from the beginning."""
    for delay in DELAYS:
        try:
            return thread.publish(body, worth_a_comment=worth_a_comment)
        except PassingError as fault:
            wait = max(delay, fault.delay)
            print(f"{_one_line(str(fault))}: once more in {wait} s", flush=True)
            time.sleep(wait)
    return thread.publish(body, worth_a_comment=worth_a_comment)


def _is_from_fork(request: Mapping[str, Any]) -> bool:
    """Whether the commits come from another repository; one that is gone was another."""
    head, base = (request[side].get("repo") or {} for side in ("head", "base"))
    return head.get("full_name") != base.get("full_name")


def _say(level: str, text: str) -> None:
    """An annotation of the job."""
    print(f"::{level} title=penstock::{_one_line(text).replace('%', '%25')}")


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
