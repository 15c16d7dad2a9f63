// Photos in a form: several, each made small before it is sent, and beside it one as small as a list shows it. Drawing a picture anew
// also leaves out where it was taken. Without a script, or where nothing can be kept, the browser sends what the camera made.
"use strict";
self.Photos = (() => {
  const LARGE = 1600, SMALL = 240, MOST = 8;
  const held = new WeakMap(); // of each place for photos: what was chosen
  const busy = new Map();
  const places = (form) => [...form.querySelectorAll("[data-photos]")];

  async function drawn(file, most, quality) {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, most / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
  }

  const shown = (blob) => new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(blob);
  });

  async function show(place) {
    const list = place.querySelector("[data-thumbs]");
    const rows = await Promise.all(held.get(place).map(async (photo) => {
      const row = document.createElement("li");
      const image = document.createElement("img");
      image.src = await shown(photo.small);
      image.alt = photo.name;
      const away = document.createElement("button");
      Object.assign(away, { type: "button", textContent: "×", className: "button" });
      away.setAttribute("aria-label", `${place.dataset.remove} ${photo.name}`);
      away.addEventListener("click", () => {
        held.set(place, held.get(place).filter((each) => each !== photo));
        show(place);
        place.dispatchEvent(new Event("input", { bubbles: true }));
      });
      row.append(image, away);
      return row;
    }));
    list.replaceChildren(...rows);
  }

  async function add(place, files) {
    const chosen = held.get(place) ?? [];
    for (const file of files) {
      if (chosen.length >= MOST) break;
      try {
        const name = `${file.name.replace(/\.\w+$/, "")}.jpg`;
        chosen.push({ name, blob: await drawn(file, LARGE, 0.8), small: await drawn(file, SMALL, 0.7) });
      } catch {
        // What this browser cannot draw goes as it is, if the hub takes it.
        chosen.push({ name: file.name, blob: file, small: new Blob([], { type: "image/jpeg" }) });
      }
    }
    held.set(place, chosen);
    await show(place);
    place.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("change", (event) => {
    const place = event.target.closest?.("[data-photos]");
    if (!place || event.target.type !== "file" || !Outbox.usable) return;
    const files = [...event.target.files];
    // They are sent from here, made small.
    event.target.value = "";
    const before = busy.get(place) ?? Promise.resolve();
    busy.set(place, before.then(() => add(place, files)));
  });

  // As fields of the form, once all are drawn.
  async function of(form) {
    const fields = [];
    for (const place of places(form)) {
      await busy.get(place);
      for (const photo of held.get(place) ?? []) {
        fields.push(["photo", photo.blob, photo.name], ["photo.small", photo.small, photo.name]);
      }
    }
    return fields;
  }

  // Those that were chosen before.
  async function fill(form, fields) {
    const [place] = places(form);
    if (!place) return;
    const large = fields.filter(([name]) => name === "photo");
    const small = fields.filter(([name]) => name === "photo.small");
    held.set(place, large.map(([, blob, name], at) => ({ name, blob, small: small[at]?.[1] ?? blob })));
    await show(place);
  }

  return { of, fill };
})();
