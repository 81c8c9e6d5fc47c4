// The peer in Node: node:http, answers from memory. `node server.mjs PORT ROOT`
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const [, , port, root] = process.argv;
const files = new Map(readdirSync(root).map((name) => [`/${name}`, readFileSync(join(root, name))]));

const server = createServer({ keepAliveTimeout: 300_000, requestTimeout: 0 }, (request, response) => {
  const bytes = files.get(request.url);
  if (bytes === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": bytes.length }).end(bytes);
});
server.listen(Number(port), "127.0.0.1", 4096);
