"""A WebKit window that a test drives: /usr/bin/python3 webkit_window.py PROFILE [FEATURE_TO_LEAVE_OUT ...]

It needs Debian's `gi`, so it imports nothing of ours. Its port on 127.0.0.1 is written to PROFILE/port; what is posted
to /js, /goto and /picture there is a function's body, an address, a file's name. The page's console is printed.
"""

import json
import queue
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2  # noqa: E402 - after the versions

PROFILE, *LEFT_OUT = sys.argv[1:]
WIDTH, HEIGHT = 390, 844
PATIENCE = 120
# What a page may do with files is switched off in WebKitGTK by default, and on in Safari.
OF_FILES = ("FileSystem", "AccessHandle", "StorageAPI")


def make_settings() -> Any:
    """The engine's own settings, with everything about files but what is left out."""
    settings = WebKit2.Settings()
    settings.set_enable_write_console_messages_to_stdout(True)
    settings.set_enable_webgl(True)
    features = WebKit2.Settings.get_all_features()
    for feature in (features.get(number) for number in range(features.get_length())):
        name = feature.get_identifier()
        if any(part in name for part in OF_FILES):
            settings.set_feature_enabled(feature, name not in LEFT_OUT)
    return settings


def make_view() -> Any:
    """A page whose storage outlives the process, in a window of a phone's size."""
    manager = WebKit2.WebsiteDataManager(base_data_directory=f"{PROFILE}/data", base_cache_directory=f"{PROFILE}/cache")
    context = WebKit2.WebContext(website_data_manager=manager)
    context.set_preferred_languages(["vi-VN", "vi"])
    view = WebKit2.WebView(web_context=context, settings=make_settings())
    view.connect("web-process-terminated", lambda _view, reason: print("the page's process ended:", reason, flush=True))
    view.connect("load-failed", lambda _view, _event, address, error: print(address, error.message, flush=True))
    window = Gtk.Window()
    window.set_decorated(False)
    window.set_default_size(WIDTH, HEIGHT)
    window.add(view)
    window.move(0, 0)
    window.connect("destroy", Gtk.main_quit)
    window.show_all()
    return view


view = make_view()


def run(body: str, answer: Callable[[dict[str, Any]], None]) -> None:
    """Call an async function with this body in the page."""

    def done(_view: Any, result: Any) -> None:
        try:
            value = view.call_async_javascript_function_finish(result).to_json(0)
            answer({"value": json.loads(value or "null")})
        except Exception as problem:
            answer({"problem": str(problem)})

    view.call_async_javascript_function(body, -1, None, None, None, None, done)


def go(address: str, answer: Callable[[dict[str, Any]], None]) -> None:
    view.load_uri(address)
    answer({"value": None})


def take_picture(path: str, answer: Callable[[dict[str, Any]], None]) -> None:
    def done(_view: Any, result: Any) -> None:
        try:
            view.get_snapshot_finish(result).write_to_png(path)
            answer({"value": path})
        except Exception as problem:
            answer({"problem": str(problem)})

    view.get_snapshot(WebKit2.SnapshotRegion.VISIBLE, WebKit2.SnapshotOptions.NONE, None, done)


WORK = {"/js": run, "/goto": go, "/picture": take_picture}


def in_window(work: Callable[[str, Callable[[dict[str, Any]], None]], None], given: str) -> dict[str, Any]:
    """Do this in the window's own thread; its answer."""
    answers: queue.Queue[dict[str, Any]] = queue.Queue()
    GLib.idle_add(lambda: (work(given, answers.put), False)[1])
    return answers.get(timeout=PATIENCE)


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_words: Any) -> None:
        """Say nothing: the console's words are printed."""

    def do_POST(self) -> None:
        given = self.rfile.read(int(self.headers["content-length"])).decode()
        try:
            answer = in_window(WORK[self.path], given)
        except Exception as problem:
            answer = {"problem": repr(problem)}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
Path(PROFILE, "port.new").write_text(str(server.server_address[1]))
Path(PROFILE, "port.new").replace(Path(PROFILE, "port"))
Gtk.main()
