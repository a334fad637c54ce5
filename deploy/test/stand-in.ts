/** Stands in for a gateway or worker where a test is about processes; its behaviour is set by its environment. */
import { createServer } from "node:http";

const { PORT, WORDS, READY_AFTER_MS = "0", EXIT_AFTER_MS, IGNORE_SIGTERM } = process.env;
const readyAt = Date.now() + Number(READY_AFTER_MS);

createServer((request, response) => {
  const ready = request.url === "/health/ready" && Date.now() >= readyAt;
  response.writeHead(ready ? 200 : 503).end();
}).listen(Number(PORT), "127.0.0.1");
process.on("SIGTERM", () => {
  if (IGNORE_SIGTERM === undefined) process.exit(0);
});
if (WORDS !== undefined) console.log(WORDS);
if (EXIT_AFTER_MS !== undefined) setTimeout(() => process.exit(3), Number(EXIT_AFTER_MS));
