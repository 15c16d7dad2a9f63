// A photo is made small before it is sent, which also leaves out where it was taken. Without a script it goes as it is.
"use strict";

const MOST_PIXELS = 1600;
const picture = document.getElementById("picture");

async function smaller(file) {
  const drawn = await createImageBitmap(file);
  const scale = Math.min(1, MOST_PIXELS / Math.max(drawn.width, drawn.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(drawn.width * scale);
  canvas.height = Math.round(drawn.height * scale);
  canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
  return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
}

async function take() {
  const file = picture.files[0];
  if (!file) return;
  document.getElementById("chosen").textContent = file.name;
  try {
    const small = await smaller(file);
    // Meanwhile another may have been chosen.
    if (picture.files[0] !== file) return;
    const held = new DataTransfer();
    held.items.add(small);
    picture.files = held.files;
  } catch {
    // A picture that this browser cannot draw goes as it is.
  }
}

picture.addEventListener("change", take);
picture.addEventListener("restored", take);
// Chosen before this script came.
take();
