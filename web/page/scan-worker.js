// Reads QR codes out of pictures, in a thread of its own: a cheap phone takes a tenth of a second for each.
// `?at=` is the folder of zxing-wasm's reader.

const folder = new URLSearchParams(self.location.search).get("at");
importScripts(`${folder}reader.js`);

const ready = fetch(`${folder}zxing_reader.wasm`)
  .then((reply) => reply.arrayBuffer())
  .then((wasmBinary) => ZXingWASM.prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true }));
ready.catch((error) => {
  console.error(error);
  self.postMessage({ failed: true });
});

self.onmessage = async ({ data: { picture, photo } }) => {
  await ready;
  try {
    const found = await ZXingWASM.readBarcodes(picture, { formats: ["QRCode"], tryInvert: false, maxNumberOfSymbols: 1 });
    self.postMessage({ text: found.find((one) => one.isValid)?.text ?? null, photo });
  } catch (error) {
    console.error(error);
    self.postMessage({ text: null, photo });
  }
};
