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
        self.field = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given["action"]))
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag in {"input", "select", "textarea"} and self.forms and given.get("type") not in {"radio", "checkbox"}:
            self.field = given.get("name", "")
            self.forms[-1].fields[self.field] = given.get("value", "")
        if tag == "input" and self.forms and given.get("type") in {"radio", "checkbox"} and "checked" in given:
            self.forms[-1].fields[given.get("name", "")] = given.get("value", "on")
        if tag == "option" and self.forms and "selected" in given:
            self.forms[-1].fields[self.field] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


class Browser:
    """`page` is the answer that is shown now."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.cookies: dict[str, str] = {}
        self.page: httpx.Response | None = None

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
        if answer.status_code in {303, 308}:
            return self.open(answer.headers["location"].partition("#")[0])
        self.page = answer
        return answer

    def send(self, action: str, origin: str = ORIGIN, **fields: str) -> httpx.Response:
        """Send the form of the page whose action ends so, with these fields changed."""
        form = next(one for one in self.read().forms if one.action.endswith(action))
        return self.post(form.action, form.fields | fields, origin)

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
        self.open("/office/")
        self.send("/code", code=self.server.code(role, name, *villages))
        assert self.send("/sign-in").status_code == 200
        return self
