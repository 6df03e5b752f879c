"""A browser without scripts: it keeps cookies, follows redirects, sends the forms that it was shown."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx

from survey.roles import Role
from tests.sync_server.wire_client import Server

ORIGIN = "http://server"


@dataclass
class Form:
    """A form of a page: where it goes, and its fields as they would be sent untouched."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self._writes_in = ""
        self._chooses_in = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given["action"]))
        if tag == "a":
            self.links.append(given.get("href", ""))
        is_marked = given.get("type") not in {"radio", "checkbox"} or "checked" in given
        if tag in {"input", "textarea"} and self.forms and is_marked:
            self.forms[-1].fields[given.get("name", "")] = given.get("value", "")
        if tag == "textarea":
            self._writes_in = given.get("name", "")
        if tag == "select":
            self._chooses_in = given.get("name", "")
        if tag == "option" and self.forms and ("selected" in given or self._chooses_in not in self.forms[-1].fields):
            self.forms[-1].fields[self._chooses_in] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._writes_in = ""

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._writes_in:
            self.forms[-1].fields[self._writes_in] += data


class Browser:
    """`page` is the answer that is shown now, `went_to` every address that a redirect led to."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.cookies: dict[str, str] = {}
        self.page: httpx.Response | None = None
        self.went_to: list[str] = []

    def open(self, path: str, method: str = "GET", **more: Any) -> httpx.Response:
        """Go to a page, through redirects, as a browser does."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        answer = self.server.request(method, path, headers=headers | more.pop("headers", {}), **more)
        for line in answer.headers.get_list("set-cookie"):
            name, _, rest = line.partition("=")
            value = rest.partition(";")[0].strip('"')
            self.cookies.pop(name, None)
            if value and "max-age=0" not in line.lower():
                self.cookies[name] = value
        if answer.status_code in {303, 307, 308}:
            self.went_to.append(answer.headers["location"])
            return self.open(answer.headers["location"].partition("#")[0])
        self.page = answer
        return answer

    def send(self, action: str, origin: str = ORIGIN, **fields: str) -> httpx.Response:
        """Send the form of the page whose action ends so, with these fields changed."""
        form = self.form(action)
        return self.post(form.action, form.fields | fields, origin)

    def form(self, action: str) -> Form:
        """The first form of the page whose action ends so."""
        return next(one for one in self.read().forms if one.action.endswith(action))

    def post(self, path: str, fields: dict[str, str], origin: str = ORIGIN) -> httpx.Response:
        return self.open(path, "POST", data=fields, headers={"Origin": origin})

    def read(self) -> _Reader:
        assert self.page is not None
        reader = _Reader()
        reader.feed(self.page.text)
        return reader

    @property
    def words(self) -> str:
        """What a person reads, with single spaces."""
        return re.sub(r"\s+", " ", " ".join(self.read().words)).strip()

    def sign_in(self, role: Role, name: str, *villages: str) -> "Browser":
        """Sign in with a new code, typed."""
        return self.type_code(self.server.code(role, name, *villages))

    def type_code(self, code: str) -> "Browser":
        """Sign in with this code."""
        self.open("/office/")
        self.send("/code", code=code)
        assert self.send("/sign-in").status_code == 200
        return self
