// Versions until November 2026 kept the file in the browser's own folder (OPFS). It is taken over once.

/** The bytes of the file that an earlier version kept there, or null. */
export async function readFromFolder(name) {
  try {
    const handle = await (await navigator.storage.getDirectory()).getFileHandle(name);
    const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
    return bytes.length ? bytes : null;
  } catch {
    return null; // no such file, or no such folder
  }
}

/** Forget it, and the half copy that a browser killed while writing left beside it. */
export async function removeFromFolder(name) {
  const folder = await navigator.storage.getDirectory();
  for (const one of [name, `${name}.crswap`]) await folder.removeEntry(one).catch(() => {});
}
