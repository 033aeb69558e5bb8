// What `jco serve` is not yet for WASI 0.3: node serve_gateway.mjs CODE PORT, where
// CODE is what `jco transpile` wrote.
import { pathToFileURL } from "node:url";
import { HttpServer } from "@bytecodealliance/preview3-shim/http";

const [code, port] = process.argv.slice(2);
const { handler } = await import(pathToFileURL(code));

// The server takes a result; what jco exports returns its value, or throws.
const server = new HttpServer({
  handle: async (request) => ({ tag: "ok", val: await handler.handle(request) }),
});
server.on("error", (error) => console.error(error));
await server.listen(Number(port), "127.0.0.1");
