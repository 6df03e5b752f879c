"""What lies in the browser's own storage, for tests that damage it or look at it: see web/page/shelf.js."""

_OPENED = """(given) => new Promise((done) => indexedDB.open("tungnha").onsuccess = ({ target: { result: shelf } }) => {
    const change = shelf.transaction(["files", "pages"], "readwrite"), NAME = "tungnha.db";
    const files = change.objectStore("files"), pages = change.objectStore("pages");
    const all = IDBKeyRange.bound([NAME, 0], [NAME, Infinity]);
    let result;
    change.oncomplete = async () => { shelf.close(); done(typeof result === "function" ? await result() : result); };
    """

NAMES = _OPENED + """files.getAllKeys().onsuccess = (asked) => (result = asked.target.result); })"""
"""The names of the files there."""

SPOIL_BEGINNING = (
    _OPENED
    + """pages.get([NAME, 0]).onsuccess = (asked) => {
        new Uint8Array(asked.target.result).fill(0x20, 0, 16); pages.put(asked.target.result, [NAME, 0]); }; })"""
)
"""The file is no database any more."""

SPOIL_LAST_THIRD = (
    _OPENED
    + """pages.getAll(all).onsuccess = (asked) => asked.target.result.forEach((page, number, { length }) => {
        if (number < length * 2 / 3) return;
        new Uint8Array(page).fill(0xa5); pages.put(page, [NAME, number]); }); })"""
)
"""The village's rows; a failing memory card would not choose so kindly."""

LOSE_A_PAGE = _OPENED + """pages.delete([NAME, 1]); })"""
"""The second page of the file is gone."""

AS_IN_VERSION_1 = """() => new Promise((done) => indexedDB.open("tungnha").onsuccess = ({ target }) => {
    const shelf = target.result;
    shelf.transaction("pages").objectStore("pages").getAll().onsuccess = async (asked) => {
        const whole = await new Blob(asked.target.result).arrayBuffer();
        shelf.close();
        indexedDB.deleteDatabase("tungnha").onsuccess = () => {
            const opening = indexedDB.open("tungnha", 1);
            opening.onupgradeneeded = () => opening.result.createObjectStore("files").put(whole, "tungnha.db");
            opening.onsuccess = () => (opening.result.close(), done()); }; }; })"""
"""The file as one value, as versions of November 2026 kept it."""

AS_IN_FOLDER = (
    _OPENED
    + """pages.getAll(all).onsuccess = (asked) => {
        files.clear(); pages.clear();
        result = async () => {
            const folder = await navigator.storage.getDirectory();
            for (const name of [NAME, NAME + ".crswap"]) {
                const file = await (await folder.getFileHandle(name, { create: true })).createWritable();
                await file.write(new Blob(asked.target.result)); await file.close();
            } }; }; })"""
)
"""The file in the browser's folder, as versions before November 2026 kept it, with a half written copy beside it."""

IN_FOLDER = """async () => { const names = [];
    for await (const { kind, name } of (await navigator.storage.getDirectory()).values())
        if (kind === "file") names.push(name);
    return names; }"""
