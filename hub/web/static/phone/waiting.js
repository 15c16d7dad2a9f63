// The outbox: what waits to be sent, since when and why, with the ways on; and what was sent lately.
"use strict";
(() => {
  const list = document.getElementById("outbox");
  const pattern = document.getElementById("outbox-row");
  const person = document.body.dataset.person;
  const photos = (item) => item.fields.filter(([name, value]) => value instanceof Blob && name !== "photo.small").length;

  function row(item) {
    const made = pattern.content.cloneNode(true).firstElementChild;
    const at = (name) => made.querySelector(`[data-${name}]`);
    made.dataset.state = item.state;
    at("title").textContent = item.title;
    at("title").href = item.leads ?? item.page;
    at("since").textContent = Outbox.moment(item.at);
    at("typed").textContent = item.typed;
    at("photos").hidden = !photos(item);
    at("photos").querySelector("b").textContent = photos(item);
    for (const each of made.querySelectorAll("[data-when]")) {
      if (!each.dataset.when.split(" ").includes(item.state)) each.remove();
    }
    at("retry")?.addEventListener("click", async (event) => {
      event.target.disabled = true;
      await Outbox.deliver(item.id);
      show();
    });
    at("back")?.addEventListener("click", async () => {
      await Outbox.takeBack(item, item.who);
      location.assign(item.page);
    });
    at("drop")?.addEventListener("click", async () => {
      if (item.state === "sent" || confirm(list.dataset.drop)) await Outbox.remove(item.id);
    });
    return made;
  }

  async function show() {
    const items = Outbox.usable ? await Outbox.mine(person) : [];
    list.replaceChildren(...items.reverse().map(row));
    list.hidden = !items.length;
    document.getElementById("outbox-empty").hidden = items.length > 0;
    list.dataset.shown = items.length;
  }
  addEventListener("outbox", show);
  show();
})();
