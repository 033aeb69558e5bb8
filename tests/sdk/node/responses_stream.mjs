// A streamed response, by hand and with the helper, and a whole one.
import { MODEL, OpenAI, PROMPT, collect, print } from "./openai.mjs";

const client = new OpenAI();
const asked = { model: MODEL, input: PROMPT };
const events = await collect(await client.responses.create({ ...asked, stream: true }));
// It starts at once: whoever comes later misses its first events.
const helper = client.responses.stream(asked);
const helped = await collect(helper);
print({
  events,
  helped,
  final: await helper.finalResponse(),
  whole: await client.responses.create(asked),
});
