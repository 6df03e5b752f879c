// Replaces every .py below a folder by a .pyc, compiled by the very Python that will run it in the browser.
// node compile.mjs <folder of pyodide> <folder> <0|1|2>
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodideFolder, folder, optimize] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(resolve(pyodideFolder, "pyodide.mjs")).href);
// A fixed hash seed: the order inside a compiled set must not change from build to build. Without columns a line's number is
// still told where something fails, in a fifth less to download.
const env = { PYTHONHASHSEED: "0", PYTHONNODEBUGRANGES: "1" };
const python = await loadPyodide({ indexURL: resolve(pyodideFolder) + "/", env });
python.mountNodeFS("/work", resolve(folder));
python.runPython(`
import py_compile
from pathlib import Path

for source in sorted(Path("/work").rglob("*.py")):
    py_compile.compile(
        str(source),
        str(source.with_suffix(".pyc")),
        dfile=str(source.relative_to("/work")),
        doraise=True,
        optimize=${Number(optimize)},
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    source.unlink()
`);
process.exit(0); // Pyodide leaves timers behind
