// What a script adds to the pages; each works without it. Nothing newer than Chrome 109 and Firefox 115.
"use strict";

/** A sign-in link carries the code behind "#": no server and no log sees it. It is sent as a form, and goes from the address. */
function useCodeOfLink() {
  const form = document.getElementById("code-form");
  const found = /^#\/enroll\/([^/?#]+)/.exec(location.hash);
  if (!form || !found) return;
  history.replaceState(null, "", location.pathname);
  form.elements.code.value = decodeURIComponent(found[1]);
  form.requestSubmit();
}

/** Copies a table so that Excel takes its figures as figures: HTML with numbers beside what is shown, and text with tabs. */
function copyTable(button) {
  const table = document.getElementById(button.dataset.copy);
  const rows = [...table.rows].map((row) => [...row.cells].map(cellOf));
  const text = rows.map((row) => row.map((cell) => cell.text).join("\t")).join("\r\n");
  const html = `<table>${rows.map((row) => `<tr>${row.map((cell) => cell.html).join("")}</tr>`).join("")}</table>`;
  const put = (event) => {
    event.clipboardData.setData("text/plain", text);
    event.clipboardData.setData("text/html", html);
    event.preventDefault();
  };
  document.addEventListener("copy", put, { once: true });
  const done = document.execCommand("copy"); // navigator.clipboard is not there on plain http
  button.textContent = done ? "Đã chép: dán vào Excel" : "Chưa chép được: bôi đen bảng rồi bấm Ctrl+C";
}

function cellOf(cell) {
  const { n, percent } = cell.dataset;
  const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  if (percent !== undefined) {
    const shown = `${(percent * 100).toFixed(1).replace(".", ",")}%`;
    return { text: shown, html: `<td x:num="${percent}" style="mso-number-format:0\\.0%">${shown}</td>` };
  }
  if (n !== undefined) return { text: n, html: `<td x:num="${n}">${n}</td>` };
  const words = cell.innerText.replace(/\s+/g, " ").trim();
  return { text: words, html: `<td style="mso-number-format:'\\@'">${escape(words)}</td>` };
}

/** Copies a text as it stands in its field. */
function copyText(button) {
  const field = document.getElementById(button.dataset.copyText);
  field.select();
  button.textContent = document.execCommand("copy") ? "Đã chép: dán vào Zalo" : "Chưa chép được: bấm Ctrl+C";
}

/** What takes long says so, with the seconds since, and is not sent twice. */
function sayBusy(form) {
  const button = form.querySelector("button");
  const began = Date.now();
  const say = () => (button.textContent = `${form.dataset.busy} ${Math.round((Date.now() - began) / 1000)} giây`);
  setTimeout(() => (button.disabled = true));
  setInterval(say, 1000);
  say();
}

addEventListener("hashchange", useCodeOfLink);
addEventListener("DOMContentLoaded", () => {
  useCodeOfLink();
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copyTable(button));
  }
  for (const button of document.querySelectorAll("[data-copy-text]")) {
    button.hidden = false;
    button.addEventListener("click", () => copyText(button));
  }
  for (const input of document.querySelectorAll("input[data-most]")) {
    input.addEventListener("change", () => {
      const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.most));
      input.setCustomValidity(isTooLarge ? input.dataset.tooLarge : "");
      input.reportValidity();
    });
  }
  for (const form of document.querySelectorAll("form[data-busy]")) {
    form.addEventListener("submit", () => sayBusy(form));
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
});
