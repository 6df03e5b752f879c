// Scanning a card inside the app: the camera over everything, a picture from the gallery beside it, and what was read.
// Plain HTML above Flutter; a card that was read is opened by its link (#/c/… or #/enroll/…), as a scanned one is.

const EVERY = 200; // milliseconds between pictures
const LONGEST_SIDES = [1600, 4000]; // a photo is looked at twice: 48 megapixels at once are a black canvas on some phones
const CHOSEN = "tungnha.camera"; // the camera that a person turned to: the first one of some phones is a blurred wide lens
const OURS = /\/app\/#(\/(?:c|enroll)\/[^?\s]+)$/;

let open = null;

/** Show the camera until a card was read or the person closes it. */
export function openScanner(config) {
  if (open || !config.scan) return;
  const worker = new Worker(`${config.code}scan-worker.js?at=${encodeURIComponent(config.scan)}`);
  const box = document.createElement("div");
  box.id = "scanner";
  box.innerHTML = `
    <video playsinline muted></video>
    <p role="status">Đưa mã trên thẻ vào giữa khung hình.</p>
    <div class="ways">
      <button type="button" class="turn" hidden>Đổi máy ảnh</button>
      <label class="pick">Chọn ảnh có sẵn<input type="file" accept="image/*" hidden></label>
      <button type="button" class="close">Đóng</button>
    </div>`;
  document.body.append(box);
  open = new Scanner(box, worker);
}

class Scanner {
  constructor(box, worker) {
    this.box = box;
    this.worker = worker;
    this.video = box.querySelector("video");
    this.words = box.querySelector("p");
    this.canvas = document.createElement("canvas");
    this.busy = false;
    this.failed = false;
    this.last = "";
    worker.onmessage = ({ data }) => (data.failed ? this.fail() : this.read(data.text, data.photo));
    worker.onerror = () => this.fail();
    box.querySelector(".close").addEventListener("click", () => this.close());
    box.querySelector(".turn").addEventListener("click", () => this.turn());
    box.querySelector("input").addEventListener("change", ({ target }) => this.pick(target.files[0]));
    this.onkey = (event) => event.key === "Escape" && this.close();
    addEventListener("keydown", this.onkey);
    const chosen = localStorage.getItem(CHOSEN);
    this.start(chosen ? { deviceId: { ideal: chosen } } : { facingMode: "environment" });
    this.timer = setInterval(() => this.look(), EVERY);
  }

  async start(which) {
    this.stop();
    try {
      const video = { width: { ideal: 1280 }, height: { ideal: 720 }, ...which };
      this.stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
      this.video.srcObject = this.stream;
      await this.video.play();
      const cameras = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
      this.cameras = cameras.map(({ deviceId }) => deviceId);
      if (this.failed) return this.stop();
      this.box.querySelector(".turn").hidden = cameras.length < 2;
    } catch (error) {
      console.error(error);
      if (this.failed) return;
      this.say("Chưa mở được máy ảnh: anh/chị cho phép ứng dụng dùng máy ảnh, hoặc chọn ảnh đã chụp, hoặc gõ mã.");
    }
  }

  turn() {
    const now = this.stream?.getVideoTracks()[0]?.getSettings().deviceId;
    const next = this.cameras[(this.cameras.indexOf(now) + 1) % this.cameras.length];
    localStorage.setItem(CHOSEN, next);
    this.start({ deviceId: { exact: next } });
  }

  look() {
    if (this.busy || !this.video.videoWidth) return;
    this.send(this.video, this.video.videoWidth, this.video.videoHeight, LONGEST_SIDES[0]);
  }

  async pick(file) {
    if (!file) return;
    this.say("Đang đọc ảnh…");
    this.picture = await createImageBitmap(file).catch(() => null);
    if (!this.picture) return this.say("Không đọc được ảnh này. Anh/chị chụp lại thẻ cho rõ.");
    this.lookAtPhoto(0);
  }

  lookAtPhoto(time) {
    this.send(this.picture, this.picture.width, this.picture.height, LONGEST_SIDES[time], time + 1);
  }

  send(source, width, height, longest, photo = 0) {
    const scale = Math.min(1, longest / Math.max(width, height));
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    const draw = this.canvas.getContext("2d", { willReadFrequently: true });
    draw.drawImage(source, 0, 0, this.canvas.width, this.canvas.height);
    this.busy = true;
    this.worker.postMessage({ picture: draw.getImageData(0, 0, this.canvas.width, this.canvas.height), photo });
  }

  /** `photo` is how often the chosen photo was looked at, 0 for a picture of the camera. */
  read(text, photo) {
    this.busy = false;
    if (text === null && photo && photo < LONGEST_SIDES.length) return this.lookAtPhoto(photo);
    if (text === null) return photo && this.say("Trong ảnh không thấy mã nào. Anh/chị chụp lại gần hơn, hoặc gõ mã.");
    const card = OURS.exec(text) ?? /^([0-9A-Z-]{16,19})$/.exec(text)?.map((code) => `/c/${code}`);
    if (card) {
      this.close();
      location.hash = `#${card[1]}`;
    } else if (text !== this.last) {
      this.last = text;
      this.say(`Đây không phải thẻ của Từng Nhà (${nameOf(text)}). Anh/chị quét mã trên thẻ hộ.`);
    }
  }

  /** The reader itself could not be loaded: no picture will ever be read here. */
  fail() {
    this.failed = true;
    clearInterval(this.timer);
    this.stop();
    this.box.querySelector(".turn").hidden = true;
    this.box.querySelector(".pick").hidden = true;
    this.say("Chưa đọc được mã trên máy này. Anh/chị bấm “Đóng” rồi gõ mã in trên thẻ.");
  }

  say(sentence) {
    this.words.textContent = sentence;
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
  }

  close() {
    clearInterval(this.timer);
    removeEventListener("keydown", this.onkey);
    this.stop();
    this.worker.terminate();
    this.box.remove();
    open = null;
  }
}

/** What a foreign code is, in a word: the host of a link, else that it is a text. It is never opened. */
function nameOf(text) {
  try {
    return new URL(text).hostname || "mã khác";
  } catch {
    return "mã khác";
  }
}
