// Finds households of the early list by name, initials and address, in the order of survey/searching.py (a test holds the two
// equal). Phone numbers and cards are not in the list: those are found once the app is there.
import { fold, lower } from "./fold.js";

const [GIVEN_NAME, NAME, INITIALS, ADDRESS] = [1, 2, 3, 6].map((found) => 40 ** found * 10_000);
const OUT_OF_ORDER = 13 * NAME;
const REFINED = 100;
const MOST_WORDS = 12;
const TONES = /[\u0300\u0301\u0303\u0309\u0323]/u;
const APOSTROPHES = /['’ʼ‘ʻ′´`]/gu;
const SIGN = /[^\p{L}\p{N}\p{M}]/u;
const SIGNS_AROUND = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu;

/** The rows that fit what was typed, the best first; null if nothing was. Others keep the order of the list. */
export function search(rows, typed) {
  const words = typedWords(typed);
  const inside = words.length ? words.map(({ folded }) => folded) : fold(typed).split(" ").filter(Boolean);
  if (!inside.length) return null;
  const ranked = [];
  for (const row of rows) {
    const rank = rankOf((row.read ??= read(row)), words);
    if (words.length && rank < Infinity) ranked.push([rank, row]);
  }
  if (ranked.length) return ranked.sort(([one], [other]) => one - other).map(([, row]) => row);
  return rows.filter(({ read }) => inside.every((word) => read.text.includes(word)));
}

function rankOf(row, words) {
  const isOutOfOrder = words.length > 1 && !isInOrder(row.names, words);
  return words.reduce((sum, word) => sum + costOf(row, word), isOutOfOrder ? OUT_OF_ORDER : 0);
}

/** What it costs to find a word here: first where, then how well, then with which marks. */
function costOf(row, word) {
  let least = Infinity;
  const found = (cost) => (least = Math.min(least, cost));
  for (const { forms, isGiven } of row.names) {
    for (const form of forms) {
      if (!form.folded.startsWith(word.folded)) continue;
      const whole = marksBetween(form, word, (one, other) => one === other);
      if (whole !== null) found(isGiven ? GIVEN_NAME + whole : NAME + REFINED + whole);
      found((isGiven ? NAME : NAME + 2 * REFINED) + marksBetween(form, word, (one, other) => one.startsWith(other)));
    }
  }
  const letters = word.folded.replace(new RegExp(SIGN, "gu"), "");
  if (letters.length > 1 && row.initials.startsWith(letters)) found(INITIALS + (row.initials === letters ? 0 : REFINED));
  if (row.address.some((form) => form.startsWith(word.folded))) found(ADDRESS);
  return least;
}

/** 0 with the marks that were typed, 1 with these letters and another tone, 2 with other marks, null if it does not fit. */
function marksBetween(form, word, fits) {
  if (word.hasMarks && fits(form.shaped, word.shaped)) return form.tone === word.tone ? 0 : 1;
  if (!fits(form.folded, word.folded)) return null;
  return word.hasMarks ? 2 : 0;
}

function isInOrder(names, words) {
  let place = 0;
  return words.every(({ folded }) => {
    while (place < names.length) if (names[place++].forms.some((form) => form.folded.startsWith(folded))) return true;
    return false;
  });
}

function typedWords(typed) {
  const words = lower(typed).split(" ").map((word) => word.replace(APOSTROPHES, "").replace(SIGNS_AROUND, ""));
  return words.filter((word) => /[\p{L}\p{N}]/u.test(word)).slice(0, MOST_WORDS).map(written);
}

function read({ name, address }) {
  const words = lower(name).split(" ");
  const given = givenPlace(words);
  const names = words.map((word, place) => ({ forms: beginnings(word).map(written), isGiven: place === given }));
  return {
    names,
    initials: words.map((word) => fold(word.replace(new RegExp(SIGN, "gu"), "")).slice(0, 1)).join(""),
    address: fold(address).split(" ").flatMap(beginnings),
    text: `${fold(name)} ${fold(address)}`,
  };
}

/** A word without marks, with the marks of its letters alone, and its tone. */
function written(word) {
  const parts = [...word.normalize("NFD")];
  const folded = fold(word);
  const shaped = parts.filter((part) => !TONES.test(part)).join("").normalize("NFC");
  return { folded, shaped, tone: parts.find((part) => TONES.test(part)) ?? "", hasMarks: folded !== word };
}

/** The last word, not counting what is in brackets and numbers behind the name. */
function givenPlace(words) {
  const bracket = words.findIndex((word) => word.startsWith("("));
  const named = (bracket < 0 ? words : words.slice(0, bracket)).map((word) => /\p{L}/u.test(word));
  return named.includes(true) ? named.lastIndexOf(true) : words.length - 1;
}

/** What can be typed as the beginning of a word: the word, and what follows each sign in it. */
function beginnings(word) {
  const letters = [...word];
  const places = letters.map((letter, place) => place).filter((place) => {
    return /[\p{L}\p{N}]/u.test(letters[place]) && (place === 0 || SIGN.test(letters[place - 1]));
  });
  return places.map((place) => letters.slice(place).join("").replace(APOSTROPHES, ""));
}
