// A listener of somebody else's making: node listen.js mqtt://HOST:PORT GROUP. Prints each Sparkplug message, decoded, as a line.
const mqtt = require("mqtt");
const { get } = require("sparkplug-payload");

const [serverUrl, group] = process.argv.slice(2);
const sparkplug = get("spBv1.0");
const plain = (key, value) => (value && typeof value === "object" && "low" in value ? Number(value) : value);

const client = mqtt.connect(serverUrl);
client.on("connect", () => client.subscribe(`spBv1.0/${group}/#`, () => console.log(JSON.stringify({ event: "ready" }))));
client.on("message", (topic, payload) => {
  try {
    console.log(JSON.stringify({ topic, ...sparkplug.decodePayload(payload) }, plain));
  } catch (error) {
    console.log(JSON.stringify({ topic, error: String(error) }));
  }
});
