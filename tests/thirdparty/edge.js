// An edge node of somebody else's making: node edge.js mqtt://HOST:PORT GROUP NODE. Prints a line for each step.
const { newClient } = require("sparkplug-client");

const [serverUrl, groupId, edgeNode] = process.argv.slice(2);
const client = newClient({
  serverUrl, groupId, edgeNode,
  username: "", password: "", clientId: `${groupId}-${edgeNode}`, version: "spBv1.0", publishDeath: true,
});
const say = (event, more = {}) => console.log(JSON.stringify({ event, ...more }));

const receiver = (cnr, lock) => ({
  timestamp: Date.now(),
  metrics: [
    { name: "signal/cnr_db", value: cnr, type: "Float" },
    { name: "signal/lock", value: lock, type: "Boolean" },
  ],
});

client.on("birth", () => {
  client.publishNodeBirth({ timestamp: Date.now(), metrics: [
    { name: "Node Control/Rebirth", value: false, type: "Boolean" },
    { name: "host/cpu_pct", value: 11.5, type: "Float" },
  ] });
  client.publishDeviceBirth("p9-receiver", { ...receiver(12.5, true), metrics: [
    { name: "Properties/kind", value: "receiver", type: "String" },
    ...receiver(12.5, true).metrics,
  ] });
  say("born");
});
client.on("ncmd", (payload) => say("ncmd", { names: payload.metrics.map((metric) => metric.name) }));
client.on("error", (error) => say("error", { message: String(error) }));

process.stdin.on("data", (line) => {
  const word = String(line).trim();
  if (word === "data") client.publishDeviceData("p9-receiver", receiver(9.25, true));
  if (word === "stop") { client.stop(); setTimeout(() => process.exit(0), 300); }
  say("did", { word });
});
