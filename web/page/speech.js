// Reading aloud, with a Vietnamese voice that the phone has of its own: it works offline and sends nothing to anybody.

const SETTLE = 50; // milliseconds; Chrome drops what is said right after a cancel
let voice = null;

/** Calls `found` once there is such a voice; the list comes late in most browsers. */
export function findVoice(found) {
  const speech = globalThis.speechSynthesis;
  if (!speech) return;
  const look = () => {
    voice ??= speech.getVoices().find((one) => one.localService && /^vi\b/i.test(one.lang)) ?? null;
    if (voice) found();
  };
  speech.addEventListener?.("voiceschanged", () => voice || look());
  look();
}

/** Say this instead of what is being said; an empty text only stops. */
export function speak(text) {
  globalThis.speechSynthesis?.cancel();
  if (!text || !voice) return;
  const words = Object.assign(new SpeechSynthesisUtterance(text), { voice, lang: "vi-VN", rate: 0.9 });
  setTimeout(() => speechSynthesis.speak(words), SETTLE);
}
