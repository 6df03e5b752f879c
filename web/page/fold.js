// Folds as survey/vietnamese.py does: lower case, no tones, shapes or strokes. The tables are made of Python's own
// (web/folding.py), and a test holds the two equal for every character.
import { CASES, COMBINING, HIDDEN, LETTERS, SPACES, STROKES } from "./fold-tables.js";

const hidden = new RegExp(`[${HIDDEN}]`, "gu");
const spaces = new RegExp(`[${SPACES}]+`, "gu");
const combining = new RegExp(`[${COMBINING}]`, "gu");

export function fold(text) {
  const cleaned = each(text.replace(hidden, ""), LETTERS).normalize("NFC").replace(spaces, " ").trim();
  const lower = [...cleaned].map((letter) => CASES[letter] ?? letter.toLowerCase()).join("");
  return each(lower.normalize("NFD").replace(combining, ""), STROKES);
}

function each(text, table) {
  return [...text].map((letter) => table[letter] ?? letter).join("");
}
