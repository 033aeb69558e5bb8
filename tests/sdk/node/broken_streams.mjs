// Streams that end badly: one is cut, one tells of an error, one takes too long.
import { OpenAI, PROMPT, print, told } from "./openai.mjs";

const client = new OpenAI({ maxRetries: 0 });
const messages = [{ role: "user", content: PROMPT }];

async function read(model) {
  let chunks = 0;
  try {
    const asked = { model, messages, stream: true };
    const stream = await client.chat.completions.create(asked, { timeout: 500 });
    for await (const _ of stream) chunks += 1;
    return { chunks, ended: "well" };
  } catch (error) {
    return { chunks, ended: told(error) };
  }
}

print({
  cut: await read("cut"),
  fail: await read("fail"),
  slow: await read("slow-5000"),
});
