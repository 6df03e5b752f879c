// Folds as survey/vietnamese.py does: lower case, no tones, shapes or strokes. The tables are made of Python's own
// (web/folding.py), and a test holds the two equal for every character.
import { CASES, COMBINING, HIDDEN, LETTERS, SPACES, STROKES } from "./fold-tables.js";

const hidden = new RegExp(`[${HIDDEN}]`, "gu");
const spaces = new RegExp(`[${SPACES}]+`, "gu");
const combining = new RegExp(`[${COMBINING}]`, "gu");

export function fold(text) {
  return each(lower(text).normalize("NFD").replace(combining, ""), STROKES);
}

/** As `clean(text).casefold()`: with its marks, single spaces, nothing invisible. */
export function lower(text) {
  const cleaned = each(text.replace(hidden, ""), LETTERS).normalize("NFC").replace(spaces, " ").trim();
  return [...cleaned].map((letter) => CASES[letter] ?? letter.toLowerCase()).join("");
}

function each(text, table) {
  return [...text].map((letter) => table[letter] ?? letter).join("");
}
