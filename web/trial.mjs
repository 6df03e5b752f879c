// Imports every module of the app from exactly what a phone gets. Says what is missing; exit status 1 if anything is.
// node trial.mjs <folder of pyodide> <stdlib.zip> <packages folder> <app folder>
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodideFolder, stdlib, packages, app] = process.argv.slice(2).map((path) => resolve(path));
const { loadPyodide } = await import(pathToFileURL(resolve(pyodideFolder, "pyodide.mjs")).href);
const python = await loadPyodide({
  indexURL: pyodideFolder + "/",
  stdLibURL: stdlib,
  env: { PYTHONPATH: "/app:/packages" },
});
python.mountNodeFS("/packages", packages);
python.mountNodeFS("/app", app);
python.registerJsModule("flet_js", {});
const missing = python.runPython(`
import importlib, sys, traceback
from pathlib import Path

importlib.invalidate_caches()
missing = []
for file in sorted(Path("/app").rglob("*.pyc")):
    name = ".".join(file.relative_to("/app").with_suffix("").parts).removesuffix(".__init__")
    if name == "main":
        continue
    try:
        importlib.import_module(name)
    except Exception as error:
        at = traceback.extract_tb(error.__traceback__)[-1]
        missing.append(f"{name}: {type(error).__name__}: {error} ({at.filename}:{at.lineno})")
for name in ["flet.messaging.pyodide_connection", "sqlite3", "importlib.resources.readers", "_strptime"]:
    importlib.import_module(name)
"\\n".join(missing)
`);
if (missing) console.error(missing);
process.exit(missing ? 1 : 0);
