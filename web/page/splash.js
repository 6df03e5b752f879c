// What is on the screen before Flutter has drawn the first real page. Plain HTML, see index.html.

const splash = document.getElementById("splash");
const bar = document.getElementById("bar");
const text = document.getElementById("phase");
const notice = document.getElementById("notice");
const again = document.getElementById("again");
let reached = 0;

const megabytes = (bytes) => (bytes / 1_000_000).toLocaleString("vi-VN", { maximumFractionDigits: 1 });

export function showDownload(done, total) {
  text.textContent = `Đang tải ứng dụng… ${megabytes(done)} / ${megabytes(total)} MB`;
  setBar(done / total);
}

/** The phases after the download; the bar never runs backwards. */
export function showOpening(share, readingData = false) {
  if (share < 0.1) reached = 0;
  text.textContent = readingData ? "Đang đọc dữ liệu trên máy…" : "Đang mở…";
  setBar(Math.max(reached, share ?? 0));
}

function setBar(share) {
  reached = share;
  bar.value = share;
}

export function hide() {
  splash.classList.add("gone");
  setTimeout(() => splash.classList.contains("gone") && splash.remove(), 300);
}

/** Another tab has the app. It goes on here by itself once that one is closed; `openHere` asks that one to stop. */
export function showBusy(linkWasHandedOver, openHere) {
  say("Từng Nhà đang mở ở một thẻ khác",
    (linkWasHandedOver ? "Trang vừa mở đã được chuyển sang thẻ ấy. " : "") +
    "Anh/chị quay lại thẻ ấy, hoặc bấm “Mở ở đây”: thẻ ấy lưu xong rồi tự dừng, không mất gì.",
    { button: "Mở ở đây", act: () => (wait(), openHere()) });
}

function comeBack() {
  splash.classList.remove("gone");
  document.body.append(splash);
}

function wait() {
  notice.querySelector("p").textContent = "Đang chờ thẻ kia lưu xong…";
  again.disabled = true;
}

/** Over the running app: it broke down. */
export function showStopped(detail) {
  comeBack();
  say("Ứng dụng dừng đột ngột", "Mọi thứ đã ghi vẫn còn trên máy này. Anh/chị bấm “Mở lại”.", { detail, button: "Mở lại" });
}

/** Over the running app: another tab took over. */
export function showGivenUp(openHere) {
  comeBack();
  say("Từng Nhà đã mở ở một thẻ khác", "Mọi thứ đã lưu. Anh/chị làm tiếp ở thẻ ấy, hoặc bấm “Mở ở đây”.",
    { button: "Mở ở đây", act: () => (wait(), openHere()) });
}

/** The app's file is here, but the browser does not give it out. Nothing is started, so that nothing is written over it. */
export function showUnreadable(detail) {
  say("Chưa đọc được dữ liệu trên máy này",
    "Phiếu đã ghi vẫn nằm trong máy. Anh/chị đóng hẳn trình duyệt, mở lại rồi bấm “Thử lại”; vẫn không được thì khởi động lại máy. Đừng xóa dữ liệu trình duyệt.", { detail });
}

export function showFailed(detail) {
  if (/memory|RangeError/i.test(detail)) {
    return say("Máy không đủ bộ nhớ để mở ứng dụng",
      "Anh/chị đóng các ứng dụng và thẻ khác, rồi mở lại. Vẫn không được thì dùng máy khác: phiếu trên máy này vẫn còn nguyên.", { detail });
  }
  say("Chưa mở được ứng dụng",
    "Dữ liệu đã lưu trên máy này vẫn còn nguyên. Hãy bấm Thử lại; nếu vẫn không được, hãy báo cho người phụ trách.", { detail });
}

export function showDownloadFailed(diskFull) {
  if (diskFull) {
    say("Máy không còn đủ chỗ trống",
      "Ứng dụng cần khoảng 100 MB. Hãy xoá bớt ảnh, video hoặc ứng dụng không dùng rồi bấm Thử lại.");
  } else {
    say("Chưa tải xong ứng dụng",
      "Kết nối mạng bị gián đoạn. Phần đã tải được giữ lại; hãy bấm Thử lại khi có mạng. Dữ liệu đã lưu trên máy vẫn còn nguyên.");
  }
}

/** Shown over a start that takes unusually long, which goes on behind it. */
export function showSlow() {
  if (!splash.isConnected || !notice.hidden) return;
  say("Đang mở lâu hơn bình thường",
    "Máy vẫn đang làm việc, dữ liệu trên máy vẫn còn nguyên. Bạn có thể chờ thêm hoặc bấm Thử lại.");
}

/** What a card is, for who has no app; resolves when they say that they are in the team. */
export function showCard() {
  const card = document.getElementById("card");
  splash.classList.add("stopped");
  card.hidden = false;
  return new Promise((goOn) => {
    document.getElementById("in-team").addEventListener("click", () => {
      card.hidden = true;
      splash.classList.remove("stopped");
      goOn();
    });
  });
}

function say(title, body, { detail = "", button = "Thử lại", act = () => location.reload() } = {}) {
  if (!splash.isConnected) return; // the app is already on the screen
  splash.classList.add("stopped");
  notice.hidden = false;
  notice.querySelector("h2").textContent = title;
  notice.querySelector("p").textContent = body;
  notice.querySelector("details").hidden = !detail;
  notice.querySelector("code").textContent = detail;
  again.textContent = button;
  again.disabled = false;
  again.onclick = act;
}
