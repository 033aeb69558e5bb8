// A streamed chat completion with its usage, and with the helper.
import { MODEL, OpenAI, PROMPT, collect, print } from "./openai.mjs";

const client = new OpenAI();
const asked = { model: MODEL, messages: [{ role: "user", content: PROMPT }] };
const usage = { stream: true, stream_options: { include_usage: true } };
const helper = client.chat.completions.stream(asked);
print({
  chunks: await collect(await client.chat.completions.create({ ...asked, ...usage })),
  final: await helper.finalChatCompletion(),
});
