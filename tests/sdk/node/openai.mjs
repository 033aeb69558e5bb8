// OpenAI's client, set by OPENAI_BASE_URL and OPENAI_API_KEY, and what the scripts
// print: all that it tells, as one line of JSON.
import { createRequire } from "node:module";

// It is installed in build/node, where Node would not look.
const require = createRequire(new URL("../../../build/node/", import.meta.url));
export const OpenAI = require("openai");

export const MODEL = "gpt-4.1";
export const PROMPT = process.env.PROMPT;

export function print(value) {
  console.log(JSON.stringify(value));
}

export async function collect(stream) {
  const events = [];
  for await (const event of stream) events.push(event);
  return events;
}

export function told(error) {
  const { status, code, param, type, requestID, message, error: body } = error;
  const shouldRetry = error.headers?.get("x-should-retry") ?? null;
  const name = error.constructor.name;
  return { name, status, code, param, type, requestID, message, body, shouldRetry };
}
