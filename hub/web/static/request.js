// Signatures: what a finger or a pen draws becomes a picture in a hidden field. Without a script nothing is drawn, and a field
// that may stay empty does.
"use strict";

function paper(canvas) {
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.strokeStyle = "#10222b";
  pen.lineWidth = 4;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  return pen;
}

function pad(canvas) {
  canvas.dataset.ready = "";
  const field = document.getElementById(canvas.dataset.sign);
  const pen = paper(canvas);
  let drawing = false;
  const redraw = () => {
    if (!field.value) return;
    const before = new Image();
    before.onload = () => pen.drawImage(before, 0, 0);
    before.src = field.value;
  };
  redraw();
  field.addEventListener("restored", redraw);
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      if (drawing) {
        field.value = canvas.toDataURL("image/png");
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
      drawing = false;
    });
  }
  const anew = document.querySelector(`[data-unsign="${canvas.dataset.sign}"]`);
  anew.addEventListener("click", () => {
    paper(canvas);
    field.value = "";
  });
}

const pads = () => document.querySelectorAll("canvas[data-sign]:not([data-ready])").forEach(pad);
pads();
// A part of the page that came anew brings a new paper.
document.body.addEventListener("htmx:afterSwap", pads);
