// Before anything else: can this browser run the app, and is it one of its own? If not, it says where to go, and no code is
// used up. A classic script in plain old JavaScript, so that browsers too old for the rest read it.
// globalThis.tungnhaPlace.ready resolves when the app may start; keeping.js uses the rest.
(function () {
  "use strict";
  // Views inside other apps: tried on ten of them and six real browsers. Zalo on Android does not say "; wv".
  var APPS = /Zalo|FBA[NV]|FB_IAB|MessengerForiOS|Instagram|musical_ly|trill|Bytedance|TikTok|\bLine\/|MicroMessenger|; wv\)|Version\/4\.0 Chrome\//;
  var NAMES = [["Zalo", "Zalo"], ["Messenger|Orca", "Messenger"], ["FBA[NV]|FB_IAB", "Facebook"], ["Instagram", "Instagram"], ["musical_ly|trill|TikTok|Bytedance", "TikTok"]];
  var CARRIED = "tungnha-code";
  var agent = navigator.userAgent;
  var isApple = /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1);
  var isAndroid = /Android/.test(agent);
  var isInstalled = navigator.standalone === true || (window.matchMedia && matchMedia("(display-mode: standalone)").matches);
  var isInside = !isInstalled && (APPS.test(agent) || (/iPhone|iPad|iPod/.test(agent) && !/Safari\//.test(agent)));
  var cameBack = /[?&]out=failed/.test(location.search);
  if (isApple && isInstalled && location.hash.length < 3 && readCookie(CARRIED)) history.replaceState(null, "", location.pathname + "#/enroll/" + readCookie(CARRIED));
  var code = (/^#\/enroll\/(.+)$/.exec(location.hash) || [])[1] || "";
  var place = (window.tungnhaPlace = {
    isInside: isInside, isAppleTab: isApple && !isInstalled && !isInside, isAppleIcon: isApple && isInstalled, code: code,
    wasHere: readCookie("tungnha-here") !== "",
    showWayOut: insideAnApp, showNothingKept: keepsNothing, showHomeScreen: homeScreenFirst, carry: carry
  });
  place.errors = []; // that nobody handled; the tests ask that there are none, and a start that fails shows them
  window.addEventListener("error", function (event) { if (event.message) note(event.message + " " + event.filename + ":" + event.lineno); });
  window.addEventListener("unhandledrejection", function (event) { note(String(event.reason)); });
  if (/[?&](zarsrc|utm_\w+|typeInapp|out)=/.test(location.search)) history.replaceState(null, "", location.pathname + location.hash); // what Zalo adds to links
  place.missing = missing();
  if (window.Promise) place.ready = place.missing ? new Promise(function () {}) : Promise.resolve();
  if (place.missing) whenRead(tooOld);
  else onlyKnownLanguages();

  function note(what) {
    if (place.errors.length < 20) place.errors.push(what.slice(0, 300));
  }

  /** The first thing that the app cannot do without and this browser does not have; empty if there is none. */
  function missing() {
    try {
      if (!("noModule" in document.createElement("script"))) return "modules";
      new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
      if (typeof BigInt64Array !== "function" || !Array.prototype.at) return "JavaScript";
      var isModule = false;
      var options = Object.defineProperty({}, "type", { get: function () { isModule = true; return "module"; } });
      try { new Worker("blob:", options).terminate(); } catch (error) { /* its address is no script */ }
      return isModule ? "" : "module workers";
    } catch (error) {
      return "WebAssembly";
    }
  }

  /** Flutter does not start with a language that is none ("C", "vi_VN.UTF-8"), as some systems name theirs. */
  function onlyKnownLanguages() {
    var known = [];
    for (var at = 0; at < (navigator.languages || []).length; at++) {
      try { known = known.concat(Intl.getCanonicalLocales(navigator.languages[at])); } catch (error) { /* left out */ }
    }
    if (navigator.languages && known.length === navigator.languages.length) return;
    if (!known.length) known = ["vi-VN"];
    Object.defineProperty(navigator, "languages", { value: known, configurable: true });
    Object.defineProperty(navigator, "language", { value: known[0] });
  }

  function readCookie(name) {
    return (new RegExp("(?:^|; )" + name + "=([0-9A-Z-]+)").exec(document.cookie) || [])[1] || "";
  }

  /** Leave a code where the icon on an iPhone's home screen finds it, which has no other data of Safari (iOS 17.2 on). */
  function carry(code, seconds) {
    if (!isApple) return;
    document.cookie = CARRIED + "=" + code + "; path=/app/; samesite=lax; max-age=" + (code ? seconds : 0) +
      (location.protocol === "https:" ? "; secure" : "");
  }

  function whenRead(then) {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", then);
    else then();
  }

  function appName() {
    for (var at = 0; at < NAMES.length; at++) if (new RegExp(NAMES[at][0]).test(agent)) return NAMES[at][1];
    return "một ứng dụng khác";
  }

  /** Resolves if the person stays all the same. */
  function insideAnApp() {
    var how = isApple
      ? "Bấm nút <b>⋯</b> ở góc trên bên phải, rồi chọn <b>Mở bằng Safari</b>."
      : "Bấm nút <b>⋯</b> hoặc <b>⋮</b> ở góc trên bên phải, rồi chọn <b>Mở bằng trình duyệt</b>.";
    return say("Mở bằng trình duyệt để làm việc",
      "Trang này đang mở bên trong " + appName() + ", nơi phiếu ghi dễ bị mất. " + stillGood(), picture() + "<p>" + how + "</p>",
      { out: true, stay: "Tôi vẫn muốn dùng ở đây" });
  }

  /** Resolves if the person only wants to look. */
  function keepsNothing() {
    var how = isApple
      ? "Nếu đang mở thẻ <b>Riêng tư</b>, mở lại đường dẫn ở thẻ thường của Safari. Nếu không: vào <b>Cài đặt → Cài đặt chung → Cập nhật phần mềm</b>."
      : "Có thể đây là cửa sổ <b>ẩn danh</b> hoặc <b>riêng tư</b>, hoặc máy hết chỗ trống. Mở đường dẫn ở cửa sổ thường của <b>Chrome</b>.";
    return say("Cửa sổ này không giữ được phiếu", "Đóng lại là mất. " + stillGood(), "<p>" + how + "</p>",
      { out: isAndroid, stay: "Mở để xem thử, không giữ phiếu" });
  }

  /** On an iPhone, before a code is used in Safari: the icon on the home screen keeps its data, Safari for seven days. */
  function homeScreenFirst() {
    carry(code, 3600);
    return say("Thêm Từng Nhà vào màn hình chính trước",
      "Ở Safari, iPhone xóa dữ liệu sau bảy ngày không mở; ở màn hình chính thì không. " + stillGood(),
      sharePicture() + "<p>Bấm nút <b>Chia sẻ</b>, chọn <b>Thêm vào MH chính</b>, rồi mở <b>Từng Nhà</b> ở màn hình chính. " +
      "Nếu được hỏi mã, gõ:<br><span class='code'></span></p>",
      { code: code, stay: "Dùng ngay trong Safari" });
  }

  function tooOld() {
    say("Trình duyệt này chưa mở được ứng dụng",
      "Trình duyệt quá cũ, hoặc bị tắt một phần. " + stillGood(),
      isApple
        ? "<p>Vào <b>Cài đặt → Cài đặt chung → Cập nhật phần mềm</b>, rồi mở lại bằng Safari.</p>"
        : "<p>Cập nhật hoặc cài <b>Chrome</b>, rồi mở đường dẫn này bằng Chrome. Firefox bản mới cũng dùng được.</p>",
      { out: isAndroid });
  }

  function stillGood() {
    return code ? "Mã đăng nhập chưa dùng, vẫn còn tốt." : "Chưa có gì bị mất.";
  }

  /** This page's address where a real browser opens it. */
  function wayOut() {
    var page = location.host + "/app/";
    if (isApple) return "x-safari-https://" + page + location.hash;
    var back = location.protocol + "//" + page + "?out=failed" + location.hash;
    return "intent://" + page + location.hash + "#Intent;scheme=" + location.protocol.slice(0, -1) +
      ";S.browser_fallback_url=" + encodeURIComponent(back) + ";end";
  }

  function say(title, why, how, ways) {
    var panel = document.getElementById("elsewhere");
    document.documentElement.className += " running elsewhere";
    panel.innerHTML = "<h2></h2><p></p>" +
      (cameBack ? "<p role='alert'><b>Chưa tự mở được trình duyệt.</b> Anh/chị làm theo hình, hoặc chép đường dẫn.</p>" : "") + how +
      (ways.out ? "<a class='go' href=''>Mở bằng trình duyệt</a>" : "") +
      (ways.code ? "" : "<button type='button'>Chép đường dẫn</button>") +
      (ways.stay ? "<a class='stay' href='#'></a>" : "");
    panel.querySelector("h2").textContent = title;
    panel.querySelector("p").textContent = why;
    var go = panel.querySelector("a.go"), stay = panel.querySelector("a.stay");
    if (go) {
      go.href = wayOut();
      go.onclick = function () { setTimeout(function () { if (!document.hidden) failed(panel); }, 1500); };
    }
    if (ways.code) panel.querySelector(".code").textContent = decodeURIComponent(ways.code);
    else panel.querySelector("button").onclick = copy;
    panel.hidden = false;
    panel.setAttribute("role", "alert");
    if (!stay) return null;
    stay.textContent = ways.stay;
    return new Promise(function (goOn) {
      stay.onclick = function (event) {
        event.preventDefault();
        panel.hidden = true;
        document.documentElement.className = document.documentElement.className.replace(" elsewhere", "");
        goOn();
      };
    });
  }

  /** The other browser did not come: the app refused without a word. */
  function failed(panel) {
    if (panel.querySelector("[role=alert]")) return;
    var line = document.createElement("p");
    line.setAttribute("role", "alert");
    line.innerHTML = "<b>Chưa tự mở được trình duyệt.</b> Anh/chị làm theo hình, hoặc chép đường dẫn.";
    panel.insertBefore(line, panel.querySelector("p").nextSibling);
  }

  function copy() {
    var button = this, link = location.protocol + "//" + location.host + "/app/" + location.hash;
    var done = function () { button.textContent = "Đã chép: dán vào thanh địa chỉ của Chrome hoặc Safari"; };
    var byHand = function () {
      var field = document.createElement("input");
      field.value = link;
      field.setAttribute("aria-label", "Đường dẫn");
      field.readOnly = true;
      button.parentNode.insertBefore(field, button);
      field.select();
      field.setSelectionRange(0, link.length);
      var copied = false;
      try { copied = document.execCommand("copy"); } catch (error) { /* the person copies what is selected */ }
      if (copied) done();
      else button.textContent = "Giữ ngón tay trên dòng trên để chép";
    };
    if (navigator.clipboard && navigator.clipboard.writeText) navigator.clipboard.writeText(link).then(done, byHand);
    else byHand();
  }

  /** Safari's button for sharing, and the line to choose. */
  function sharePicture() {
    return "<svg viewBox='0 0 200 112' role='img' aria-label='Nút Chia sẻ: hình vuông có mũi tên lên; dòng Thêm vào MH chính' fill='none' stroke='currentColor' stroke-width='3'>" +
      "<path d='M88 22H76v34h48V22h-12M100 42V6M90 15l10-10 10 10' stroke-linejoin='round' stroke-linecap='round'/>" +
      "<rect x='14' y='72' width='172' height='34' rx='8'/>" +
      "<text x='86' y='93' text-anchor='middle' font-size='12' font-weight='700' font-family='inherit' fill='currentColor' stroke='none'>Thêm vào MH chính</text>" +
      "<path d='M164 82h13v13h-13zM170.5 85v7M167 88.5h7' stroke-width='2'/></svg>";
  }

  /** The corner of the screen with the menu's button, and the line to choose. */
  function picture() {
    var line = isApple ? "Mở bằng Safari" : "Mở bằng trình duyệt";
    return "<svg viewBox='0 0 200 112' role='img' aria-label='Nút ba chấm ở góc trên bên phải; dòng " + line + "' fill='none' stroke='currentColor' stroke-width='3'>" +
      "<path d='M4 112V20a16 16 0 0 1 16-16h160a16 16 0 0 1 16 16v92'/><path d='M4 36h192' stroke-width='2'/>" +
      "<circle cx='176' cy='20' r='13'/><g fill='currentColor' stroke='none'><circle cx='170' cy='20' r='2.4'/><circle cx='176' cy='20' r='2.4'/><circle cx='182' cy='20' r='2.4'/>" +
      "<text x='103' y='75' text-anchor='middle' font-size='12' font-weight='700' font-family='inherit'>" + line + "</text></g>" +
      "<rect x='18' y='54' width='170' height='34' rx='8'/></svg>";
  }
})();
