"""The engine folder of the offline app: Flutter's client and Pyodide out of the flet-web wheel, without the rest.

It changes only when Flet is upgraded or the app uses a new icon, so phones download it once.
"""

import json
import re
import shutil
from pathlib import Path

from web.icons import icons_named_in, subset_icon_font
from web.places import PROJECT, flet_client

# Flutter's client comes twice. As WebAssembly with `skwasm` it is up in half the time or less on a slow phone; as
# JavaScript with `canvaskit` it runs in browsers that cannot do that. page/drawing.js chooses.
FLUTTER = [
    "flutter.js",
    "main.dart.wasm",
    "main.dart.mjs",
    "canvaskit/skwasm.js",
    "canvaskit/skwasm.wasm",
    "main.dart.js",
    "canvaskit/chromium/canvaskit.js",
    "canvaskit/chromium/canvaskit.wasm",
    "canvaskit/canvaskit.js",
    "canvaskit/canvaskit.wasm",
    "assets/AssetManifest.bin.json",
    "assets/shaders/ink_sparkle.frag",
    "assets/shaders/stretch_effect.frag",
]

PYODIDE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"]

# Flet's client loads a script from this public server at every start. The app draws no Rive animation, and nothing
# may be asked of a third party, so the address is made one of the same length that the page's policy refuses. (Firefox
# loads "about:blank" as an empty script, and Flet then calls what is not in it.)
RIVE = re.compile(rb"https://cdn\.jsdelivr\.net/npm/@rive-app/[\w.@/-]*/")
NOWHERE = b"data:,"


def lay_out_engine(project: Path, target: Path) -> None:
    """Write the engine's files to a folder."""
    client = flet_client()
    for name in FLUTTER:
        _copy(client / name, target / name)
    for name in PYODIDE:
        _copy(client / "pyodide" / name, target / "pyodide" / name)
    _take_out_rive(target / "main.dart.js")
    _take_out_rive(target / "main.dart.wasm")
    (target / "flutter.js").write_text(_without_source_map((target / "flutter.js").read_text("utf-8")), "utf-8")
    (target / "pyodide" / "pyodide.mjs").write_text(
        _without_source_map((target / "pyodide" / "pyodide.mjs").read_text("utf-8")), "utf-8"
    )
    _lay_out_fonts(project, client, target)


def _lay_out_fonts(project: Path, client: Path, target: Path) -> None:
    """Our own letters in three weights and a small icon font; no formula fonts, no Cupertino icons.

    Flutter fetches a family called Roboto from elsewhere unless the manifest has one, so ours answers to that name.
    """
    manifest = json.loads((PROJECT / "assets" / "assets" / "FontManifest.json").read_text("utf-8"))
    for font in (PROJECT / "assets" / "fonts").glob("*.ttf"):
        _copy(font, target / "fonts" / font.name)
    own = next(family for family in manifest if family["family"] == "Be Vietnam Pro")
    manifest.append({"family": "Roboto", "fonts": own["fonts"][:1]})
    (target / "assets" / "FontManifest.json").write_text(json.dumps(manifest), "utf-8")
    icons = subset_icon_font(client / "assets/fonts/MaterialIcons-Regular.otf", icons_named_in(project / "app"))
    (target / "assets" / "fonts").mkdir(parents=True)
    (target / "assets" / "fonts" / "MaterialIcons-Regular.otf").write_bytes(icons)


def _take_out_rive(main: Path) -> None:
    code, found = RIVE.subn(lambda match: NOWHERE.ljust(len(match[0]), b"-"), main.read_bytes())
    if found != 1:
        raise SystemExit("Flet's client no longer loads Rive the way it did: see RIVE in web/engine.py")
    main.write_bytes(code)


def _without_source_map(code: str) -> str:
    return re.sub(r"^//# sourceMappingURL=.*$", "", code, flags=re.MULTILINE)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def flutter_builds() -> str:
    """What Flutter's loader must be told about the client: revision and kinds of build, as JSON."""
    bootstrap = (flet_client() / "flutter_bootstrap.js").read_text("utf-8")
    found = re.search(r"_flutter\.buildConfig = (\{.*?\});\n", bootstrap)
    if not found:
        raise SystemExit("flutter_bootstrap.js no longer holds _flutter.buildConfig")
    return json.dumps(json.loads(found[1]))


def pyodide_lock() -> str:
    """Pyodide's list of packages without the packages: all of ours come in our own archive."""
    lock = json.loads((flet_client() / "pyodide" / "pyodide-lock.json").read_text("utf-8"))
    return json.dumps({"info": lock["info"], "packages": {}})
