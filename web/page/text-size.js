// How large the words are. Flutter takes the size of the page's root font as its scale, and follows it at once.
const CHOSEN = "tungnha-text-size";
const ORDINARY = 16; // pixels: the size to which Flutter compares

/** Per cent that the person chose on this device; 100 until then. */
export function chosenTextSize() {
  return Number(localStorage.getItem(CHOSEN)) || 100;
}

/** Keep the choice and let all words follow. In per cent, so that what the browser or the system enlarges counts too. */
export function chooseTextSize(percent) {
  localStorage.setItem(CHOSEN, percent);
  showTextSize();
}

export function showTextSize() {
  document.documentElement.style.fontSize = `${chosenTextSize()}%`;
}

/** What Python must know: the choice, and how large words are by all that enlarges them; 1 is ordinary. */
export function textSize() {
  const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return { text_size: chosenTextSize(), text_scale: (root || ORDINARY) / ORDINARY };
}
