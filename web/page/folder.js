// Files in the browser's own folder (OPFS). A file is replaced by createWritable, whose close() swaps old for new in one go.

/** Whether this browser can replace a file: Safari can from version 26 on. */
export const canWrite = () => "createWritable" in (globalThis.FileSystemFileHandle?.prototype ?? {});

/** Whether there is such a file with something in it. */
export async function holds(name) {
  try {
    const handle = await (await navigator.storage.getDirectory()).getFileHandle(name);
    return (await handle.getFile()).size > 0;
  } catch {
    return false;
  }
}

/** The bytes of a file, or null if there is none. */
export async function read(name) {
  const folder = await navigator.storage.getDirectory();
  const names = [];
  for await (const found of folder.keys()) names.push(found);
  // A browser killed while writing leaves these half copies behind; the swap never happened, so they hold nothing.
  for (const half of names.filter((one) => one.endsWith(".crswap"))) await folder.removeEntry(half).catch(() => {});
  if (!names.includes(name)) return null;
  const file = await (await folder.getFileHandle(name)).getFile();
  return new Uint8Array(await file.arrayBuffer());
}

/** Make this the whole content of the file. When it resolves, the bytes are kept. */
export async function replace(name, bytes) {
  const folder = await navigator.storage.getDirectory();
  const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
  try {
    await writable.write(bytes);
    await writable.close();
  } catch (error) {
    await writable.abort().catch(() => {});
    throw error;
  }
}

/** Give a file another name. */
export async function rename(name, other) {
  const folder = await navigator.storage.getDirectory();
  await (await folder.getFileHandle(name)).move(folder, other);
}

export async function remove(name) {
  await (await navigator.storage.getDirectory()).removeEntry(name);
}
